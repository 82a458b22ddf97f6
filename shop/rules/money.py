"""Money: whole kopecks, and how they are written."""

NBSP = "\u00a0"


def written(kopecks: int) -> str:
    """Return «1 490 ₽», or «1 490,50 ₽» when there are kopecks; spaces don't break."""
    sign = "−" if kopecks < 0 else ""
    roubles, rest = divmod(abs(kopecks), 100)
    whole = f"{roubles:,}".replace(",", NBSP)
    return f"{sign}{whole},{rest:02d}{NBSP}₽" if rest else f"{sign}{whole}{NBSP}₽"


def decimal(kopecks: int) -> str:
    """Return "1490.00", as gateways and feeds write it."""
    return f"{kopecks // 100}.{kopecks % 100:02d}"


def kopecks_of(text: str) -> int:
    """Read "1490", "1490.5" or "1490,50" exactly, without floats.

    :raises ValueError: when it isn't a sum with at most two decimals, zero or more.
    """
    whole, _, rest = text.strip().replace(",", ".").partition(".")
    if (
        not (whole.isascii() and whole.isdigit())
        or len(rest) > 2
        or (rest and not (rest.isascii() and rest.isdigit()))
    ):
        raise ValueError(f"not a sum of money: {text[:40]!r}")
    return int(whole) * 100 + int(rest.ljust(2, "0"))
