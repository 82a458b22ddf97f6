"""Each rule, broken on purpose behind the shop's back, is found."""

from datetime import timedelta
from typing import Any

from auditing import NOON, SOON, broken, busy
from receipting import are_made
from sqlalchemy import select

from shop.db import db
from shop.models import (
    Certificate,
    GatewayCheck,
    Parcel,
    PaymentAttempt,
    PaymentDifference,
    PaymentNotice,
    PaymentRefund,
    ReturnRequest,
)
from shop.queries.audit import RULES, Finding, run_audit

LONG_AGO = NOON - timedelta(days=30)

# (rule, kind, the order or whatever it is about, what is done to the database). Names in the statement are filled from
# the busy shop: orders by what they are called there.
BREAKS = [
    (1, "unbalanced", "ord:{paid}:paid", "UPDATE ledger_posting SET amount = amount + 1 WHERE id = (SELECT min(p.id) FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id WHERE e.once_key = 'ord:{paid}:paid')"),
    (1, "one_line", "alone", "INSERT INTO ledger_entry (once_key, kind, reference, actor, happened_at) VALUES ('alone', 'test', '', 'shop', :now)"),
    (2, "balance", "promo:cost", "UPDATE ledger_account SET balance = balance + 1 WHERE code = 'promo:cost'"),
    (3, "floor", "order:{paid}:advance", "UPDATE ledger_account SET balance = -1 WHERE code = 'order:{paid}:advance'"),
    (3, "floor", "customer:{igor}:points", "UPDATE ledger_account SET balance = -1 WHERE code = 'customer:{igor}:points'"),
    (4, "lots", "{igor}", "UPDATE points_lot SET remaining = remaining - 1 WHERE source = 'gift'"),
    (4, "promises", "{igor}", "UPDATE points_promise SET points = points + 1"),
    (4, "lot_ended", "gift", "UPDATE points_lot SET expires_at = :long_ago WHERE once_key = 'gift'"),
    (4, "lots_of_order", "{paid}", "DELETE FROM points_use WHERE order_id = {paid_id}"),
    (5, "funding_goods", "{paid}", "UPDATE order_line SET price_kopecks = price_kopecks + 100, outside_kopecks = outside_kopecks + 200 WHERE order_id = {paid_id}"),
    (5, "funding_outside", "{paid}", "UPDATE order_line SET price_kopecks = price_kopecks + 100, outside_kopecks = outside_kopecks + 200 WHERE order_id = {paid_id}"),
    (5, "funding_delivery", "{paid}", "UPDATE parcel SET delivery_kopecks = delivery_kopecks + 1 WHERE order_id = {paid_id}"),
    (5, "funding_points", "{paid}", "UPDATE order_line SET points = points + 1, outside_kopecks = outside_kopecks - 100 WHERE order_id = {paid_id}"),
    (5, "funding_promo", "{paid}", "UPDATE parcel SET delivery_promo_kopecks = delivery_promo_kopecks + 1 WHERE order_id = {paid_id}"),
    (5, "funding_balance", "{paid}", "UPDATE order_line SET balance_kopecks = balance_kopecks + 1, outside_kopecks = outside_kopecks - 1 WHERE order_id = {paid_id}"),
    (5, "funding_earned", "{paid}", "UPDATE order_line SET earns_points = earns_points + 1 WHERE order_id = {paid_id}"),
    (5, "points_share", "{paid}", "UPDATE shop_order SET points = 746, outside_kopecks = outside_kopecks - 44600 WHERE id = {paid_id}"),
    (5, "outside_too_little", "{paid}", "UPDATE shop_order SET balance_kopecks = balance_kopecks + outside_kopecks - 99, outside_kopecks = 99 WHERE id = {paid_id}"),
    (6, "payments", "{paid}", "UPDATE payment_attempt SET state = 'canceled' WHERE order_id = {paid_id}"),
    (6, "payments", "{expired}", "UPDATE payment_attempt SET is_surplus = :no WHERE order_id = {expired_id}"),
    (6, "payments", "{activated}", "UPDATE payment_attempt SET state = 'canceled' WHERE certificate_id = {activated_id}"),
    (6, "payment_sum", "{paid}", "UPDATE payment_attempt SET amount_kopecks = amount_kopecks + 1 WHERE order_id = {paid_id}"),
    (6, "not_captured", "{paid}", "UPDATE ledger_entry SET kind = 'test' WHERE once_key = 'ord:{paid}:paid'"),
    (6, "not_captured", "{got_at_the_door}", "UPDATE ledger_entry SET kind = 'test' WHERE once_key = 'ord:{got_at_the_door}:paid'"),
    (6, "captured_unpaid", "{waiting}", "UPDATE ledger_entry SET reference = '{waiting}' WHERE once_key = 'ord:{paid}:paid'"),
    (7, "payment_not_booked", "{expired} / {surplus}", "UPDATE ledger_entry SET once_key = 'lost' WHERE once_key = 'att:{surplus}:surplus'"),
    (7, "payment_not_booked", "{expired} / {surplus}", "UPDATE payment_attempt SET bonus_kopecks = 1 WHERE id = {surplus}"),
    (7, "money_from_nowhere", "att:{surplus}:surplus", "UPDATE payment_attempt SET state = 'canceled' WHERE id = {surplus}"),
    (7, "money_from_nowhere", "ord:{paid}:paid", "UPDATE payment_attempt SET state = 'canceled' WHERE order_id = {paid_id}"),
    (7, "money_from_nowhere", "cert:{activated}:sold", "UPDATE ledger_entry SET kind = 'gift' WHERE once_key = 'cert:{activated}:sold'"),
    (8, "refunded_too_much", "{expired}", "UPDATE payment_refund SET amount_kopecks = amount_kopecks + 1"),
    (8, "surplus", "unapplied", "UPDATE payment_refund SET amount_kopecks = amount_kopecks - 1"),
    (8, "refund_not_booked", "rf:{refund}:ok", "UPDATE payment_refund SET state = 'paid_manually'"),
    (8, "refund_too_soon", "rf:{refund}:ok", "INSERT INTO ledger_entry (once_key, kind, reference, actor, happened_at) VALUES ('rf:{refund}:ok', 'refund', '', 'gateway', :now)"),
    (8, "debt", "order:0-0:refund-due", "INSERT INTO ledger_account (code, currency, kind, balance, floor) VALUES ('order:0-0:refund-due', 'RUB', 'L', 5, 0)"),
    (8, "debt", "{paid}", "UPDATE payment_refund SET attempt_id = (SELECT id FROM payment_attempt WHERE order_id = {paid_id})"),
    (9, "held", "{igor}", "UPDATE shop_order SET state = 'canceled' WHERE id = {waiting_id}"),
    (9, "hold_on_dead_order", "{waiting}", "UPDATE shop_order SET state = 'canceled' WHERE id = {waiting_id}"),
    (9, "waits_too_long", "{waiting}", "UPDATE shop_order SET pay_until = :long_ago WHERE id = {waiting_id}"),
    (10, "advance_left", "{received}", "UPDATE ledger_account SET balance = 1 WHERE code = 'order:{received}:advance'"),
    (10, "not_handed_over", "{received}", "UPDATE ledger_entry SET once_key = 'lost' WHERE once_key = 'shp:{parcel}:done'"),
    (10, "handed_over_too_soon", "shp:{parcel}:done", "UPDATE parcel SET state = 'shipped' WHERE id = {parcel}"),
    (11, "pieces", "{received}", "UPDATE order_line SET returned = 3 WHERE order_id = {received_id}"),
    (11, "return_pieces", "{received}", "UPDATE order_line SET returned = 1 WHERE order_id = {received_id}"),
    (11, "return_pieces", "{paid}", "UPDATE order_line SET canceled = 1 WHERE order_id = {paid_id}"),
    (11, "points_back", "{paid}", "UPDATE points_use SET returned = 1 WHERE order_id = {paid_id}"),
    (11, "points_back", "{expired}", "UPDATE points_use SET returned = 299 WHERE order_id = {expired_id}"),
    (11, "money_back", "{paid}", "UPDATE order_line SET canceled = 1 WHERE order_id = {paid_id}"),
    (11, "refunds", "{paid}", "UPDATE payment_refund SET attempt_id = NULL, order_id = {paid_id}"),
    (11, "points_taken_back", "{received}", "UPDATE order_line SET returned = 1 WHERE order_id = {received_id}"),
    (12, "activation", "{activated}", "UPDATE certificate SET activated_by = buyer_id WHERE id = {activated_id}"),
    (12, "activation", "{activated}", "UPDATE certificate SET nominal_kopecks = nominal_kopecks + 1 WHERE id = {activated_id}"),
    (12, "activation_without", "cert:{activated}:act", "UPDATE certificate SET state = 'sold' WHERE id = {activated_id}"),
    (12, "activated_by_nobody", "{activated}", "UPDATE certificate SET activated_at = NULL WHERE id = {activated_id}"),
    (12, "unused", "certificates:unactivated", "UPDATE certificate SET state = 'activated' WHERE state = 'sold'"),
    (12, "word_uses", "осень", "UPDATE campaign SET uses = 5"),
    (13, "receipt_missing", "ord:{paid}:paid", "DELETE FROM receipt WHERE once_key = 'ord:{paid}:paid'"),
    (13, "receipt_missing", "shp:{parcel}:done", "DELETE FROM receipt WHERE once_key = 'shp:{parcel}:done'"),
    (13, "receipt_missing", "att:{surplus}:surplus", "DELETE FROM receipt WHERE once_key = 'att:{surplus}:surplus'"),
    (13, "receipt_sum", "ord:{paid}:paid", "UPDATE receipt SET amount_kopecks = amount_kopecks + 1 WHERE once_key = 'ord:{paid}:paid'"),
    (13, "receipt_sum", "shp:{parcel}:done", "UPDATE receipt SET amount_kopecks = amount_kopecks - 1 WHERE once_key = 'shp:{parcel}:done'"),
    (13, "receipt_lines", "{paid}", "UPDATE receipt SET settlements = '[]' WHERE once_key = 'ord:{paid}:paid'"),
    (13, "receipt_lines", "{paid}", "UPDATE receipt SET lines = '[]' WHERE once_key = 'ord:{paid}:paid'"),
    (13, "receipt_of_nothing", "lost", "UPDATE receipt SET once_key = 'lost' WHERE once_key = 'ord:{paid}:paid'"),
    (13, "receipt_failed", "{paid}", "UPDATE receipt SET state = 'failed' WHERE once_key = 'ord:{paid}:paid'"),
    (13, "receipt_late", "{paid}", "UPDATE receipt SET created_at = :long_ago WHERE once_key = 'ord:{paid}:paid'"),
    (13, "receipt_not_printed", "{got_at_the_door}", "UPDATE receipt SET created_at = :long_ago WHERE once_key LIKE 'shp:%' AND order_id = {got_at_the_door_id}"),
    (14, "payment_unknown", "{paid} / {attempt}", "UPDATE payment_attempt SET state = 'unknown', opened_at = :long_ago WHERE order_id = {paid_id}"),
    (16, "refund_late", "{expired}", "UPDATE payment_refund SET opened_at = :long_ago"),
    (17, "card_number", "shop_order.comment {paid_id}", "UPDATE shop_order SET comment = 'моя карта 4111 1111 1111 1111' WHERE id = {paid_id}"),
    (18, "step", "{paid}", "UPDATE order_event SET state = 'received' WHERE order_id = {paid_id} AND state = 'paid'"),
    (18, "state", "{paid}", "UPDATE shop_order SET state = 'shipped' WHERE id = {paid_id}"),
    (18, "state", "{received}", "DELETE FROM order_event WHERE parcel_id = {parcel} AND state = 'received'"),
    (18, "step", "{received}", "DELETE FROM order_event WHERE parcel_id = {parcel} AND state = 'shipped'"),
]  # fmt: skip


def names_of(shop: Any) -> dict[str, Any]:
    """What the statements may name."""
    attempt = select(PaymentAttempt.id).where(PaymentAttempt.order_id == shop.orders["paid"].id)
    parcel = select(Parcel.id).where(Parcel.order_id == shop.orders["received"].id)
    certificate = shop.certificates["activated"]
    names = {
        "igor": shop.igor.id,
        "surplus": shop.surplus.id,
        "attempt": db.session.scalars(attempt).one(),
        "parcel": db.session.scalars(parcel).one(),
        "refund": db.session.scalars(select(PaymentRefund.id)).one(),
        "activated": certificate.serial,
        "activated_id": certificate.id,
    }
    for name, order in shop.orders.items():
        key = name.replace(" ", "_")
        names |= {key: order.number, f"{key}_id": order.id}
    return names


def found(kind: str, about: str) -> list[Finding]:
    return [one for one in run_audit(now=SOON) if (one.kind, one.about) == (kind, about)]


def test_finds_whatever_is_broken(inside, make):
    names = names_of(busy(make))
    moments = {"now": NOON, "long_ago": LONG_AGO, "no": False}
    wrong = []

    for rule, kind, about, statement in BREAKS:
        values = {name: value for name, value in moments.items() if f":{name}" in statement}
        with broken(statement.format(**names), **values):
            # Asked alone: all eighteen for each break would take most of a minute.
            told = {(one.rule, one.kind, one.about) for one in RULES[rule](SOON)}
        if (looked_for := (rule, kind, about.format(**names))) not in told:
            wrong.append(looked_for)

    assert wrong == []
    assert run_audit(now=SOON) == []  # What was broken is whole again.
    # The others have tests of their own below.
    assert {one[0] for one in BREAKS} == set(range(1, 19)) - {15}


def test_of_an_unbalanced_entry_it_tells_by_how_much(inside, make):
    number = names_of(busy(make))["paid"]
    statement = next(one[3] for one in BREAKS if one[1] == "unbalanced")

    with broken(statement.format(paid=number)):
        told = run_audit(now=SOON)

    assert told[0] == Finding(1, "unbalanced", f"ord:{number}:paid", "1", "0")


def keep(*rows: Any) -> None:
    db.session.add_all(rows)
    db.session.commit()


def test_13_finds_a_receipt_of_another_sum_than_its_payment(inside, make):
    shop = busy(make)
    paid = db.session.scalars(
        select(PaymentAttempt).where(PaymentAttempt.order_id == shop.orders["paid"].id)
    ).one()
    line = {"amount": {"value": "1139.50", "currency": "RUB"}, "quantity": "2"}
    paid.request = {"receipt": {"items": [line]}}
    db.session.commit()
    assert run_audit(now=SOON) == []

    paid.request = {"receipt": {"items": [line | {"quantity": "1"}]}}
    db.session.commit()

    assert found("receipt", paid_number := shop.number("paid")) == [
        Finding(13, "receipt", paid_number, "1\xa0139,50\xa0₽", "2\xa0279\xa0₽")
    ]


def test_14_finds_a_notice_that_nobody_has_looked_into_for_ten_minutes(inside, make):
    values = {"gateway": "yookassa", "event": "payment.succeeded", "gateway_ref": "r", "body": ""}
    keep(PaymentNotice(body_hash="h", received_at=NOON, **values))

    assert run_audit(now=NOON + timedelta(minutes=9)) == []

    late = NOON + timedelta(minutes=11)
    assert run_audit(now=late) == [Finding(14, "notice_unread", "yookassa payment.succeeded r")]


def test_15_tells_differences_that_stand_and_gateways_that_are_silent_for_days(inside):
    values = {"gateway": "yookassa", "kind": "status", "ours": "pending", "theirs": "canceled"}
    moments = {"found_at": NOON, "seen_at": NOON}
    keep(
        PaymentDifference(gateway_ref="open", **values, **moments),
        PaymentDifference(gateway_ref="solved", solved_at=NOON, **values, **moments),
        GatewayCheck(gateway="sber", tried_at=NOON, compared_at=NOON - timedelta(days=4)),
        GatewayCheck(gateway="qiwi", tried_at=NOON, compared_at=NOON - timedelta(days=2)),
    )

    assert run_audit(now=NOON) == [
        Finding(15, "difference", "yookassa open", "pending", "canceled"),
        Finding(15, "not_compared", "sber"),
    ]


def test_16_finds_a_return_whose_money_is_due_in_two_days(inside, make):
    received = make.order(make.account(), state="received")
    keep(
        ReturnRequest(
            number=f"{received.number}-1",
            order_id=received.id,
            once_key="return",
            state="approved",
            reason="unsuitable",
            demanded_at=NOON,
            pay_by=NOON + timedelta(days=10),
        )
    )
    are_made()
    assert run_audit(now=NOON + timedelta(days=7)) == []

    assert run_audit(now=NOON + timedelta(days=9)) == [
        Finding(16, "return_late", f"{received.number}-1")
    ]


def test_17_tells_of_a_card_only_its_beginning_and_end(inside, make, tmp_path):
    order = make.order(make.account(), comment="2200 1234 5678 9019 не хранить")
    log = tmp_path / "shop.log"
    log.write_text("all well\npaid with 378282246310005\n", encoding="utf-8")

    told = run_audit(now=SOON, log_files=[log, tmp_path / "missing.log"])

    assert told == [
        Finding(17, "card_number", f"shop_order.comment {order.id}", "220012••••••9019"),
        Finding(17, "card_number", "shop.log:2", "378282•••••0005"),
    ]


def test_of_one_kind_fifty_are_told(inside, make):
    keep(
        *(
            PaymentNotice(
                gateway="yookassa",
                event="payment.succeeded",
                gateway_ref=f"r{number}",
                body="",
                body_hash="h",
                received_at=NOON,
            )
            for number in range(60)
        )
    )

    assert len(run_audit(now=NOON + timedelta(hours=1))) == 50


def test_certificates_given_back_are_missed_by_nobody(inside, make):
    shop = busy(make)
    serial = shop.certificates["sold"].serial
    from shop.services.returns.certificates import take_certificate_back

    take_certificate_back(serial=serial, actor_id=shop.igor.id, now=NOON)

    assert run_audit(now=SOON) == []
    assert db.session.scalars(select(Certificate.state).where(Certificate.serial == serial)).one()
