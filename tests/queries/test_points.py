"""The level by what was received and kept, what an order brings, and the cabinet's page of points."""

from datetime import timedelta

from earning import given, hold, promised
from factories import NOON
from sqlalchemy import event

from shop.db import db
from shop.models import OrderLine
from shop.queries.points import points_page_of, points_to_come, tier_of
from shop.rules import ledger
from shop.rules.ledger import GOODS_REVENUE, flow
from shop.services.ledger import post
from shop.services.points import claw_back, mature_due

DAY = timedelta(days=1)
# From noon in Moscow.
MIDNIGHT = timedelta(hours=12)
SOON, LATER = NOON + 10 * DAY, NOON + 100 * DAY


def bought(make, account, rubles, state="received", **more):
    return make.order(account, make.product(price=rubles), state=state, **more)


def brought_back(order, rubles, now=NOON):
    """What a return does to the revenue."""
    post(
        once_key=f"ret:{order.number}",
        kind="return",
        lines=flow(GOODS_REVENUE, ledger.refund_due(order.number), rubles * 100),
        reference=order.number,
        actor="staff:1",
        now=now,
    )


def brings(order, *points):
    """Let the lines of an order bring so much each."""
    db.session.rollback()
    lines = db.session.query(OrderLine).filter_by(order_id=order.id).order_by(OrderLine.id)
    for line, some in zip(lines, points, strict=True):
        line.earns_points = some
    db.session.commit()


def test_who_has_bought_nothing_is_at_the_first_level(inside, make):
    standing = tier_of(account_id=make.account().id, now=NOON)

    assert (standing.tier.name, standing.spent_kopecks) == ("Базовый", 0)
    assert (standing.next_tier.name, standing.missing_kopecks) == ("Серебряный", 3_000_000)


def test_the_level_follows_from_goods_received_and_nothing_else(inside, make):
    igor, anna = make.account(), make.account()
    bought(make, igor, 20_000)
    bought(make, igor, 11_000)
    bought(make, igor, 90_000, state="shipped")
    bought(make, anna, 90_000)

    standing = tier_of(account_id=igor.id, now=NOON + DAY)

    assert (standing.tier.name, standing.spent_kopecks) == ("Серебряный", 3_100_000)
    assert standing.missing_kopecks == 6_900_000


def test_what_was_brought_back_counts_no_more(inside, make):
    igor = make.account()
    order = bought(make, igor, 31_000)

    brought_back(order, 1_500, now=NOON + 20 * DAY)

    standing = tier_of(account_id=igor.id, now=NOON + 30 * DAY)
    assert (standing.tier.name, standing.spent_kopecks) == ("Базовый", 2_950_000)


def test_after_a_year_an_order_counts_no_more_nor_does_its_return(inside, make):
    igor = make.account()
    order = bought(make, igor, 31_000)
    brought_back(order, 1_000, now=NOON + 20 * DAY)
    bought(make, igor, 5_000, placed_at=NOON + 100 * DAY)

    before = tier_of(account_id=igor.id, now=NOON + 365 * DAY - timedelta(seconds=1))
    after = tier_of(account_id=igor.id, now=NOON + 366 * DAY)

    assert (before.spent_kopecks, after.spent_kopecks) == (3_500_000, 500_000)


def test_what_an_order_brings_is_told_parcel_by_parcel(inside, make):
    igor = make.account()
    order = make.order(igor, make.product(), make.product(), state="paid", parcels=2)
    brings(order, 10, 30)
    assert points_to_come(order_id=order.id).on_the_way == 40

    received = make.order(igor, make.product(), make.product(), state="received", parcels=2)
    brings(received, 10, 30)
    promised(make, received, 10)
    promised(make, received, 30, parcel=1, now=NOON + DAY)
    found = points_to_come(order_id=received.id)
    assert (found.on_the_way, found.pending, found.counted) == (0, 40, 0)
    assert found.pending_until == NOON + 8 * DAY + MIDNIGHT

    mature_due(now=NOON + 7 * DAY + MIDNIGHT)
    found = points_to_come(order_id=received.id)
    assert (found.pending, found.counted) == (30, 10)


def test_pieces_called_off_bring_nothing(inside, make):
    order = make.order(make.account(), state="paid")
    brings(order, 10)
    line = db.session.query(OrderLine).filter_by(order_id=order.id).one()
    line.quantity, line.canceled, line.outside_kopecks = 3, 1, line.outside_kopecks * 3
    db.session.commit()

    assert points_to_come(order_id=order.id).on_the_way == 7


def test_an_order_that_was_dropped_brings_nothing(inside, make):
    order = make.order(make.account(), state="expired")
    brings(order, 10)

    assert points_to_come(order_id=order.id).on_the_way == 0


def test_the_page_tells_everything(inside, make):
    igor = make.account()
    waiting, coming = bought(make, igor, 1000, state="paid"), bought(make, igor, 2000)
    given(igor, 100, until=SOON, key="a")
    given(igor, 50, until=LATER, key="b")
    hold(order=waiting, points=30)
    brings(waiting, 7)
    promised(make, coming, 20)

    page = points_page_of(account_id=igor.id, now=NOON + DAY)

    assert (page.spendable, page.held, page.debt) == (120, 30, 0)
    assert [(lot.points, lot.is_soon, lot.source) for lot in page.lots] == [
        (70, True, "gift"),
        (50, False, "gift"),
    ]
    assert page.soon == page.lots[:1]
    assert page.lots[0].until == SOON - timedelta(microseconds=1)
    assert [(one.points, one.number, one.counts_at) for one in page.coming] == [
        (20, coming.number, NOON + 7 * DAY + MIDNIGHT),
        (7, waiting.number, None),
    ]
    assert [(line.kind, line.amount, line.after) for line in page.statement] == [
        ("order_hold", -30, 120),
        ("points_granted", 50, 150),
        ("points_granted", 100, 100),
    ]
    assert page.statement[0].reference == waiting.number
    assert (page.page, page.pages) == (1, 1)
    assert page.standing.spent_kopecks == 200_000


def test_points_past_their_end_are_not_shown_as_ones_own(inside, make):
    igor = make.account()
    given(igor, 100, until=SOON)

    page = points_page_of(account_id=igor.id, now=SOON)

    assert (page.spendable, page.lots) == (0, ())


def test_a_debt_is_told(inside, make):
    igor = make.account()
    order = bought(make, igor, 1000)
    claw_back(
        account_id=igor.id,
        order_id=order.id,
        number=order.number,
        points=40,
        once_key="ret",
        now=NOON,
    )

    page = points_page_of(account_id=igor.id, now=NOON)

    assert (page.debt, page.spendable) == (40, 0)
    assert [(line.amount, line.after) for line in page.statement] == [(-40, -40)]


def test_the_statement_comes_page_by_page(inside, make):
    igor, anna = make.account(), make.account()
    for number in range(23):
        given(igor, 1, until=LATER, key=f"gift-{number}")
    given(anna, 500, until=LATER, key="anna")

    first, second = (points_page_of(account_id=igor.id, now=NOON, page=page) for page in (1, 2))

    assert (len(first.statement), len(second.statement)) == (20, 3)
    assert (first.pages, second.pages) == (2, 2)
    assert [line.after for line in second.statement] == [3, 2, 1]


def test_the_page_takes_six_queries_whatever_there_is(inside, make):
    igor, anna = make.account(), make.account()
    for number in range(5):
        given(igor, 10, until=LATER, key=f"gift-{number}")
        promised(make, bought(make, igor, 1000), 5)
        brings(bought(make, igor, 1000, state="paid"), 3)
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    def asked(account):
        statements.clear()
        points_page_of(account_id=account.id, now=NOON)
        return len([one for one in statements if one.lstrip().upper().startswith("SELECT")])

    event.listen(db.engine, "before_cursor_execute", note)
    counts = asked(igor), asked(anna)
    event.remove(db.engine, "before_cursor_execute", note)
    assert counts == (6, 6)
