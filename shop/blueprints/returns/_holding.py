"""Whose orders and returns these pages are about: one's own, or the one whose code was shown here."""

from datetime import UTC, datetime, timedelta

from flask import request, session

from shop.web.shopper import shopper

GUESTS = "guest_returns"
# So long a code opens its order's pages in this browser.
OPEN_FOR = timedelta(hours=1)


class NotOpened(Exception):
    """Nobody has shown this order's code here, or it was too long ago."""


def holder(number: str) -> int:
    """Return whose order or return is asked for: one's own, or the one whose code was shown here.

    :raises NotOpened: when no code was.
    """
    if request.blueprint != GUESTS:
        return shopper().customer_id
    opened = session.get("return_order", {})
    if not opened or opened["until"] < datetime.now(UTC).isoformat():
        raise NotOpened
    if number != opened["number"] and not number.startswith(f"{opened['number']}-"):
        raise NotOpened
    return int(opened["account"])
