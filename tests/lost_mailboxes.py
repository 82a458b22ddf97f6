"""For tests of lost mailboxes: who asks, who approves, and what is written down of it."""

from dataclasses import replace

from factories import NOON
from sqlalchemy import select

from shop.db import db
from shop.models import AccountEvent, LostMailbox
from shop.services.recovery import Told, approve_first, approve_second, ask_to_move

TOLD = Told("Секретов", "Игорь", "igor@example.ru", "novyi@example.org", "Валерьянович")


def asked(*, now=NOON, key="", **more):
    """Ask, with these answers changed; return the request's number."""
    changed = {name: more.pop(name) for name in list(more) if hasattr(TOLD, name)}
    return ask_to_move(told=replace(TOLD, **changed), once_key=key, now=now, **more)


def approved(number, *people, now=NOON):
    """Let the first, and the second of them, approve."""
    for deed, who in zip((approve_first, approve_second), people, strict=False):
        deed(number=number, employee_id=who.id, now=now)


def request(number):
    """The request as it is kept now."""
    return db.session.scalars(
        select(LostMailbox)
        .where(LostMailbox.number == number)
        .execution_options(populate_existing=True)
    ).one()


def state_of(number):
    """How far a request has come."""
    return request(number).state


def events(kind=None):
    """What the owner's log has, oldest first."""
    rows = db.session.scalars(select(AccountEvent).order_by(AccountEvent.id)).all()
    return [row for row in rows if kind in {None, row.kind}]
