"""An offer as the shop can sell it, made of the texts that a feed gives; or the reason why it cannot."""

import hashlib
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal

from shop.rules.feeds.records import RawOffer
from shop.rules.feeds.reports import N_, told
from shop.rules.feeds.sums import MOST_ROUBLES, ROUBLES, number_of, whole
from shop.rules.feeds.texts import one_line, plain

# Raise it when offers must be read anew although their feed is the same.
RULES_VERSION = 1
# A feed that only says "available" has this many of each.
AVAILABLE_MEANS = 10
MOST_IN_STOCK = 1_000_000
MOST_PARAMS = 100
LONGEST_ID = 80
COUNTS = ("count", "stock_quantity", "quantity_in_stock", "quantity")
_NO = {"false", "0", "no", "нет"}


class BadOffer(Exception):
    """The offer cannot be sold; its text says why."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer that was checked. `stock` is by warehouse; the empty code means the shop's first one."""

    line: int
    external_id: str
    category_id: str
    name: str
    brand: str
    article: str
    barcode: str
    description: str
    params: tuple[tuple[str, str, str], ...]
    pictures: tuple[str, ...]
    price_kopecks: int
    old_price_kopecks: int | None
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    stock: tuple[tuple[str, int], ...]
    remarks: tuple[str, ...]

    def digest(self, *more: object) -> str:
        """Return what the offer hashes to, without its place in the file and its stock.

        `more` is what else its product depends on: the names above it, the pictures at hand.
        """
        skipped = {"line", "stock", "remarks"}
        values = [getattr(self, field.name) for field in fields(self) if field.name not in skipped]
        return hashlib.sha256(repr((RULES_VERSION, values, more)).encode()).hexdigest()


def checked_offer(
    raw: RawOffer, *, categories: Container[str], rates: Mapping[str, Decimal | None]
) -> Offer:
    """Return the offer as it can be sold, with remarks on what was left out.

    :raises BadOffer: with the reason, when it cannot be sold.
    """
    remarks: list[str] = []
    if not raw.id:
        raise BadOffer(N_("The offer has no id"))
    if len(raw.id) > LONGEST_ID:
        raise BadOffer(N_("The offer's id is longer than 80 letters"))
    name = _name(raw.texts)
    category_id = raw.texts.get("categoryId", "")
    if category_id not in categories:
        raise BadOffer(told(N_("The offer's category isn't in the feed"), category_id))
    rate = _rate(raw.texts.get("currencyId", ""), rates, remarks)
    price = _price(raw.texts.get("price", ""), rate)
    length, width, height = _sizes(raw.texts, remarks)
    return Offer(
        line=raw.line,
        external_id=raw.id,
        category_id=category_id,
        name=name,
        brand=one_line(raw.texts.get("vendor", ""), 120),
        article=one_line(raw.texts.get("vendorCode") or raw.texts.get("article", ""), 80),
        barcode=_barcode(raw.texts.get("barcode", "")),
        description=plain(raw.texts.get("description", "")),
        params=_params(raw),
        pictures=tuple(dict.fromkeys(picture for picture in raw.pictures if picture))[:30],
        price_kopecks=price,
        old_price_kopecks=_old_price(raw.texts, rate, price, remarks),
        weight_g=_weight(raw.texts.get("weight", ""), remarks),
        length_mm=length,
        width_mm=width,
        height_mm=height,
        stock=_stock(raw, remarks),
        remarks=tuple(remarks),
    )


def _name(texts: Mapping[str, str]) -> str:
    name = one_line(texts.get("name", ""), 300)
    if not name:
        parts = (texts.get(part, "") for part in ("typePrefix", "vendor", "model"))
        name = one_line(" ".join(part for part in parts if part), 300) if texts.get("model") else ""
    name = name or one_line(texts.get("title", ""), 300)
    if not re.search(r"\w", name):
        raise BadOffer(N_("The offer has no name"))
    return name


def _rate(currency: str, rates: Mapping[str, Decimal | None], remarks: list[str]) -> Decimal:
    code = currency.strip().upper() or "RUB"
    rate = rates.get(code)
    if rate:
        return rate
    if code in ROUBLES:
        if currency:
            remarks.append(told(N_("The currency isn't declared in the feed"), code))
        return Decimal(1)
    raise BadOffer(told(N_("The price is in a currency without a rate to roubles"), code))


def _price(text: str, rate: Decimal) -> int:
    if not text:
        raise BadOffer(N_("The offer has no price"))
    try:
        kopecks = whole(number_of(text) * rate * 100)
    except ValueError:
        raise BadOffer(told(N_("The price is not a sum of money"), text)) from None
    if kopecks <= 0:
        raise BadOffer(N_("The price is zero"))
    if kopecks >= MOST_ROUBLES * 100:
        raise BadOffer(told(N_("The price is absurdly high"), text))
    return kopecks


def _old_price(
    texts: Mapping[str, str], rate: Decimal, price: int, remarks: list[str]
) -> int | None:
    text = texts.get("oldprice") or texts.get("price_old") or ""
    if not text:
        return None
    try:
        old = whole(number_of(text) * rate * 100)
    except ValueError:
        old = -1
    if price < old < MOST_ROUBLES * 100:
        return old
    if old:  # Nought is how many programs say that there is none.
        remarks.append(
            told(N_("The old price is not higher than the price, so it is left out"), text)
        )
    return None


def _barcode(text: str) -> str:
    first = re.split(r"[,;|\s]+", text.strip(), maxsplit=1)[0]
    return first[:40] if first.isascii() else ""


def _params(raw: RawOffer) -> tuple[tuple[str, str, str], ...]:
    lines = (
        (one_line(name, 100), one_line(value, 300), one_line(unit, 20))
        for name, value, unit in raw.params
    )
    return tuple(dict.fromkeys(line for line in lines if line[0] and line[1]))[:MOST_PARAMS]


def _weight(text: str, remarks: list[str]) -> int:
    if not text:
        return 0
    try:
        grams = whole(number_of(text) * 1000)
        if grams > 10_000_000:
            raise ValueError("heavier than ten tonnes")
    except ValueError:
        remarks.append(told(N_("The weight is not a number of kilograms, so it is left out"), text))
        return 0
    return grams


def _sizes(texts: Mapping[str, str], remarks: list[str]) -> tuple[int, int, int]:
    text = texts.get("dimensions", "")
    sides = (
        text.split("/") if text else [texts.get(side, "") for side in ("length", "width", "height")]
    )
    if not any(sides):
        return 0, 0, 0
    try:
        length, width, height = (whole(number_of(side) * 10) for side in sides)
        if max(length, width, height) > 100_000:
            raise ValueError("longer than a hundred metres")
    except ValueError:
        reason = N_(
            "The dimensions are not length/width/height in centimetres, so they are left out"
        )
        remarks.append(told(reason, "/".join(sides)))
        return 0, 0, 0
    return length, width, height


def _stock(raw: RawOffer, remarks: list[str]) -> tuple[tuple[str, int], ...]:
    """How many lie where: by outlets, else by a count, else some when it is available."""
    if raw.outlets:
        totals: dict[str, int] = {}
        for code, count in raw.outlets:
            totals[code] = totals.get(code, 0) + _count(count, remarks)
        return tuple(sorted(totals.items()))
    is_available = raw.available.strip().lower() not in _NO
    for name in COUNTS:
        if raw.texts.get(name):
            return (("", _count(raw.texts[name], remarks) if is_available else 0),)
    return (("", AVAILABLE_MEANS if is_available else 0),)


def _count(text: str, remarks: list[str]) -> int:
    try:
        return min(int(number_of(text or "0")), MOST_IN_STOCK)
    except ValueError:
        remarks.append(told(N_("The stock is not a number, so it counts as none"), text))
        return 0
