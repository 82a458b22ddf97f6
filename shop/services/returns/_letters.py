"""What customers are written about cancellations and returns."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shop.db import db
from shop.models.auth import Account
from shop.queries.returns import Choice
from shop.rules.cards import card_told
from shop.rules.returns import Split
from shop.services.notices import write_to


def write(
    letter: str, choice: Choice, facts: dict[str, Any], *, once_key: str, now: datetime
) -> None:
    """Write a letter to the order's customer."""
    write_to(
        account=db.session.get_one(Account, choice.account_id),
        letter=letter,
        facts={"order": choice.number} | facts,
        once_key=once_key,
        now=now,
    )


def parts(choice: Choice, split: Split) -> dict[str, Any]:
    """Return a split as letters tell it."""
    funding = split.funding
    return {
        "points": funding.points,
        "promo_kopecks": funding.promo_kopecks,
        "balance_kopecks": funding.balance_kopecks,
        "outside_kopecks": funding.outside_kopecks,
        "bonus_kopecks": split.bonus_kopecks,
        "delivery_kopecks": split.delivery_kopecks,
        "card": card_told(choice.card_scheme, choice.card_last4),
        "way": choice.payment_method,
        "is_by_hand": choice.is_by_hand,
    }


def goods(choice: Choice, chosen: Mapping[int, int]) -> list[dict[str, Any]]:
    """Return the chosen lines as letters list them."""
    return [
        {"name": line.name, "quantity": chosen[line.id]}
        for line in choice.lines
        if chosen.get(line.id)
    ]
