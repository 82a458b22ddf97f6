"""The books: written once, never below a floor, never changed."""

from datetime import timedelta

import pytest
from factories import NOON
from signing import together
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from shop.db import db
from shop.models import LedgerAccount, LedgerEntry, LedgerPosting
from shop.queries.ledger import Balances, balance_of, balances_of, statement_of
from shop.rules import ledger
from shop.rules.ledger import BANK, CERTIFICATES, Line, flow
from shop.services.ledger import NotEnough, OtherLines, post


def write(key, *flows, now=NOON, kind="test", reference="", **more):
    lines = [line for one in flows for line in flow(*one, **more)]
    return post(once_key=key, kind=kind, lines=lines, reference=reference, actor="shop", now=now)


def test_an_entry_changes_its_balances_and_is_written_once(inside, make):
    igor = make.account().id

    assert write("one", (BANK, ledger.balance(igor), 500)) is True
    assert write("one", (BANK, ledger.balance(igor), 500)) is False

    assert balances_of(account_id=igor) == Balances(balance=500)
    assert balance_of(BANK) == 500
    rows = db.session.execute(
        select(LedgerAccount.code, LedgerPosting.amount).join(
            LedgerPosting, LedgerPosting.account_id == LedgerAccount.id
        )
    )
    assert sorted(rows) == [("bank", 500), (f"customer:{igor}:balance", -500)]


def test_an_entry_says_what_happened_when_and_by_whom(inside, make):
    igor = make.account().id
    lines = flow(BANK, ledger.balance(igor), 500)

    post(once_key="A", kind="gift", lines=lines, reference="0001-0002", actor="staff:1", now=NOON)

    entry = db.session.scalars(select(LedgerEntry)).one()
    assert (entry.once_key, entry.kind, entry.reference, entry.actor, entry.happened_at) == (
        "A",
        "gift",
        "0001-0002",
        "staff:1",
        NOON,
    )


def test_an_account_is_opened_as_the_chart_says(inside, make):
    igor = make.account().id
    write("one", (ledger.POINTS_ISSUED, ledger.points(igor), 5))
    write("two", (ledger.POINTS_ISSUED, ledger.points(igor), 5))

    accounts = db.session.scalars(select(LedgerAccount).order_by(LedgerAccount.code)).all()
    assert [
        (one.code, one.currency, one.kind, one.owner_id, one.floor, one.balance) for one in accounts
    ] == [
        (f"customer:{igor}:points", "PTS", "L", igor, 0, 10),
        ("points:issued", "PTS", "E", None, None, 10),
    ]


@pytest.mark.parametrize("kopecks", [501, 0])
def test_a_key_that_stands_for_something_else_is_a_mistake(inside, make, kopecks):
    igor = make.account().id
    write("one", (BANK, ledger.balance(igor), 500))

    with pytest.raises(OtherLines) as fault:
        write("one", (BANK, ledger.balance(igor), kopecks))

    assert str(fault.value) == "one"
    assert balance_of(BANK) == 500


def test_a_key_is_compared_with_its_own_entry_only(inside, make):
    igor = make.account().id
    write("one", (BANK, ledger.balance(igor), 500))
    write("two", (BANK, ledger.promo(igor), 300))

    assert write("one", (BANK, ledger.balance(igor), 500)) is False
    with pytest.raises(OtherLines):
        write("one", (BANK, ledger.balance(igor), 500), (BANK, ledger.promo(igor), 300))

    assert balance_of(BANK) == 800


def test_nobody_spends_what_is_not_there(inside, make):
    igor = make.account().id
    write("in", (BANK, ledger.balance(igor), 500))

    with pytest.raises(NotEnough) as fault:
        write("out", (ledger.balance(igor), BANK, 501))

    assert fault.value.code == str(fault.value) == ledger.balance(igor).code
    assert balance_of(BANK) == balances_of(account_id=igor).balance == 500
    assert db.session.scalars(select(LedgerEntry.once_key)).all() == ["in"]


def test_all_that_is_there_may_be_spent(inside, make):
    igor = make.account().id
    write("in", (BANK, ledger.balance(igor), 500))

    assert write("out", (ledger.balance(igor), BANK, 500)) is True

    assert balance_of(BANK) == balances_of(account_id=igor).balance == 0


def test_an_account_without_a_floor_may_fall_below_nothing(inside):
    assert write("free", (ledger.PROMO_COST, BANK, 30)) is True

    assert (balance_of(ledger.PROMO_COST), balance_of(BANK)) == (30, -30)


def test_what_a_debt_lacks_is_paid_off_by_what_comes(inside, make):
    igor = make.account().id
    write("debt", (ledger.points(igor), ledger.POINTS_ISSUED, 7), is_forced=True)

    assert write("in", (ledger.POINTS_ISSUED, ledger.points(igor), 2)) is True

    assert balances_of(account_id=igor).points == -5


def test_a_forced_line_makes_a_debt(inside, make):
    igor = make.account().id

    write("debt", (ledger.points(igor), ledger.POINTS_ISSUED, 7), is_forced=True)

    assert balances_of(account_id=igor).points == -7


def test_an_entry_in_which_nothing_moves_is_not_written(inside):
    assert write("nothing", (BANK, CERTIFICATES, 0)) is False
    assert db.session.scalar(select(LedgerEntry.id)) is None


def test_of_two_who_spend_the_same_ruble_one_does(app, inside, make):
    igor = make.account().id
    with app.app_context():
        write("in", (BANK, ledger.balance(igor), 500))

    deeds = [
        lambda turn=turn: write(f"out-{turn}", (ledger.balance(igor), BANK, 400))
        for turn in range(6)
    ]
    results = together(app, *deeds)

    assert [result for result in results if result is True] == [True]
    assert sum(isinstance(result, NotEnough) for result in results) == 5
    with app.app_context():
        assert balances_of(account_id=igor).balance == 100


def test_the_same_entry_from_all_sides_is_written_once(app, inside, make):
    igor = make.account().id

    results = together(app, *[lambda: write("one", (BANK, ledger.promo(igor), 5))] * 6)

    assert sorted(results) == [False] * 5 + [True]
    with app.app_context():
        assert balances_of(account_id=igor).promo == 5


@pytest.mark.parametrize(
    "change",
    [
        update(LedgerPosting).values(amount=1),
        delete(LedgerPosting),
        update(LedgerEntry).values(kind="other"),
        delete(LedgerEntry),
    ],
    ids=["posting changed", "posting deleted", "entry changed", "entry deleted"],
)
def test_the_database_lets_nobody_change_what_is_written(inside, make, change):
    write("one", (BANK, ledger.balance(make.account().id), 500))

    with pytest.raises(DBAPIError, match="never changed"):
        db.session.execute(change)
    db.session.rollback()

    assert balance_of(BANK) == 500


def test_postgresql_refuses_an_entry_that_does_not_add_up(inside):
    write("one", (BANK, CERTIFICATES, 500))
    if db.engine.dialect.name == "sqlite":
        assert balance_of(BANK) == 500  # There the deed itself is the only one that writes.
        return
    bank = db.session.scalar(select(LedgerAccount.id).where(LedgerAccount.code == "bank"))
    db.session.execute(
        text(
            "INSERT INTO ledger_entry (once_key, kind, reference, actor, happened_at) "
            "VALUES ('two', 'test', '', 'shop', now())"
        )
    )
    db.session.execute(
        text(
            "INSERT INTO ledger_posting (entry_id, account_id, amount) "
            "SELECT max(id), :bank, 5 FROM ledger_entry"
        ),
        {"bank": bank},
    )

    with pytest.raises(DBAPIError, match="does not add up"):
        db.session.commit()


def test_a_statement_tells_each_movement_and_what_was_there_afterwards(inside, make):
    igor, anna = make.account().id, make.account().id
    books = [ledger.balance(igor), ledger.balance_held(igor)]
    write("1", (BANK, ledger.balance(igor), 500), kind="certificate", reference="A-1")
    write(
        "2", (ledger.balance(igor), ledger.balance_held(igor), 200), now=NOON + timedelta(hours=1)
    )
    write(
        "3", (ledger.balance_held(igor), ledger.advance("7"), 200), kind="order_paid", reference="7"
    )
    write("4", (BANK, ledger.balance(anna), 900))

    moves, pages = statement_of(books=books)

    assert [(one.kind, one.reference, one.amount, one.after) for one in moves] == [
        ("order_paid", "7", -200, 300),
        ("certificate", "A-1", 500, 500),
    ]
    assert pages == 1
    assert [one.amount for one in statement_of(books=[ledger.balance_held(igor)])[0]] == [-200, 200]


def test_a_long_statement_has_pages(inside, make):
    igor = make.account().id
    for turn in range(21):
        write(f"{turn}", (BANK, ledger.promo(igor), 10))

    moves, pages = statement_of(books=[ledger.promo(igor)], page=2)

    assert (len(moves), moves[0].after, pages) == (1, 10, 2)
    assert Line(BANK, 1).book is BANK
