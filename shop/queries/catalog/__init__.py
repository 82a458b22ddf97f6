"""What stands on the shelves: departments, lists of goods, one product with everything about it."""

from shop.queries.catalog.cards import (
    CARD_COLUMNS,
    Card,
    card_of,
    cards,
    deals,
    novelties,
    product_url,
)
from shop.queries.catalog.product import ProductView, product_view, similar
from shop.queries.catalog.shelves import (
    CARDS_A_PAGE,
    SORTS,
    Shelf,
    ShelfView,
    all_shelves,
    category_page,
    departments,
    page_count,
    shelf_at,
    way_to,
)

__all__ = [
    "CARDS_A_PAGE",
    "CARD_COLUMNS",
    "SORTS",
    "Card",
    "ProductView",
    "Shelf",
    "ShelfView",
    "all_shelves",
    "card_of",
    "cards",
    "category_page",
    "deals",
    "departments",
    "novelties",
    "page_count",
    "product_url",
    "product_view",
    "shelf_at",
    "similar",
    "way_to",
]
