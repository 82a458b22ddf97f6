"""«Download my data»: asked for, prepared, complete."""

from datetime import timedelta

import pytest
from factories import NOON
from leaving import EMAIL, HERE, LATER, copy_of, export_row, full_life, letters, pelageya
from lxml import html
from signing import together
from sqlalchemy import select

from shop.config import Config
from shop.db import db
from shop.models import AccountEvent, DataExport, Order, OutboxItem
from shop.services.auth import TooManyTries
from shop.services.notices import work_through
from shop.services.security.export import (
    ask_for_export,
    prepare_export,
)

WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def own_folder(app, tmp_path, monkeypatch):
    """Files of other tests mustn't be counted here."""
    config = app.extensions["shop_config"]
    changed = Config(
        **{name: getattr(config, name) for name in config.__dataclass_fields__}
        | {"shop_data": tmp_path}
    )
    monkeypatch.setitem(app.extensions, "shop_config", changed)
    return tmp_path / "exports"


def files(folder):
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def ask(account, now=NOON):
    ask_for_export(account_id=account.id, device=HERE, now=now)


def prepared(account, now=LATER):
    ask(account, now)
    prepare_export(export_id=export_row(account.id).id, now=now)
    return export_row(account.id)


def kinds(account):
    query = select(AccountEvent.kind).where(AccountEvent.account_id == account.id)
    return list(db.session.scalars(query.order_by(AccountEvent.id)))


def test_asking_writes_a_row_an_errand_and_a_line_in_the_log(inside, make):
    igor = make.account()

    ask(igor)

    assert (export_row(igor.id).state, export_row(igor.id).asked_at) == ("asked", NOON)
    errand = db.session.scalars(select(OutboxItem)).one()
    assert (errand.kind, errand.payload) == ("data-export", {"export_id": export_row(igor.id).id})
    assert kinds(igor) == ["data_asked"]


def test_what_is_being_prepared_is_not_asked_for_twice(inside, make):
    igor = make.account()

    for _ in range(5):
        ask(igor)

    assert len(db.session.scalars(select(DataExport)).all()) == 1


def test_two_clicks_at_the_same_moment_are_one_copy(inside, make):
    igor = make.account()

    came = together(inside, lambda: ask(igor), lambda: ask(igor))

    assert came == [None, None]
    assert len(db.session.scalars(select(DataExport)).all()) == 1


def test_three_copies_a_day_are_enough(inside, make):
    igor, anna = make.account(), make.account()
    for hours in range(3):
        prepared(igor, NOON + timedelta(hours=hours))

    with pytest.raises(TooManyTries) as fault:
        ask(igor, NOON + timedelta(hours=3))
    assert fault.value.wait == timedelta(hours=21)
    assert len(db.session.scalars(select(DataExport)).all()) == 3
    ask(anna, NOON + timedelta(hours=3))
    ask(igor, NOON + timedelta(hours=24, seconds=1))


def test_the_worker_prepares_it_and_a_letter_comes(inside, make, own_folder):
    person = pelageya(make)
    ask(person)

    work_through(
        now=LATER,
        errands={
            "data-export": lambda told: prepare_export(export_id=told["export_id"], now=LATER)
        },
        letters=False,
    )

    row = export_row(person.id)
    assert (row.state, row.expires_at) == ("ready", LATER + WEEK)
    assert files(own_folder) == [row.file]
    assert (own_folder / row.file).stat().st_size == row.bytes
    letter = letters("data_ready")[0]
    assert letter["to"] == EMAIL
    assert letter["facts"] == {
        "greeting": "Пелагея",
        "expires_at": (LATER + WEEK).isoformat(),
    }


def test_everything_is_in_it_for_programs(inside, make):
    person = full_life(inside, make)
    number = db.session.scalars(select(Order.number)).one()

    prepared(person)
    data, _ = copy_of(person.id)

    assert data["about"]["format"] == "shop-data-1"
    assert data["about"]["made_at"] == "2026-11-24T10:00:00+00:00"
    account = data["account"][0]
    assert (account["email"], account["birth_on"], account["sex"]) == (
        EMAIL,
        "1979-04-14",
        "female",
    )
    order = data["orders"][0]
    assert order["number"] == number
    assert order["total_kopecks"] == 149000 + 29900
    assert order["placed_at"] == "2026-11-24T09:00:00+00:00"
    assert order["recipient_name"] == "Черноглазова Пелагея"
    assert order["comment"] == "домофон не работает"
    assert [(line["name"], line["quantity"], line["parcel"]) for line in order["lines"]] == [
        ("Чайник со свистком", 1, 1)
    ]
    assert [parcel["warehouse"] for parcel in order["parcels"]] == ["Tver"]
    assert [step["state"] for step in order["steps"]][:2] == ["awaiting_payment", "paid"]
    payment = order["payments"][0]
    assert (payment["amount_kopecks"], payment["state"]) == (178900, "succeeded")
    assert [refund["amount_kopecks"] for refund in payment["refunds"]] == [29900]


def test_what_is_no_order_is_in_it_too(inside, make):
    person = full_life(inside, make)

    prepared(person)
    data, _ = copy_of(person.id)

    assert [one["product"] for one in data["favorites"]] == ["Чайник со свистком"]
    assert [(one["product"], one["quantity"]) for one in data["cart"]] == [
        ("Чайник со свистком", 2)
    ]
    assert [one["full_name"] for one in data["recipients"]] == ["Аркадий Укропов"]
    assert data["sessions"][0]["device"] == "Firefox, Windows"
    assert data["sessions"][0]["network"] == "203.0.113.0/24"
    assert [one["kind"] for one in data["events"]] == [
        *("lost_mailbox_looked_at", "name_changed", "data_asked")
    ]
    assert [one["is_by_staff"] for one in data["events"]] == [True, False, False]
    assert data["email_changes"][0]["old_email"] == "прежняя@example.ru"
    assert data["passkeys"] == [
        {"name": "Телефон Пелагеи", "created_at": "2026-11-24T09:00:00+00:00", "used_at": None}
    ]
    assert data["lost_mailboxes"][0]["number"] == "482-177-304"
    assert [(one["earned"], one["remaining"]) for one in data["points"]] == [(50, 50)]
    moved = data["movements"][0]
    assert (moved["kind"], moved["currency"], moved["amount"]) == ("points_granted", "PTS", 50)
    assert len(data) == 2 + 24


def test_no_secret_and_no_card_is_in_it(inside, make):
    person = full_life(inside, make)

    prepared(person)
    told = "".join(str(part) for part in copy_of(person.id))

    assert "4417" not in told
    assert person.password_hash not in told
    for secret in ("a" * 64, "sealed'", "credential'", "e" * 64, export_row(person.id).file):
        assert secret not in told
    assert "kvasov@example.ru" not in told
    assert "звонила дважды" not in told


def test_the_page_is_readable_in_the_persons_language(inside, make):
    person = full_life(inside, make)
    number = db.session.scalars(select(Order.number)).one()

    prepared(person)
    tree = html.fromstring(copy_of(person.id)[1])

    assert tree.get("lang") == "ru"
    assert tree.xpath("//h1")[0].text_content() == "Что «Озон» знает о вас"
    headings = [heading.text_content() for heading in tree.xpath("//h2")]
    assert headings[:5] == ["Аккаунт", "Роли в магазине", "Согласия", "Получатели", "Заказы"]
    orders = tree.get_element_by_id("orders").text_content()
    assert f"Заказ {number}" in orders
    assert "1\u00a0490\u00a0₽" in orders
    assert "Черноглазова Пелагея" in orders
    assert "24 ноября 2026, 12:00" in orders
    assert "Имя изменено" in tree.get_element_by_id("events").text_content()
    assert "orders.payments.refunds" in tree.get_element_by_id("fields").text_content()
    assert not tree.xpath("//script|//style|//*[@style]|//img|//form")
    assert [link.get("href") for link in tree.xpath("//link")] == ["style.css"]


def test_the_page_is_written_in_english_for_who_reads_english(inside, make):
    person = full_life(inside, make, language="en")

    prepared(person)

    assert "What Озон knows of you" in copy_of(person.id)[1]


def test_what_people_typed_stays_text_on_the_page(inside, make):
    person = make.account(given_name="<script>alert(1)</script>")

    prepared(person)
    data, page = copy_of(person.id)

    assert data["account"][0]["given_name"] == "<script>alert(1)</script>"
    assert "<script>" not in page


def test_nothing_of_anybody_else_is_in_it(inside, make):
    full_life(inside, make)
    igor = make.account()

    prepared(igor)
    data, page = copy_of(igor.id)

    assert (data["orders"], data["recipients"], data["events"][0]["kind"]) == ([], [], "data_asked")
    assert "Черноглазова" not in page + str(data)
