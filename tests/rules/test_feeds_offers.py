"""Every field of an offer, read to the letter and cut at its limit."""

from decimal import Decimal

import pytest

from shop.rules.feeds import BadOffer, RawOffer, checked_offer
from shop.rules.feeds.offers import Offer
from shop.rules.feeds.sums import number_of, whole

ROUBLES = {"RUB": Decimal(1)}
TEXTS = {"name": "Чайник", "price": "1490", "categoryId": "3", "currencyId": "RUB"}


def checked(rates=ROUBLES, *, pictures=(), params=(), outlets=(), available="true", **texts):
    raw = RawOffer(7, "a1", available, TEXTS | texts, list(pictures), list(params), list(outlets))
    return checked_offer(raw, categories={"3"}, rates=rates)


FULL = {
    "vendor": " Нева ",
    "vendorCode": "Т-7",
    "article": "Т-8",
    "barcode": "4600000000017, 4600000000024",
    "description": "<p>Стекло</p>",
    "oldprice": "1990",
    "weight": "1,9",
    "length": "40",
    "width": "28,5",
    "height": "7",
}


def test_an_offer_is_read_whole():
    offer = checked(
        params=[
            ("Цвет", "синий", ""),
            ("Объём", "1,5", "л"),
            ("Цвет", "синий", ""),
            ("Вес", "", ""),
        ],
        pictures=["a.jpg", "", "b.jpg", "a.jpg"],
        outlets=[("tver", "3")],
        **FULL,
    )

    assert offer == Offer(
        line=7,
        external_id="a1",
        category_id="3",
        name="Чайник",
        brand="Нева",
        article="Т-7",
        barcode="4600000000017",
        description="Стекло",
        params=(("Цвет", "синий", ""), ("Объём", "1,5", "л")),
        pictures=("a.jpg", "b.jpg"),
        price_kopecks=149_000,
        old_price_kopecks=199_000,
        weight_g=1900,
        length_mm=400,
        width_mm=285,
        height_mm=70,
        stock=(("tver", 3),),
        remarks=(),
    )


def test_an_offer_of_the_least_is_read_too():
    offer = checked()

    assert offer == Offer(
        line=7,
        external_id="a1",
        category_id="3",
        name="Чайник",
        brand="",
        article="",
        barcode="",
        description="",
        params=(),
        pictures=(),
        price_kopecks=149_000,
        old_price_kopecks=None,
        weight_g=0,
        length_mm=0,
        width_mm=0,
        height_mm=0,
        stock=(("", 10),),
        remarks=(),
    )


def test_fields_have_other_names_in_older_feeds():
    offer = checked(article="Т-8", price_old="1990")

    assert (offer.article, offer.old_price_kopecks) == ("Т-8", 199_000)
    assert checked(name="", title="Самовар").name == "Самовар"
    assert checked(name="", model="Т-7", title="Самовар").name == "Т-7"


def test_what_is_too_long_is_cut_at_its_columns_end():
    offer = checked(
        name="н" * 301,
        vendor="в" * 121,
        vendorCode="а" * 81,
        barcode="4" * 41,
        params=[("п" * 101, "з" * 301, "е" * 21), *((str(one), "1", "") for one in range(100))],
        pictures=[f"{one}.jpg" for one in range(31)],
    )

    assert offer.name == "н" * 299 + "…"
    assert offer.brand == "в" * 119 + "…"
    assert offer.article == "а" * 79 + "…"
    assert offer.barcode == "4" * 40
    assert offer.params[0] == ("п" * 99 + "…", "з" * 299 + "…", "е" * 19 + "…")
    assert (len(offer.params), len(offer.pictures)) == (100, 30)
    long = checked(name="", typePrefix="т" * 200, model="м" * 100)
    assert long.name == "т" * 200 + "…"
    assert checked(name="", title="т" * 301).name == "т" * 299 + "…"


def test_an_id_of_eighty_letters_is_the_longest():
    raw = RawOffer(7, "x" * 80, "true", dict(TEXTS))

    assert checked_offer(raw, categories={"3"}, rates=ROUBLES).external_id == "x" * 80


@pytest.mark.parametrize("missing", ["categoryId", "currencyId", "price", "name"])
def test_what_is_not_there_is_as_good_as_empty(missing):
    texts = {name: text for name, text in TEXTS.items() if name != missing}
    raw = RawOffer(7, "a1", "true", texts)

    try:
        found = checked_offer(raw, categories={"3"}, rates=ROUBLES).price_kopecks
    except BadOffer as reason:
        found = str(reason)
    assert (
        found
        == {
            "categoryId": "The offer's category isn't in the feed",
            "currencyId": 149_000,
            "price": "The offer has no price",
            "name": "The offer has no name",
        }[missing]
    )


@pytest.mark.parametrize(
    ("barcode", "kept"),
    [
        (" 46000 17 ", "46000"),
        ("46000;17", "46000"),
        ("46000|17", "46000"),
        ("٤٦", ""),
        (";46000", ""),
        ("", ""),
    ],
)
def test_of_several_barcodes_the_first_is_kept(barcode, kept):
    assert checked(barcode=barcode).barcode == kept


@pytest.mark.parametrize(
    ("price", "old", "kept", "remarks"),
    [
        ("1490", "1490,01", 149_001, 0),
        ("1490", "99999999,99", 9_999_999_999, 0),
        ("1490", "100000000", None, 1),
        ("1490", "x", None, 1),
        ("1490", "0", None, 0),
    ],
)
def test_an_old_price_is_higher_and_not_absurd(price, old, kept, remarks):
    offer = checked(price=price, oldprice=old)

    assert offer.old_price_kopecks == kept
    assert (
        offer.remarks
        == (f"The old price is not higher than the price, so it is left out: {old}",) * remarks
    )


def test_old_prices_are_of_the_same_currency():
    offer = checked({"USD": Decimal(64)}, currencyId=" usd ", price="10", oldprice="20")

    assert (offer.price_kopecks, offer.old_price_kopecks) == (64_000, 128_000)


def test_the_dearest_and_the_cheapest_goods_have_a_price():
    assert checked(price="99999999,99").price_kopecks == 9_999_999_999
    assert checked(price="0,01").price_kopecks == 1


@pytest.mark.parametrize(
    ("weight", "grams", "remarks"),
    [
        ("0,0005", 1, 0),
        ("10000", 10_000_000, 0),
        ("10000,001", 0, 1),
        ("x", 0, 1),
    ],
)
def test_nothing_weighs_more_than_ten_tonnes(weight, grams, remarks):
    offer = checked(weight=weight)

    assert offer.weight_g == grams
    assert (
        offer.remarks
        == (f"The weight is not a number of kilograms, so it is left out: {weight}",) * remarks
    )


@pytest.mark.parametrize(
    ("texts", "sides", "told"),
    [
        ({"dimensions": "1/2/3"}, (10, 20, 30), None),
        ({"dimensions": "10000/1/1"}, (100_000, 10, 10), None),
        ({"dimensions": "10000,1/1/1"}, (0, 0, 0), "10000,1/1/1"),
        ({"dimensions": "1/1/10000,1"}, (0, 0, 0), "1/1/10000,1"),
        ({"dimensions": "1/2"}, (0, 0, 0), "1/2"),
        ({"length": "1", "width": "2", "height": "3"}, (10, 20, 30), None),
        ({"length": "1", "height": "3"}, (0, 0, 0), "1//3"),
    ],
)
def test_sizes_are_three_and_no_longer_than_a_hundred_metres(texts, sides, told):
    offer = checked(**texts)

    assert (offer.length_mm, offer.width_mm, offer.height_mm) == sides
    start = "The dimensions are not length/width/height in centimetres, so they are left out: "
    assert offer.remarks == (() if told is None else (start + told,))


@pytest.mark.parametrize("name", ["count", "stock_quantity", "quantity_in_stock", "quantity"])
def test_counts_go_by_several_names(name):
    assert checked(**{name: "4"}).stock == (("", 4),)
    assert checked(**{name: "4"}, available=" Нет ").stock == (("", 0),)


@pytest.mark.parametrize("available", ["false", "0", "no", "нет", " NO "])
def test_what_is_not_available_is_not_there(available):
    assert checked(available=available).stock == (("", 0),)


def test_stock_is_whole_and_has_an_end():
    assert checked(count="3,9").stock == (("", 3),)
    assert checked(count="1000001").stock == (("", 1_000_000),)
    offer = checked(outlets=[("tver", "x"), ("tver", "2"), ("", "")])
    assert offer.stock == (("", 0), ("tver", 2))
    assert offer.remarks == ("The stock is not a number, so it counts as none: x",)


def test_the_digest_holds_all_but_the_place_the_stock_and_the_remarks():
    digest = checked().digest()

    assert len(digest) == 64
    assert checked(count="4").digest() == digest
    assert checked(weight="x").digest() == digest
    assert checked(barcode="46").digest() != digest
    assert checked(description="а").digest() != digest


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1 490", "1490"),
        ("1'490.5", "1490.5"),
        ("1,490,000.5", "1490000.5"),
        ("1.490.000,5", "1490000.5"),
        ("5 рублей", "5"),
        ("5 РУБ.", "5"),
        ("5 см", "5"),
        ("1" * 15 + "." + "1" * 12, "1" * 15 + "." + "1" * 12),
    ],
)
def test_a_number_is_read_exactly(text, number):
    assert number_of(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "-1", "1.2.3", "1,2,3", "1e5", "٣", "5 руб 50", "1" * 16])
def test_what_is_no_number_is_refused_with_its_beginning(text):
    with pytest.raises(ValueError) as fault:
        number_of(text + "x" * 50)

    assert str(fault.value) == f"not a number: {(text + 'x' * 50)[:40]!r}"
    with pytest.raises(ValueError):
        number_of(text)


def test_halves_are_rounded_up():
    assert [whole(Decimal(one)) for one in ("0.4", "0.5", "1.5", "2.5")] == [0, 1, 2, 3]
