"""Placing orders in tests: what a checkout page shows, and pressing its button."""

from typing import Any

from factories import NOON
from flask import Flask
from lxml import html
from sqlalchemy import func, select

from shop.db import db
from shop.models import Account
from shop.queries.checkout import checkout_of
from shop.queries.delivery import CAPITAL
from shop.services.checkout import Placed, Wishes, place_order
from shop.services.profile import keep_recipient

TODAY = NOON.date()
HOME = Wishes("Секретов Игорь", "+79161234567", "courier", address="ул. Лесная, 7")


def shown_to(account: Account) -> str:
    """The note of the page that a customer has before them."""
    return checkout_of(account_id=account.id, place=CAPITAL, today=TODAY, now=NOON).note


def place(
    account: Account,
    note: str | None = None,
    once_key: str = "key",
    wishes: Wishes = HOME,
    **more: Any,
) -> Placed:
    """Press the button of the page that stands now, or of an older one."""
    values = {"place": CAPITAL, "payment_minutes": 30, "today": TODAY, "now": NOON}
    return place_order(
        account_id=account.id,
        once_key=once_key,
        note=shown_to(account) if note is None else note,
        wishes=wishes,
        **values | more,
    )


def kept(app: Flask, account: Account, **more: str) -> int:
    """Put somebody on the list of those who may receive; return the line's id."""
    person = {"full_name": "О'Коннор Ольга", "phone": "+79161112233"}
    with app.app_context():
        return keep_recipient(account_id=account.id, now=NOON, **person | more)


def count(model: Any) -> int:
    """How many there are."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def filled(page: Any, **typed: str) -> dict[str, str]:
    """What the page's form would send, with this typed over it."""
    form = html.fromstring(page.text).xpath("//form[contains(@class, 'checkout')]")[0]
    fields = {name: value or "" for name, value in form.form_values()}
    return fields | {"address": "ул. Лесная, 7, кв. 12"} | typed
