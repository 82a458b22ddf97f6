"""Whose hands money may go through: a large sum takes two people, and who pays by hand is neither its owner nor who decided."""

from collections.abc import Collection

from flask import current_app
from sqlalchemy import exists, select

from shop.config import Config
from shop.db import db, use_case
from shop.models.auth import StaffRole
from shop.queries.payments import payout_of
from shop.rules.staff import refuse_alone, refuse_own


@use_case
def must_be_second(*, kopecks: int, decided_by: Collection[int | None], actor_id: int) -> None:
    """See to it that a large sum (TWO_PEOPLE_FROM) is sent by somebody else than who has decided about it, or by the owner.

    :raises NeedsAnother: when it isn't.
    """
    config: Config = current_app.extensions["shop_config"]
    role = exists().where(StaffRole.account_id == actor_id, StaffRole.role == "owner")
    refuse_alone(
        kopecks=kopecks,
        two_from=config.two_people_from,
        decided_by=decided_by,
        employee_id=actor_id,
        is_owner=bool(db.session.scalar(select(role))),
    )


@use_case
def must_be_payer(*, refund_id: int, actor_id: int) -> None:
    """See to it that money that waits for a person is paid by the right one; nobody else needs to see where it goes.

    Those who agreed to a return or looked at its goods, called the order off, killed the certificate or said how much
    has come by a payment that didn't fit have decided.
    Where no employee has (a customer's balance, an order its customer called off), nobody could have made the sum up:
    one person is enough.

    :raises OwnMoney: when it is their own.
    :raises NeedsAnother: when it is a large sum and they have decided about it.
    """
    owed = payout_of(refund_id=refund_id)
    refuse_own(customer_id=owed.account_id, employee_id=actor_id)
    must_be_second(kopecks=owed.amount_kopecks, decided_by=owed.decided_by, actor_id=actor_id)
