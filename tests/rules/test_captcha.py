import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from shop.rules.captcha import (
    KEY_LIVES,
    WORK_BITS,
    WORK_PARTS,
    digits_of,
    is_key_alive,
    is_right_code,
    is_work_done,
    key_ends_at,
    noise_of,
    signed_key,
)

NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECRET = "s" * 32
KEY = signed_key("word-1_2", now=NOON, secret=SECRET)


def proof_for(key):
    """What a browser's work comes to."""
    numbers = []
    for part in range(WORK_PARTS):
        number = 0
        while hashlib.sha256(f"{key}:{part}:{number}".encode()).digest()[:4] >= (
            1 << 32 - WORK_BITS
        ).to_bytes(4):
            number += 1
        numbers.append(str(number))
    return "-".join(numbers)


def test_a_key_says_when_it_ends_ten_minutes_later():
    assert KEY.startswith("word-1_2.")
    assert key_ends_at(KEY, secret=SECRET) == NOON + timedelta(minutes=10)


@pytest.mark.parametrize(
    "made_up",
    ["", ".", "..", "word", KEY[:-1], KEY + "a", "x" + KEY, KEY.replace("word", "sword"), "ключ." + KEY,
     KEY.upper(), " " + KEY, KEY + " ", "a.b.c", f"word.{'9' * 40}.00", "\0", "a" * 5000],
)  # fmt: skip
def test_a_key_that_the_shop_never_signed_is_none(made_up):
    assert key_ends_at(made_up, secret=SECRET) is None


def test_another_shops_key_is_none():
    assert key_ends_at(KEY, secret="t" * 32) is None


def test_a_key_lives_until_its_end_and_not_before_it_was_made():
    ends_at = key_ends_at(KEY, secret=SECRET)

    assert is_key_alive(ends_at, now=NOON)
    assert is_key_alive(ends_at, now=NOON + KEY_LIVES - timedelta(seconds=1))
    assert not is_key_alive(ends_at, now=NOON + KEY_LIVES)
    assert is_key_alive(ends_at, now=NOON - timedelta(minutes=1))
    assert not is_key_alive(ends_at, now=NOON - timedelta(minutes=2))
    assert not is_key_alive(None, now=NOON)


def test_the_digits_are_five_belong_to_the_key_and_to_the_secret():
    keys = [signed_key(f"w{number}", now=NOON, secret=SECRET) for number in range(2000)]
    codes = [digits_of(key, secret=SECRET) for key in keys]

    assert all(len(code) == 5 and code.isdigit() for code in codes)
    assert codes == [digits_of(key, secret=SECRET) for key in keys]
    assert len(set(codes)) > 1900
    assert {code[0] for code in codes} == set("0123456789")
    assert digits_of(KEY, secret=SECRET) != digits_of(KEY, secret="t" * 32)
    assert digits_of(KEY, secret=SECRET) not in KEY


def test_the_noise_is_known_to_nobody_else():
    assert noise_of(KEY, secret=SECRET) == noise_of(KEY, secret=SECRET)
    assert noise_of(KEY, secret=SECRET) != noise_of(KEY, secret="t" * 32)
    assert noise_of(KEY, secret=SECRET) != noise_of("other", secret=SECRET)


def test_the_code_may_be_typed_as_people_type():
    code = digits_of(KEY, secret=SECRET)
    wide = "".join(chr(ord("０") + int(digit)) for digit in code)
    arabic = "".join(chr(ord("٠") + int(digit)) for digit in code)

    for typed in (code, f" {code} ", " ".join(code), "-".join(code), f"Код: {code}", wide, arabic):
        assert is_right_code(typed, KEY, secret=SECRET)


@pytest.mark.parametrize("change", ["", "0", "x", "99999999", "\0", "пять"])
def test_other_digits_are_wrong(change):
    code = digits_of(KEY, secret=SECRET)
    other = f"{(int(code) + 1) % 100000:05}"

    assert not is_right_code(change, KEY, secret=SECRET)
    assert not is_right_code(other, KEY, secret=SECRET)
    assert not is_right_code(code[:-1], KEY, secret=SECRET)
    assert not is_right_code(code + "0", KEY, secret=SECRET)


def test_the_work_is_done_when_every_part_is():
    proof = proof_for(KEY)
    numbers = proof.split("-")

    assert is_work_done(KEY, proof)
    assert not is_work_done(signed_key("other", now=NOON, secret=SECRET), proof)
    assert not is_work_done(KEY, "-".join(numbers[:-1]))
    assert not is_work_done(KEY, "-".join([*numbers, "0"]))
    assert not is_work_done(KEY, "-".join(reversed(numbers)))


@pytest.mark.parametrize("proof", ["", "-", "0-0-0-0-0-0-0-0", "1" * 200, "-------", "٣-" * 7 + "٣", "a-" * 7 + "a", "9" * 20 + "-1" * 7])  # fmt: skip
def test_what_isnt_work_isnt_taken_for_it(proof):
    assert not is_work_done(KEY, proof)
