"""Which pages are measured, what they may cost, and who asks for them."""

from dataclasses import dataclass
from urllib.parse import quote

from bench.feed import COMMON, rare_word
from bench.load import Request


@dataclass(frozen=True)
class Page:
    """A page: its goal and its limit as multiples of the bare limit's CPU, and its most SQL queries."""

    name: str
    request: Request
    goal: float
    never_above: float
    queries: int
    is_signed_in: bool = False


def pages(category: str, last_page: int, product: str) -> list[Page]:
    """Return all pages but those that change something."""
    guest = [
        Page("home, guest", Request("/"), 2.5, 4, 5),
        Page("category page 1, guest", Request(category), 2.5, 4, 5),
        Page(
            f"category page {last_page}, guest", Request(f"{category}?page={last_page}"), 2.5, 4, 5
        ),
        Page("product, guest", Request(product), 2, 3, 6),
        Page("search, rare word", Request(f"/search?q={quote(rare_word())}"), 3, 4, 5),
        Page("search, common word", Request(f"/search?q={quote(COMMON)}"), 3, 5, 5),
    ]
    signed_in = [
        Page("category page 1, signed in", Request(category), 3, 4.5, 7, True),
        Page("product, signed in", Request(product), 3, 4.5, 8, True),
        Page("cart with 3 lines", Request("/cart/"), 2.5, 4, 5, True),
        Page("order list, 50 orders", Request("/my/orders/"), 3, 5, 4, True),
    ]
    return guest + signed_in


def add_to_cart(product_id: int, cookie: str) -> Request:
    """Return the press on «В корзину» as htmx sends it."""
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Sec-Fetch-Site": "same-origin",
        "HX-Request": "true",
        "HX-Request-Type": "partial",
        "HX-Target": f"div#buy-{product_id}",
        "Cookie": cookie,
    }
    return Request(f"/cart/lines/{product_id}", "POST", "quantity=1", headers)
