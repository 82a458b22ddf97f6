"""The export is complete: whatever table or column is added, it is told there or has a reason not to be."""

from factories import NOON
from leaving import HERE, LATER, full_life
from sqlalchemy import ColumnClause, event
from sqlalchemy.sql import visitors
from sqlalchemy.sql.coercions import expect
from sqlalchemy.sql.roles import ColumnsClauseRole

from shop.db import db
from shop.models import Account
from shop.queries.security import left_out
from shop.queries.security.data import BATCH, chapters_of, export_of
from shop.queries.security.kept import SHELVES
from shop.queries.security.left_out import LEFT_OUT
from shop.services.security.export import ask_for_export


def shelves(some=SHELVES):
    for shelf in some:
        yield shelf
        yield from shelves(shelf.parts)


def told():
    """Every "table.column" that stands in the export, or says in it what it means."""
    return {
        f"{getattr(column.table, 'element', column.table)}.{column.name}"
        for shelf in shelves()
        for thing in (shelf.whose, *shelf.fields.values())
        for column in visitors.iterate(expect(ColumnsClauseRole, thing))
        if isinstance(column, ColumnClause) and column.table is not None
    }


def about_people():
    """Tables that hang on an account, straight or by another table of that kind."""
    found = {Account.__table__}
    while True:
        more = {
            table
            for table in db.metadata.sorted_tables
            for link in table.foreign_keys
            if link.column.table in found
        }
        if more <= found:
            return found
        found |= more


def test_every_column_about_a_person_is_told_or_has_a_reason(inside):
    known, forgotten = told() | set(LEFT_OUT), []
    for table in about_people():
        for column in table.columns:
            is_link = column.primary_key or (column.foreign_keys and column.name != "actor_id")
            if f"{table.name}.{column.name}" not in known and not is_link:
                forgotten.append(f"{table.name}.{column.name}")

    assert forgotten == []
    assert {table.name for table in about_people()} >= {"shop_order", "payment_refund", "cart_line"}


def test_every_table_about_a_person_has_its_shelf(inside):
    tables = {name.partition(".")[0] for name in told()}

    assert {table.name for table in about_people()} - tables == set()


def test_nothing_is_both_told_and_left_out_and_no_reason_is_stale(inside):
    columns = {
        f"{table.name}.{column.name}"
        for table in db.metadata.sorted_tables
        for column in table.columns
    }

    assert set(LEFT_OUT) & told() == {"account_event.actor_id"}  # Told as: by an employee or not.
    assert set(LEFT_OUT) - columns == set()
    assert all(len(reason) > 20 for reason in (*LEFT_OUT.values(), left_out.LINKS))


def test_no_hash_token_or_secret_is_ever_told(inside):
    words = ("hash", "token", "secret", "credential", "handle", "last4", "once_key", "idempotence")

    assert [name for name in told() if any(word in name for word in words)] == []


def test_chapters_come_in_order_with_what_they_are_made_of(inside, make):
    person = full_life(inside, make)

    found = {chapter.name: list(chapter.rows) for chapter in chapters_of(account_id=person.id)}

    assert list(found) == [shelf.name for shelf in SHELVES]
    assert {name: len(rows) for name, rows in found.items() if len(rows) != 1} == {
        "roles": 0,
        "balance_paid_out": 0,
        "events": 2,
    }
    assert set(found["orders"][0]) >= {"number", "lines", "parcels", "steps", "payments"}
    assert found["sessions"][0]["network"] == "203.0.113.0/24"


def test_what_the_parts_are_called_is_described(inside, make):
    orders = next(
        chapter for chapter in chapters_of(account_id=make.account().id) if chapter.name == "orders"
    )

    assert [path for path, _ in orders.described] == [
        *("orders", "orders.lines", "orders.parcels", "orders.steps"),
        *("orders.payments", "orders.payments.refunds", "orders.payments.refunds.sent_to"),
        *("orders.cancellations", "orders.returns", "orders.returns.goods"),
        *("orders.returns.messages", "orders.returns.photos"),
        *("orders.return_codes", "orders.paid_back_by_hand", "orders.paid_back_by_hand.sent_to"),
        *("orders.receipts", "orders.points_used", "orders.points_promised"),
    ]


def test_the_number_of_queries_does_not_grow_with_the_orders(inside, make):
    one, many = make.account(), make.account()
    tea = make.product("Чай")
    make.order(one, tea, state="received")
    for _ in range(6):
        make.order(many, tea, state="received")

    def asked(account_id):
        statements = []

        def note(_connection, _cursor, statement, *_rest):
            statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        for chapter in chapters_of(account_id=account_id):
            list(chapter.rows)
        event.remove(db.engine, "before_cursor_execute", note)
        return len([one for one in statements if one.lstrip().upper().startswith("SELECT")])

    assert (
        asked(one.id) == asked(many.id) == len(SHELVES) + 17
    )  # The parts of an order, and those of its payments and returns.
    assert BATCH == 200


def test_an_account_without_a_copy_has_none_and_then_the_newest(inside, make):
    igor = make.account()
    assert export_of(account_id=igor.id, now=NOON) is None

    ask_for_export(account_id=igor.id, device=HERE, now=LATER)

    found = export_of(account_id=igor.id, now=LATER)
    assert (found.state, found.asked_at, found.expires_at) == ("asked", LATER, None)
