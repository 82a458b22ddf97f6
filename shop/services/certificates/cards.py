"""A certificate as a card: with its code, for whoever bought it, and for the employee who gives it away."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shop.db import db, errand, use_case
from shop.gateways import cards
from shop.models.auth import Account
from shop.models.certificates import Certificate
from shop.queries.certificates import state_shown
from shop.rules.certificates import Face, shown_code
from shop.rules.recovery import still_frozen
from shop.services.certificates._codes import opened


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a card.

    `code` is in groups; empty while the account is frozen, and when it can be opened no more (the shop's secret was changed).
    """

    serial: str
    code: str
    nominal_kopecks: int
    recipient_name: str
    wish: str
    # One of rules/certificates.SHOWN_STATES.
    state: str
    expires_on: str
    # Until when nobody is shown the number: the account may be in the wrong hands.
    frozen_until: datetime | None

    @property
    def is_usable(self) -> bool:
        """True as long as it can be activated."""
        return self.state == "sold"

    @property
    def is_printable(self) -> bool:
        """True when there is something to print: it can be activated, and may be shown."""
        return self.is_usable and self.frozen_until is None


@use_case
def open_card(*, account_id: int, serial: str, now: datetime) -> Card:
    """Return the card of a certificate that this customer has paid for; without its number while the account is frozen.

    :raises NoResultFound: when there is none.
    """
    return _card(serial, Certificate.buyer_id == account_id, now)


@use_case
def open_free_card(*, serial: str, now: datetime) -> Card:
    """Return the card of a certificate that the shop gives away; the code of a bought one is no employee's business.

    :raises NoResultFound: when there is none.
    """
    return _card(serial, Certificate.is_free, now)


def _card(serial: str, whose: object, now: datetime) -> Card:
    frozen = select(Account.frozen_until).where(Account.id == Certificate.buyer_id)
    found, state, kept = db.session.execute(
        select(Certificate, state_shown(now), frozen.scalar_subquery()).where(
            Certificate.serial == serial,
            whose,  # type: ignore[arg-type]
            Certificate.state.notin_(("awaiting_payment", "dropped")),
        )
    ).one()
    frozen_until = still_frozen(kept, now)
    return Card(
        serial=found.serial,
        code="" if frozen_until else shown_code(opened(found.sealed_code, found.id)),
        nominal_kopecks=found.nominal_kopecks,
        recipient_name=found.recipient_name,
        wish=found.wish,
        state=state,
        expires_on=found.expires_at.isoformat(),
        frozen_until=frozen_until,
    )


@errand
def print_card(*, face: Face) -> bytes:
    """Return a PDF of one card, A4, to be printed and cut out; `face` says every word on it."""
    return cards.drawn(face)
