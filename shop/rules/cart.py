"""The cart: how many of a thing one may have, and how a number is read."""

# Whoever needs more calls the hotline: it is a delivery by the pallet then.
MOST_OF_ONE_PRODUCT = 99


def quantity_of(text: str) -> int | None:
    """Read how many, 0 to MOST_OF_ONE_PRODUCT, or None when it isn't such a number.

    Only the ten digits count: int() would also read «٣», «1_0» and « 7».
    """
    if not (text.isascii() and text.isdigit()) or len(text) > 4:
        return None
    number = int(text)
    return number if number <= MOST_OF_ONE_PRODUCT else None


def most_allowed(left: int) -> int:
    """Return how many of a thing one may put in, so many being left."""
    return max(0, min(left, MOST_OF_ONE_PRODUCT))
