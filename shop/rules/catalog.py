"""What the shelves go by: the order of lists, discounts, the tint behind a picture."""

from zlib import crc32

# Added to the rank of what can be bought now, so that it stands before everything sold out.
IN_STOCK_FIRST = 10**9
TINTS = ("peach", "mint", "sky", "lilac", "butter", "rose", "sand")


def rank(sold_count: int, is_in_stock: bool) -> int:
    """Return the place in a list by popularity: in stock before sold out, then the better sold."""
    return min(sold_count, IN_STOCK_FIRST - 1) + (IN_STOCK_FIRST if is_in_stock else 0)


def discount_percent(price_kopecks: int, old_price_kopecks: int | None) -> int:
    """Return the discount in whole per cent, rounded down: never more than the truth."""
    if not old_price_kopecks or old_price_kopecks <= price_kopecks:
        return 0
    return (old_price_kopecks - price_kopecks) * 100 // old_price_kopecks


def tint(external_id: str) -> str:
    """Return the tint that always stands behind this product's picture."""
    return TINTS[crc32(external_id.encode()) % len(TINTS)]
