"""What is noted of an order's steps, and what its customer is written."""

from datetime import datetime

from sqlalchemy import select

from shop.db import db
from shop.models.auth import Account
from shop.models.orders import Order, OrderEvent
from shop.queries.orders import letter_facts
from shop.services.notices import queue_letter


def note(
    order_id: int, state: str, actor: str, now: datetime, parcel_id: int | None = None
) -> None:
    """Write down a step of an order or a parcel."""
    db.session.add(
        OrderEvent(
            order_id=order_id, parcel_id=parcel_id, state=state, actor=actor, happened_at=now
        )
    )


def tell(order_id: int, letter: str, now: datetime, parcel: int | None = None) -> None:
    """Write to the customer, once for each letter of an order (and of a parcel)."""
    to, language = db.session.execute(
        select(Account.email, Account.language)
        .join(Order, Order.account_id == Account.id)
        .where(Order.id == order_id)
    ).one()
    facts = letter_facts(order_id=order_id)
    key = f"order-{order_id}-{letter}"
    if parcel is not None:
        facts["parcel_position"] = parcel
        key += f"-{parcel}"
    queue_letter(letter=letter, to=to, language=language, facts=facts, once_key=key, now=now)
