"""Lines of fiscal receipts: whole kopecks a piece, just what was paid, whatever comes back in which order."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as some

from shop.rules.funding import Funding, allocate
from shop.rules.receipts import (
    MOST_LINES,
    Goods,
    Line,
    Settlement,
    Sold,
    advance_of,
    fitted,
    kept,
    lines_in,
    settled_by,
    settlements_in,
    sum_of,
)

NUMBER = "0042-1187"


def sold(name="Чайник", quantity=3, before=0, units=None, **funding):
    return Sold(name, quantity, before, quantity if units is None else units, Funding(**funding))


def lines_of(goods, mode="full_prepayment", vat=1):
    return goods.lines(number=NUMBER, mode=mode, vat=vat)


def short(lines):
    return [(line.name, line.quantity, line.price_kopecks) for line in lines]


def test_a_line_that_divides_is_one_line():
    goods = Goods((sold(outside_kopecks=447_000),))

    assert short(lines_of(goods)) == [("Чайник", 3, 149_000)]


def test_a_line_that_does_not_divide_is_two_a_kopeck_apart():
    goods = Goods((sold(outside_kopecks=100),))

    assert short(lines_of(goods)) == [("Чайник", 1, 34), ("Чайник", 2, 33)]


def test_points_and_given_money_are_a_lower_price_and_the_balance_is_money():
    goods = Goods(
        (sold(points=300, promo_kopecks=17_000, balance_kopecks=100_000, outside_kopecks=300_000),)
    )

    assert short(lines_of(goods)) == [
        ("Чайник", 1, 133_334),
        ("Чайник", 2, 133_333),
    ]
    assert (goods.outside_kopecks, goods.balance_kopecks, goods.money_kopecks) == (
        300_000,
        100_000,
        400_000,
    )


def test_what_no_money_pays_for_stands_on_no_receipt():
    assert lines_of(Goods((sold(promo_kopecks=447_000),))) == ()


def test_carriage_is_a_service_named_by_the_order():
    goods = Goods((), Funding(promo_kopecks=100, balance_kopecks=400, outside_kopecks=29_400))

    assert lines_of(goods) == (
        Line("Доставка заказа 0042-1187", 1, 29_800, "service", "full_prepayment"),
    )


def test_equal_lines_of_two_parcels_are_one_line():
    two = Goods((sold(quantity=2, outside_kopecks=200), sold(quantity=1, outside_kopecks=100)))

    assert short(lines_of(two)) == [("Чайник", 3, 100)]


def test_a_long_name_is_cut():
    (line,) = lines_of(Goods((sold("ё" * 300, 1, outside_kopecks=100),)))

    assert line.name == "ё" * 128


def test_of_more_lines_than_a_cash_desk_takes_the_last_are_named_by_their_sum():
    goods = Goods(tuple(sold(f"Вещь {number}", 1, outside_kopecks=1_001) for number in range(150)))

    lines = lines_of(goods)

    assert len(lines) == MOST_LINES
    assert short(lines)[-1] == ("Другие товары заказа 0042-1187", 1, 71 * 1_001)
    assert sum_of(lines) == 150 * 1_001


def test_what_is_prepaid_has_the_rate_counted_out_of_the_sum():
    goods = Goods((sold(quantity=1, outside_kopecks=100),))

    rates = {
        mode: lines_of(goods, mode, vat=11)[0].vat for mode in ("full_prepayment", "full_payment")
    }

    assert rates == {"full_prepayment": 12, "full_payment": 11}
    assert advance_of("Сертификат", 100, vat=4)[0].vat == 6
    assert advance_of("Сертификат", 100, vat=1)[0].vat == 1


def test_an_advance_is_a_payment_for_nothing_chosen_yet():
    assert advance_of("Подарочный сертификат G-1", 300_000, vat=1) == (
        Line("Подарочный сертификат G-1", 1, 300_000, "payment", "advance", 1),
    )


def test_settlements_of_nothing_are_left_out_and_kept_ones_come_back():
    settlements = settled_by(cashless=0, prepayment=700)

    assert settlements == (Settlement("prepayment", 700),)
    assert settlements_in(kept(settlements)) == settlements
    lines = lines_of(Goods((sold(outside_kopecks=100),)))
    assert lines_in(kept(lines)) == lines


def test_before_money_comes_at_the_door_only_the_balance_has_paid():
    goods = Goods(
        (sold(balance_kopecks=300, outside_kopecks=600),),
        Funding(balance_kopecks=10, outside_kopecks=20),
    )

    assert goods.without_outside().money_kopecks == 310
    assert sum_of(lines_of(goods.without_outside())) == 310


@some.composite
def orders(draw):
    """An order's lines with what pays for each, as an order's opening allots it, and its carriage."""
    counts = draw(some.lists(some.integers(1, 9), min_size=1, max_size=6))
    prices = [draw(some.integers(100, 500_000)) for _ in counts]
    sums = [count * price for count, price in zip(counts, prices, strict=True)]
    delivery = draw(some.integers(0, 50_000))
    points = draw(some.integers(0, sum(one // 100 for one in sums) // 4))
    rest = sum(sums) + delivery - points * 100
    promo = draw(some.integers(0, rest))
    balance = draw(some.integers(0, rest - promo))
    funding = Funding(points, promo, balance, rest - promo - balance)
    of_lines, (carriage,) = allocate(funding, lines=sums, deliveries=[delivery])
    lines = tuple(
        Sold(f"Вещь {place}", count, 0, count, part)
        for place, (count, part) in enumerate(zip(counts, of_lines, strict=True))
    )
    return Goods(lines, carriage), funding


@given(orders())
def test_lines_add_up_to_the_money_to_the_kopeck_and_fit_a_cash_desk(order):
    goods, funding = order

    lines = lines_of(goods)

    assert sum_of(lines) == goods.money_kopecks == funding.money_kopecks
    assert (goods.outside_kopecks, goods.balance_kopecks) == (
        funding.outside_kopecks,
        funding.balance_kopecks,
    )
    assert len(lines) <= MOST_LINES
    assert all(line.price_kopecks > 0 and line.quantity > 0 for line in lines)


@given(orders(), some.data())
def test_pieces_that_come_back_bit_by_bit_have_just_the_lines_of_all_of_them(order, data):
    goods, _ = order
    back = []
    for one in goods.sold:
        before = 0
        while before < one.quantity:
            units = data.draw(some.integers(1, one.quantity - before))
            part = Goods((replace(one, before=before, units=units),))
            back += lines_of(part, "full_payment")
            before += units

    whole = lines_of(Goods(goods.sold), "full_payment")

    assert sorted(fitted(back, number=NUMBER, vat=1), key=repr) == sorted(whole, key=repr)


@given(some.lists(some.tuples(some.integers(1, 50), some.integers(1, 9_999)), max_size=200))
def test_however_many_lines_there_are_the_sum_stays(pairs):
    lines = [Line(f"Вещь {place}", count, price) for place, (count, price) in enumerate(pairs)]

    fit = fitted(lines, number=NUMBER, vat=1)

    assert sum_of(fit) == sum_of(lines)
    assert len(fit) <= MOST_LINES


def test_the_eightieth_line_stands_for_what_is_beyond_and_is_goods():
    ones = [
        Line(f"Товар {number}", 3, 100 + number, "service", "full_payment") for number in range(82)
    ]

    assert fitted(ones[:80], number=NUMBER, vat=1) == tuple(
        replace(one, vat=1) for one in ones[:80]
    )
    fit = fitted(ones, number=NUMBER, vat=1)
    assert (len(fit), fit[78]) == (80, replace(ones[78], vat=1))
    rest = 3 * (179 + 180 + 181)
    last = Line(f"Другие товары заказа {NUMBER}", 1, rest, "commodity", "full_payment", 1)
    assert fit[79] == last


def test_carriage_is_paid_as_the_goods_are():
    goods = Goods((), Funding(outside_kopecks=299_00))

    assert [line.mode for line in goods.lines(number=NUMBER, mode="full_payment", vat=1)] == [
        "full_payment"
    ]
