from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules import certificates as rules
from shop.rules.certificates import ALPHABET, normal_code, normal_word, shown_code
from shop.rules.orders import number_of

MOSCOW = ZoneInfo("Europe/Moscow")
NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CODES = st.text(st.sampled_from(ALPHABET), min_size=16, max_size=16)
CODE = "7K4M2P9X0033ACEH"
# What a sign of the alphabet may be written as: itself, its doubles, Russian letters of its look.
DOUBLES = {
    "0": "0OoОоQqDd", "1": "1IiLlІі|!", "2": "2Zz", "3": "3ЗзЭэ", "4": "4Чч", "5": "5SsЅ",
    "6": "6GgБб", "8": "8BbВв", "A": "AaАа", "C": "CcСс", "E": "EeЕеЁё", "H": "HhНн",
    "K": "KkКк", "M": "MmМм", "P": "PpРр", "T": "TtТт", "V": "VvUu", "X": "XxХх", "Y": "YyУу",
}  # fmt: skip


def test_no_two_signs_of_the_alphabet_are_doubles():
    assert len(set(ALPHABET)) == len(ALPHABET) == 26
    assert set(ALPHABET) & set("OILUZSBGDQ") == set()


def test_a_code_is_shown_in_four_groups():
    assert shown_code(CODE) == "7K4M-2P9X-0033-ACEH"
    assert rules.code_of(range(16)) == "0123456789ACEFHJ"


@given(CODES, st.data())
def test_a_code_is_read_however_it_is_written(code, data):
    written = ""
    for sign in code:
        written += data.draw(st.sampled_from(DOUBLES.get(sign, sign + sign.lower())))
        written += data.draw(
            st.sampled_from(["", "", " ", "-", "–", "—", "\u00a0", "\n", "_", "\u200b"])
        )

    assert normal_code(written) == code


@given(CODES)
def test_a_code_that_is_read_stays_as_it_is(code):
    assert normal_code(code) == normal_code(shown_code(code)) == code


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_code_of_the_alphabet_or_none(text):
    code = normal_code(text)

    assert code == "" or (len(code) == 16 and set(code) <= set(ALPHABET))


@pytest.mark.parametrize("between", ["\x07", "\u00ad", "‑", "_", ".", "·", "\t"])
def test_what_is_pasted_along_with_a_code_is_left_out(between):
    assert normal_code(between.join(CODE)) == CODE


@pytest.mark.parametrize("text", ["", CODE[:-1], CODE + "A", CODE[:-1] + "Ж", CODE[:-1] + "*"])
def test_what_is_too_short_too_long_or_has_other_signs_is_no_code(text):
    assert normal_code(text) == ""


def test_a_missing_sign_is_told_from_a_word():
    assert rules.nearly_a_code(shown_code(CODE)[:-1]) == 15
    assert rules.nearly_a_code(CODE + "0") == 17
    assert rules.nearly_a_code(CODE) == 0
    assert [rules.nearly_a_code(CODE[:count]) for count in (11, 12)] == [0, 12]
    assert [rules.nearly_a_code(CODE + "0" * more) for more in (4, 5)] == [20, 0]
    assert rules.nearly_a_code("осень") == 0
    assert rules.nearly_a_code("ОСЕННИЙ ПОДАРОК") == 0


@pytest.mark.parametrize(
    "text", ["Осень-2026", " ОСЕНЬ 2026", "«осень 2026»", "осЕнь—2026", "О с е н ь 2026"]
)
def test_a_word_is_read_however_it_is_written(text):
    assert normal_word(text) == "осень2026"


def test_a_word_with_yo_is_the_word_with_ye():
    assert normal_word("Тёплый ЁЖ") == normal_word("теплый еж") == "теплыйеж"
    assert normal_word("Е\u0308ж") == "еж"  # Ё in two pieces.


@given(st.text(max_size=40))
def test_a_word_that_is_read_stays_as_it_is(text):
    assert normal_word(normal_word(text)) == normal_word(text)


def test_a_word_that_would_be_read_as_a_code_is_none():
    assert rules.may_be_a_word("осень") is True
    assert rules.may_be_a_word("ab") is False
    assert rules.may_be_a_word("чай") is True
    assert rules.may_be_a_word("я" * 40) is True
    assert rules.may_be_a_word("я" * 41) is False
    assert rules.may_be_a_word(CODE.lower()) is False
    assert rules.may_be_a_word(CODE[:13].lower()) is False


def test_certificates_sold_long_ago_are_found_by_the_same_hash():
    assert rules.code_hash(CODE, secret="shop") == (
        "1f526c161c55d9edd81fc2997440bdd55ffe23b8e9b6f7fabc2078d2e2d0b72d"
    )


def test_a_hash_needs_the_shops_secret():
    assert rules.code_hash(CODE, secret="one") != rules.code_hash(CODE, secret="two")
    assert len(rules.code_hash(CODE, secret="one")) == 64


@pytest.mark.parametrize(
    ("kopecks", "is_one"),
    [
        (499_00, False),
        (500_00, True),
        (500_50, False),
        (1234_00, True),
        (50_000_00, True),
        (50_001_00, False),
        (-500_00, False),
    ],
)
def test_sums_are_whole_roubles_within_the_limits(kopecks, is_one):
    assert rules.may_be_nominal(kopecks) is is_one


def test_every_button_is_a_sum_that_is_sold():
    assert all(rules.may_be_nominal(one) for one in rules.NOMINALS)
    assert list(rules.NOMINALS) == sorted(set(rules.NOMINALS))


def test_a_certificate_waits_a_year_to_the_day():
    assert rules.activate_until(NOON, MOSCOW) == datetime(2027, 11, 24, 23, 59, 59, tzinfo=MOSCOW)
    leap = datetime(2028, 2, 29, 12, 0, tzinfo=UTC)
    assert rules.activate_until(leap, MOSCOW) == datetime(2029, 3, 1, 23, 59, 59, tzinfo=MOSCOW)


def test_the_last_day_is_the_shops_own():
    late = datetime(2026, 11, 24, 21, 30, tzinfo=UTC)  # It is the 25th in Moscow.

    assert rules.activate_until(late, MOSCOW) == datetime(2027, 11, 25, 23, 59, 59, tzinfo=MOSCOW)
    assert rules.activate_until(late, UTC) == datetime(2027, 11, 24, 23, 59, 59, tzinfo=UTC)


def test_a_buyer_may_give_an_unused_one_back_for_fourteen_days():
    last = datetime(2026, 12, 8, 23, 59, 59, tzinfo=MOSCOW)

    assert rules.may_be_refunded("sold", NOON, last, MOSCOW) is True
    assert rules.may_be_refunded("sold", NOON, last + timedelta(seconds=1), MOSCOW) is False
    assert rules.may_be_refunded("activated", NOON, NOON, MOSCOW) is False
    assert rules.may_be_refunded("sold", None, NOON, MOSCOW) is False


def test_a_letter_may_be_put_off_from_today_to_half_a_year():
    today = date(2026, 11, 24)

    assert rules.may_be_sent_on(today, today) is True
    assert rules.may_be_sent_on(today - timedelta(days=1), today) is False
    assert rules.may_be_sent_on(today + timedelta(days=180), today) is True
    assert rules.may_be_sent_on(today + timedelta(days=181), today) is False


def test_nobody_is_congratulated_in_the_night():
    assert rules.last_day_due(datetime(2026, 12, 31, 8, 59, tzinfo=MOSCOW)) == date(2026, 12, 30)
    assert rules.last_day_due(datetime(2026, 12, 31, 9, 0, tzinfo=MOSCOW)) == date(2026, 12, 31)


def test_a_serial_has_the_figures_of_no_order():
    orders = {number_of(order_id) for order_id in range(1, 10_001)}
    serials = {rules.serial_of(one) for one in range(1, 10_001)}

    assert len(serials) == 10_000 and all(rules.is_serial(serial) for serial in serials)
    assert not orders & {serial.removeprefix("G-") for serial in serials}
    # Printed and written down, they stay what they were.
    assert (rules.serial_of(1), rules.serial_of(2)) == ("G-1585-4220", "G-7573-0855")


@pytest.mark.parametrize("text", ["G-1307-3398", " g 1307 3398", "Г-1307-3398"])
def test_a_serial_is_told_by_its_letter(text):
    assert rules.is_serial(text)


@pytest.mark.parametrize("text", ["1307-3398", "", "Gift", "№ 1307-3398"])
def test_other_numbers_are_no_serials(text):
    assert not rules.is_serial(text)
