from decimal import Decimal

import pytest

from shop.rules.feeds import (
    BadOffer,
    RawCategory,
    RawCurrency,
    RawOffer,
    checked_offer,
    parts,
    placed_categories,
    plain,
    rates_of,
    told,
    vanishes_too_much,
)

ROUBLES = {"RUB": Decimal(1)}


def raw(**texts):
    given = {"name": "Чайник", "price": "1490", "categoryId": "3", "currencyId": "RUB"} | texts
    return RawOffer(
        7, "a1", "true", {name: text for name, text in given.items() if text is not None}
    )


def checked(offer, rates=ROUBLES):
    return checked_offer(offer, categories={"3"}, rates=rates)


def why_not(offer, rates=ROUBLES):
    with pytest.raises(BadOffer) as caught:
        checked(offer, rates)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "kopecks"),
    [
        ("1490", 149000),
        ("1 490", 149000),
        ("1\u00a0490,5 руб.", 149050),
        ("1,490.00", 149000),
        ("1.490,00", 149000),
        ("1732.650576", 173265),
        ("0.005", 1),
        ("990 ₽", 99000),
    ],
)
def test_reads_prices_as_merchants_write_them(text, kopecks):
    assert checked(raw(price=text)).price_kopecks == kopecks


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "The offer has no price"),
        ("0.00", "The price is zero"),
        ("0.004", "The price is zero"),
        ("-5", "The price is not a sum of money: -5"),
        ("1e9", "The price is not a sum of money: 1e9"),
        ("٣", "The price is not a sum of money: ٣"),
        ("=2+3", "The price is not a sum of money: =2+3"),
        ("100000000", "The price is absurdly high: 100000000"),
    ],
)
def test_refuses_what_is_no_price_and_says_why(text, reason):
    assert why_not(raw(price=text)) == reason


def test_an_old_price_that_is_not_higher_is_left_out_with_a_remark():
    offer = checked(raw(oldprice="1490"))

    assert offer.old_price_kopecks is None
    assert offer.remarks == ("The old price is not higher than the price, so it is left out: 1490",)
    assert checked(raw(oldprice="0")).remarks == ()
    assert checked(raw(oldprice="2 000")).old_price_kopecks == 200000


def test_another_currency_needs_a_rate_to_roubles():
    rates = rates_of(
        [RawCurrency(1, "RUB", "1"), RawCurrency(2, "USD", "64.81"), RawCurrency(3, "EUR", "CBRF")]
    )

    assert checked(raw(currencyId="USD", price="10"), rates).price_kopecks == 64810
    assert (
        why_not(raw(currencyId="EUR"), rates)
        == "The price is in a currency without a rate to roubles: EUR"
    )
    assert why_not(raw(currencyId="UAH"), rates_of([RawCurrency(1, "UAH", "1")])) == (
        "The price is in a currency without a rate to roubles: UAH"
    )


def test_roubles_need_not_be_declared():
    assert checked(raw(currencyId="RUR"), {}).remarks == (
        "The currency isn't declared in the feed: RUR",
    )
    assert checked(raw(currencyId=None), {}).remarks == ()


def test_a_name_is_put_together_when_it_isn_t_given():
    assert (
        checked(raw(name=None, typePrefix="Чайник", vendor="Нева", model="Т-7")).name
        == "Чайник Нева Т-7"
    )
    assert why_not(raw(name=None, vendor="Нева")) == "The offer has no name"
    assert why_not(raw(name="—")) == "The offer has no name"


def test_scripts_and_invisible_signs_are_only_text():
    offer = checked(raw(name="=HYPERLINK(1) <script>alert(1)</script>\u202eчай\u200bник"))

    assert offer.name == "=HYPERLINK(1) <script>alert(1)</script>чайник"


def test_an_unknown_category_and_a_missing_id_are_refused():
    assert why_not(raw(categoryId="9")) == "The offer's category isn't in the feed: 9"
    assert why_not(RawOffer(1, "")) == "The offer has no id"
    assert why_not(RawOffer(1, "x" * 81)) == "The offer's id is longer than 80 letters"


def test_weights_and_sizes_become_grams_and_millimetres():
    offer = checked(raw(weight="1,9 кг", dimensions="40/28.5/7"))

    assert (offer.weight_g, offer.length_mm, offer.width_mm, offer.height_mm) == (
        1900,
        400,
        285,
        70,
    )


def test_senseless_weights_and_sizes_are_left_out_with_a_remark():
    offer = checked(raw(weight="лёгкий", dimensions="40x28"))

    assert (offer.weight_g, offer.length_mm) == (0, 0)
    assert len(offer.remarks) == 2


def test_stock_is_by_outlet_else_by_count_else_some_when_available():
    by_outlet = raw()
    by_outlet.outlets = [("tver", "3"), ("podolsk", ""), ("tver", "2")]
    gone = raw()
    gone.available = "false"

    assert checked(by_outlet).stock == (("podolsk", 0), ("tver", 5))
    assert checked(raw(count="4")).stock == (("", 4),)
    assert checked(raw()).stock == (("", 10),)
    assert checked(gone).stock == (("", 0),)
    assert checked(raw(count="много")).remarks == (
        "The stock is not a number, so it counts as none: много",
    )


def test_the_digest_changes_with_the_offer_but_not_with_its_place_or_stock():
    first, elsewhere, other = raw(), raw(), raw(price="1491")
    elsewhere.line = 99
    elsewhere.outlets = [("tver", "1")]

    assert checked(first).digest() == checked(elsewhere).digest()
    assert checked(first).digest() != checked(other).digest()
    assert checked(first).digest("a") != checked(first).digest("b")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<p>Лёгкий&nbsp;чайник.</p><ul><li>стекло<li>сталь</ul>",
            "Лёгкий чайник.\n• стекло\n• сталь",
        ),
        ("<script>alert(1)</script><b>Да</b><style>p{}</style>", "Да"),
        ("5 < 6 и 7 > 3\n\nвторой", "5 < 6 и 7 > 3\nвторой"),
        ("Том &amp; Джерри", "Том & Джерри"),
        ("", ""),
    ],
)
def test_descriptions_become_plain_paragraphs(html, text):
    assert plain(html) == text


def test_a_tree_in_any_state_finds_its_places():
    placed, problems = placed_categories(
        [
            RawCategory(1, "1", "", "Дом"),
            RawCategory(2, "2", "1", "Посуда"),
            RawCategory(3, "3", "99", "Сад"),
            RawCategory(4, "1", "", "Второй дом"),
            RawCategory(5, "4", "5", "Яйцо"),
            RawCategory(6, "5", "4", "Курица"),
            RawCategory(7, "6", "1", "  "),
            RawCategory(8, "7", "1", "Посуда"),
        ]
    )

    assert {external_id: one.path for external_id, one in placed.items()} == {
        "1": "dom",
        "2": "dom/posuda",
        "6": "dom/6",
        "7": "dom/posuda-2",
        "3": "sad",
        "4": "yajco",
        "5": "yajco/kurica",
    }
    assert placed["5"].chain == ("4", "5")
    assert placed["6"].name == "№ 6"
    assert [(problem.line, problem.offer_id) for problem in problems] == [
        (4, "1"),
        (7, "6"),
        (3, "3"),
        (5, "4"),
    ]


def test_children_may_stand_before_their_parents_and_deep_ones_keep_short_addresses():
    chain = [
        RawCategory(n, str(n), str(n - 1) if n > 1 else "", "Очень длинное название раздела")
        for n in range(30, 0, -1)
    ]

    placed, problems = placed_categories(chain)

    assert problems == []
    assert placed["30"].depth == 29
    assert max(len(one.path) for one in placed.values()) <= 400
    assert len({one.path for one in placed.values()}) == 30


def test_a_zero_may_be_a_category_or_no_parent():
    placed, _ = placed_categories(
        [RawCategory(1, "0", "", "Ноль"), RawCategory(2, "1", "0", "Один")]
    )
    others, _ = placed_categories([RawCategory(1, "1", "0", "Один")])

    assert placed["1"].parent_id == "0"
    assert others["1"].parent_id is None


def test_reasons_are_kept_in_two_parts():
    assert parts(told("The price is zero", "a:  b")) == ("The price is zero", ": a: b")
    assert parts("The price is zero") == ("The price is zero", "")


def test_more_than_half_vanishing_is_too_much():
    assert vanishes_too_much(10, 6)
    assert not vanishes_too_much(10, 5)
    assert not vanishes_too_much(0, 0)
