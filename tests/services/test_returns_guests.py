"""Codes that open an order's form of return, and photos that belong to a return: each once, nobody else's."""

import io
import os
from datetime import timedelta

import pytest
from factories import NOON
from PIL import Image
from returning import returning  # noqa: F401  (the fixture)
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from squaring import letters

from shop.db import db
from shop.models import OutboxItem, ReturnCode, ReturnPhoto
from shop.services.auth import TooManyTries
from shop.services.returns import withdraw
from shop.services.returns.guests import Opened, WrongCode, ask_for_code, open_by_code, send_code
from shop.services.returns.photos import (
    NotAPicture,
    TooLarge,
    TooManyPhotos,
    add_photos,
    open_photo,
    sweep_photos,
)

HERE = "203.0.113.7"


@pytest.fixture
def order(returning):  # noqa: F811
    """Goods that the customer has."""
    return returning.order(stage="received")


def code_of(number, asked="a", now=NOON):
    send_code(number=number, asked=asked, now=now)
    return letters("return_code")[-1]["code"].replace(" ", "")


def opened(number, code, now=NOON):
    return open_by_code(number=number, code=code, address=HERE, now=now)


def test_asking_tells_nothing_and_the_worker_writes_one_letter(order):
    for number in (order.number, "9999-9999"):
        ask_for_code(number=number, once_key="form", address=HERE, now=NOON)
    waiting = db.session.scalars(select(OutboxItem).where(OutboxItem.kind == "return-code")).all()
    assert len(waiting) == 2

    for item in waiting * 2:
        send_code(asked=item.payload["asked"], **item.payload["facts"], now=NOON)

    assert [letter["number"] for letter in letters("return_code")] == [order.number]
    assert len(db.session.scalars(select(ReturnCode.id)).all()) == 1


def test_a_code_is_asked_for_once_a_minute(order):
    ask_for_code(number=order.number, once_key="one", address=HERE, now=NOON)

    with pytest.raises(TooManyTries):
        ask_for_code(number=order.number, once_key="two", address=HERE, now=NOON)
    later = NOON + timedelta(minutes=2)
    ask_for_code(number=order.number, once_key="two", address=HERE, now=later)


def test_the_right_code_opens_its_order_once(order):
    code = code_of(order.number)

    assert opened(order.number, code) == Opened(order.account.id, order.number)
    with pytest.raises(WrongCode):
        opened(order.number, code)


def test_an_old_a_replaced_and_a_guessed_code_open_nothing(order):
    old = code_of(order.number)
    with pytest.raises(WrongCode):
        opened(order.number, old, NOON + timedelta(minutes=31))
    fresh = code_of(order.number, "b", NOON + timedelta(minutes=2))
    if fresh != old:
        with pytest.raises(WrongCode):
            opened(order.number, old, NOON + timedelta(minutes=3))
    other = f"{(int(fresh) + 1) % 1_000_000:06}"
    for _ in range(5):
        with pytest.raises(WrongCode):
            opened(order.number, other, NOON + timedelta(minutes=4))
    with pytest.raises(WrongCode):
        opened(order.number, fresh, NOON + timedelta(minutes=4))
    db.session.rollback()
    tries = db.session.scalars(select(ReturnCode.wrong_tries).order_by(ReturnCode.id)).all()
    assert tries[-1] == 5


def test_codes_are_not_tried_without_end(order):
    for _ in range(20):
        with pytest.raises(WrongCode):
            opened(order.number, "000000")

    with pytest.raises(TooManyTries):
        opened(order.number, "000000")


def picture(width=80):
    kept = io.BytesIO()
    Image.new("RGB", (width, 60), "teal").save(kept, "JPEG")
    return kept.getvalue()


def test_photos_are_kept_once_and_at_most_five(returning, order):  # noqa: F811
    number = returning.ask(order, {order.teapots: 1})
    mine = {"account_id": order.account.id, "number": number, "now": NOON}

    assert add_photos(**mine, contents=[picture(80), picture(81), picture(80)]) == 2
    assert add_photos(**mine, contents=[picture(81)]) == 0
    with pytest.raises(TooManyPhotos):
        add_photos(**mine, contents=[picture(90 + one) for one in range(4)])
    with pytest.raises(NotAPicture):
        add_photos(**mine, contents=[picture(99), b"no picture"])
    with pytest.raises(TooLarge):
        add_photos(**mine, contents=[b"0" * (8 * 1024 * 1024 + 1)])

    names = db.session.scalars(select(ReturnPhoto.name)).all()
    folder = returning.app.extensions["shop_config"].shop_data / "returns"
    assert len(names) == 2
    assert {path.name for path in folder.iterdir()} >= set(names)
    assert open_photo(name=names[0])[8:12] == b"WEBP"


def test_only_ones_own_open_return_takes_photos(returning, order):  # noqa: F811
    number = returning.ask(order, {order.teapots: 1})

    with pytest.raises(NoResultFound):
        add_photos(account_id=returning.clerk.id, number=number, contents=[picture()], now=NOON)
    withdraw(account_id=order.account.id, number=number, now=NOON)
    with pytest.raises(NoResultFound):
        add_photos(account_id=order.account.id, number=number, contents=[picture()], now=NOON)


def test_files_that_no_return_knows_of_are_swept(returning, order):  # noqa: F811
    number = returning.ask(order, {order.teapots: 1})
    add_photos(account_id=order.account.id, number=number, contents=[picture()], now=NOON)
    name = db.session.scalars(select(ReturnPhoto.name)).one()
    folder = returning.app.extensions["shop_config"].shop_data / "returns"
    stray = folder / f"{'s' * 32}.webp"
    stray.write_bytes(b"left by a crash")
    for path in folder.iterdir():
        os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    db.session.rollback()

    swept = sweep_photos(now=NOON + timedelta(hours=2))

    assert swept >= 1 and not stray.exists()
    assert open_photo(name=name)
    with pytest.raises(FileNotFoundError):
        open_photo(name="../secret_key")
