"""Money as whole kopecks inside, as text outside."""

import re

_AMOUNT = re.compile(r"\d{1,12}\.\d{2}")


def kopecks_of(text: object) -> int | None:
    """Return "1000.00" as 100000, and nothing for what is not such a text."""
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        return None
    return int(text.replace(".", ""))


def amount_of(kopecks: int) -> dict:
    """Return the amount as the API writes it."""
    return {"value": f"{kopecks // 100}.{kopecks % 100:02}", "currency": "RUB"}


def money_for_people(kopecks: int) -> str:
    """Return 1299050 as "12 990,50 ₽", with spaces that do not break."""
    roubles, rest = divmod(kopecks, 100)
    whole = f"{roubles:,}".replace(",", "\u00a0")
    return f"{whole},{rest:02}\u00a0₽" if rest else f"{whole}\u00a0₽"
