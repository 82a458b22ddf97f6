"""The catalog's deeds: goods put on the shelves and taken off, stock taken and brought back. See each module."""

from shop.services.catalog.shelves import (
    NewProduct,
    count_shelves,
    hide_products,
    put_categories,
    put_products,
)
from shop.services.catalog.stock import (
    NotEnoughStock,
    count_sales,
    return_stock,
    take_stock,
    uncount_sales,
)
from shop.services.catalog.warehouses import NewWarehouse, put_warehouses
from shop.services.catalog.words import write_search_words

__all__ = [
    "NewProduct",
    "NewWarehouse",
    "NotEnoughStock",
    "count_sales",
    "count_shelves",
    "hide_products",
    "put_categories",
    "put_products",
    "put_warehouses",
    "return_stock",
    "take_stock",
    "uncount_sales",
    "write_search_words",
]
