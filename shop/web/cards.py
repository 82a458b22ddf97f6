"""What stands beside the goods of a list: how many are in the cart, hearts, the day they come."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from shop.queries.cart import quantities_in
from shop.queries.catalog import Card, ProductView
from shop.queries.delivery import delivery_days
from shop.queries.favorites import favorites_among
from shop.web.filters import near_day, today
from shop.web.shopper import shopper


def beside(cards: Sequence[Card | ProductView]) -> dict[str, Any]:
    """Return what the grid of components/card.html wants: in_cart, favorites, deliveries.

    One query for a guest with nothing in the cart, two with a cart, three for a customer.
    """
    person = shopper()
    days = delivery_days(
        product_ids=[card.id for card in cards if card.is_in_stock],
        place=person.place,
        today=today(),
    )
    in_cart = quantities_in(**person.cart) if person.has_cart else {}
    if not person.is_signed_in:
        person.cart_count = sum(in_cart.values())  # Spares the header its own query.
    return {
        "in_cart": in_cart,
        "favorites": favorites_among(
            account_id=person.account_id, product_ids=[card.id for card in cards]
        ),
        "deliveries": in_words(days),
    }


def in_words(days: Mapping[int, date]) -> dict[int, str]:
    """Return «завтра» or «27 ноября» for each product; each day is written once."""
    words = {day: near_day(day) for day in set(days.values())}
    return {product_id: words[day] for product_id, day in days.items()}
