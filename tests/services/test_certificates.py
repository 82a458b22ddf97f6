"""A certificate from its order to its letter: paid once, sent once, dropped when nobody pays."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from certifying import MARINA, code_of, free, letters, on, ordered, row, sold
from factories import NOON
from sqlalchemy import func, select

from shop.db import db
from shop.models import Certificate, LedgerEntry, PaymentAttempt
from shop.rules.certificates import shown_code
from shop.rules.ledger import BREAKAGE, CERTIFICATES, PROMO_COST, bonus_clearing, clearing
from shop.rules.payments import METHODS
from shop.services.certificates import (
    Gift,
    NotANominal,
    drop_unpaid,
    expire_due,
    mark_sold,
    open_card,
    open_free_card,
    send_due,
)
from shop.services.ledger import Came
from shop.services.payments.certificates import MethodNotPossible, buy_certificate

MOSCOW = ZoneInfo("Europe/Moscow")
BIRTHDAY = Gift("Марина", "marina@example.ru", "С днём рождения!", date(2026, 12, 1))


def count(model=Certificate):
    return db.session.scalar(select(func.count()).select_from(model))


def came(kopecks=3000_00, bonus=0):
    return Came(1, "yookassa", kopecks, bonus)


def test_an_ordered_one_waits_for_its_money_and_its_code_is_kept_sealed(inside, make):
    made = ordered(make.account())

    kept = row(made.serial)
    assert (kept.state, kept.nominal_kopecks, kept.pay_until) == (
        "awaiting_payment",
        3000_00,
        NOON + timedelta(minutes=30),
    )
    code = code_of(kept)
    assert len(code) == 16 and kept.code_end == code[-4:]
    assert code not in kept.sealed_code and code not in kept.code_hash
    assert kept.serial.startswith("G-") and len(kept.serial) == 11
    assert letters() == []


def test_the_same_form_orders_once_and_another_sum_is_another_certificate(inside, make):
    anna, igor = make.account(), make.account()

    assert ordered(anna) == ordered(anna)
    assert count() == 1
    ordered(anna, 5000_00)
    ordered(anna, gift=MARINA)
    ordered(igor)
    assert count() == 4


def test_other_sums_are_refused_and_nothing_is_written(inside, make):
    anna = make.account()

    for kopecks in (100_00, 3000_50, 60_000_00):
        with pytest.raises(NotANominal):
            ordered(anna, kopecks)

    assert count() == 0


def test_buying_opens_one_payment_for_one_certificate(inside, make):
    facts = {
        "buyer_id": make.account().id,
        "once_key": "form-1",
        "nominal_kopecks": 3000_00,
        "gift": MARINA,
        "payment_minutes": 30,
        "now": NOON,
    }

    once = buy_certificate(method=METHODS["bank_card"], **facts)
    again = buy_certificate(method=METHODS["bank_card"], **facts)

    assert once == again
    attempt = db.session.scalars(select(PaymentAttempt)).one()
    assert (attempt.id, attempt.amount_kopecks, attempt.order_id) == (
        once.attempt_id,
        3000_00,
        None,
    )
    assert attempt.certificate_id == row(once.serial).id


def test_nobody_pays_for_one_on_receipt(inside, make):
    with pytest.raises(MethodNotPossible):
        buy_certificate(
            buyer_id=make.account().id,
            once_key="form-1",
            nominal_kopecks=3000_00,
            gift=MARINA,
            method=METHODS["on_receipt"],
            payment_minutes=30,
            now=NOON,
        )

    assert (count(), count(PaymentAttempt)) == (0, 0)


def test_its_money_sells_it_once_and_writes_both_letters(inside, make):
    anna = make.account("anna@example.ru", given_name="Анна")
    made = ordered(anna, gift=MARINA)
    later = NOON + timedelta(minutes=5)

    first = mark_sold(certificate_id=made.certificate_id, came=came(bonus=500_00), now=later)
    second = mark_sold(certificate_id=made.certificate_id, came=came(), now=later)

    assert (first, second) == (True, False)
    kept = row(made.serial)
    assert (kept.state, kept.sold_at, kept.sent_at) == ("sold", later, later)
    # The 24th of November is over in Moscow a second later.
    assert kept.expires_at == datetime(2027, 11, 24, 20, 59, 59, tzinfo=UTC)
    assert (on(CERTIFICATES), on(clearing("yookassa"))) == (3000_00, 2500_00)
    assert on(bonus_clearing("yookassa")) == 500_00
    (_, to, told), (_, her, gift) = letters()
    assert (to, her) == ("anna@example.ru", "marina@example.ru")
    assert "code" not in told and told["serial"] == made.serial
    assert gift["code"] == shown_code(code_of(kept))
    assert (gift["wish"], gift["giver_name"]) == ("С днём рождения!", "Анна")


def test_money_of_another_sum_sells_nothing(inside, make):
    made = ordered(make.account())

    assert mark_sold(certificate_id=made.certificate_id, came=came(2999_00), now=NOON) is False

    assert row(made.serial).state == "awaiting_payment"
    assert (on(CERTIFICATES), letters()) == (0, [])


def test_unpaid_it_is_dropped_and_late_money_is_not_taken(inside, make):
    made = ordered(make.account())

    assert drop_unpaid(certificate_id=made.certificate_id) is True
    assert drop_unpaid(certificate_id=made.certificate_id) is False
    assert mark_sold(certificate_id=made.certificate_id, came=came(), now=NOON) is False

    assert row(made.serial).state == "dropped"
    assert count(LedgerEntry) == 0


def test_a_paid_one_is_not_dropped(inside, make):
    mine = sold(make.account())

    assert drop_unpaid(certificate_id=mine.id) is False
    assert row(mine.serial).state == "sold"


def test_for_oneself_no_letter_goes_to_anybody_else(inside, make):
    sold(make.account("anna@example.ru"))

    assert [to for _, to, _ in letters()] == ["anna@example.ru"]


def test_a_letter_waits_for_the_morning_of_its_day_and_goes_once(inside, make):
    mine = sold(make.account(), gift=BIRTHDAY)
    morning = NOON.replace(month=12, day=1, hour=6)

    def send(now):
        return send_due(local=now.astimezone(MOSCOW), now=now)

    assert letters("certificate_gift") == []
    assert send(morning - timedelta(minutes=1)) == 0  # 8:59 in Moscow.
    assert send(morning) == 1
    assert send(morning + timedelta(days=1)) == 0
    assert row(mine.serial).sent_at == morning
    assert len(letters("certificate_gift")) == 1


def test_what_was_never_paid_is_not_sent(inside, make):
    ordered(make.account(), gift=BIRTHDAY)

    later = NOON + timedelta(days=30)
    assert send_due(local=later, now=later) == 0
    assert letters() == []


def test_a_free_one_costs_nothing_until_it_is_used(inside, make):
    olga = make.employee("owner")

    gift = free(olga, gift=MARINA)

    assert (gift.state, gift.is_free, gift.issued_by, gift.issue_reason) == (
        "sold",
        True,
        olga.id,
        "Извинение",
    )
    assert free(olga, gift=MARINA).id == gift.id
    assert (count(), count(LedgerEntry), on(PROMO_COST)) == (1, 0, 0)
    assert [(one, to) for one, to, _ in letters()] == [("certificate_gift", "marina@example.ru")]


def test_after_its_term_what_was_paid_is_the_shops_and_a_free_one_is_nothing(inside, make):
    bought, given = sold(make.account()), free()
    last = bought.expires_at

    assert expire_due(now=last - timedelta(seconds=1)) == 0
    assert expire_due(now=last) == 2
    assert expire_due(now=last) == 0

    assert {row(bought.serial).state, row(given.serial).state} == {"expired"}
    assert (on(CERTIFICATES), on(BREAKAGE)) == (0, 3000_00)


def test_a_card_opens_for_its_buyer_only(inside, make):
    anna, igor = make.account(), make.account()
    mine, unpaid = sold(anna), ordered(anna, 500_00)

    card = open_card(account_id=anna.id, serial=mine.serial, now=NOON)

    assert card.code == shown_code(code_of(mine))
    assert card.nominal_kopecks == 3000_00
    for account, serial in ((igor, mine.serial), (anna, unpaid.serial), (anna, "G-0000-0000")):
        with pytest.raises(Exception, match="No row"):
            open_card(account_id=account.id, serial=serial, now=NOON)


def test_a_card_is_worth_nothing_from_the_moment_its_term_is_over(inside, make):
    anna = make.account()
    mine = sold(anna)
    bought = {"account_id": anna.id, "serial": mine.serial}

    before = open_card(**bought, now=mine.expires_at - timedelta(seconds=1))
    after = open_card(**bought, now=mine.expires_at)
    expire_due(now=mine.expires_at)
    ended = open_card(**bought, now=mine.expires_at)

    assert (before.state, before.is_usable) == ("sold", True)
    assert [(card.state, card.is_usable) for card in (after, ended)] == [("expired", False)] * 2


def test_employees_open_cards_of_free_ones_only(inside, make):
    bought, given = sold(make.account()), free()

    assert open_free_card(serial=given.serial, now=NOON).code == shown_code(code_of(given))
    with pytest.raises(Exception, match="No row"):
        open_free_card(serial=bought.serial, now=NOON)


def test_with_another_secret_the_card_says_no_code_instead_of_failing(inside, make, monkeypatch):
    anna = make.account()
    mine = sold(anna)
    monkeypatch.setitem(inside.config, "SECRET_KEY", "another")

    assert open_card(account_id=anna.id, serial=mine.serial, now=NOON).code == ""
