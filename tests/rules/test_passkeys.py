from datetime import UTC, datetime, timedelta

import pytest

from shop.rules.passkeys import (
    Challenge,
    address_for_passkeys,
    counter_went_back,
    party_at,
    read_challenge,
    user_handle,
)

NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECRET = "s" * 32
ASKED = Challenge("proof", 17, NOON, "0123abcd")


def party(here, shop_url, is_production=False):
    found = party_at(here=here, shop_url=shop_url, shop_name="Озон", is_production=is_production)
    assert found is None or found.name == "Озон"
    return (found.host, found.origin) if found else None


@pytest.mark.parametrize(
    ("here", "shop_url", "is_production", "expected"),
    [
        ("https://shop.example/", "https://shop.example", True, ("shop.example", "https://shop.example")),
        ("https://shop.example/", "https://shop.example:443", True, ("shop.example", "https://shop.example")),
        ("https://xn--80aaxitdbjk.xn--p1ai/", "https://магазин.рф", True, None),
        ("https://xn--80aairftm.xn--p1ai/", "https://магазин.рф", True, ("xn--80aairftm.xn--p1ai", "https://xn--80aairftm.xn--p1ai")),
        ("https://www.shop.example/", "https://shop.example", True, None),
        ("http://shop.example/", "https://shop.example", True, None),
        ("http://localhost:8000/", "https://shop.example", True, None),
        ("http://localhost:8000/", "http://127.0.0.1:8000", False, ("localhost", "http://localhost:8000")),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000", False, None),
        ("http://[::1]:8000/", "http://[::1]:8000", False, None),
        ("http://evil.example:8000/", "http://127.0.0.1:8000", False, None),
    ],
)  # fmt: skip
def test_passkeys_work_at_the_shops_own_address_and_while_trying_out_at_localhost(
    here, shop_url, is_production, expected
):
    assert party(here, shop_url, is_production) == expected


@pytest.mark.parametrize(
    ("shop_url", "expected"),
    [
        ("https://shop.example", "https://shop.example"),
        ("http://127.0.0.1:8000", "http://localhost:8000"),
        ("http://127.0.0.1", "http://localhost"),
    ],
)
def test_the_address_where_they_work_can_be_told(shop_url, expected):
    assert address_for_passkeys(shop_url) == expected


def test_a_sealed_question_is_read_again():
    assert read_challenge(ASKED.sealed(SECRET), secret=SECRET) == ASKED
    assert len(ASKED.sealed(SECRET)) >= 64


@pytest.mark.parametrize(
    "forged",
    [
        b"",
        b"....",
        "вопрос".encode(),
        b"\xff\xfe",
        ASKED.sealed("t" * 32),
        ASKED.sealed(SECRET)[:-1],
        ASKED.sealed(SECRET).replace(b"proof", b"sign_in"),
        ASKED.sealed(SECRET).replace(b".17.", b".18."),
    ],
)
def test_a_question_that_was_never_asked_is_none(forged):
    assert read_challenge(forged, secret=SECRET) is None


def test_a_seal_holds_for_its_own_question_only():
    other = Challenge("sign_in", 0, NOON, "0123abcd").sealed(SECRET)
    body, _, _ = ASKED.sealed(SECRET).rpartition(b".")

    assert read_challenge(body + b"." + other.rpartition(b".")[2], secret=SECRET) is None


@pytest.mark.parametrize(
    ("later", "is_over"),
    [
        (timedelta(0), False),
        (timedelta(minutes=4, seconds=59), False),
        (timedelta(minutes=5), True),
        (timedelta(seconds=-59), False),
        (timedelta(minutes=-1), True),
        (timedelta(seconds=-61), True),
        (timedelta(minutes=-2), True),
    ],
)
def test_a_question_holds_for_five_minutes(later, is_over):
    assert ASKED.is_over(NOON + later) is is_over


@pytest.mark.parametrize(
    ("kept", "told", "went_back"),
    [
        (0, 0, False),
        (0, 1, False),
        (7, 8, False),
        (7, 7, True),
        (7, 6, True),
        (7, 0, True),
        (1, 0, True),
    ],
)
def test_a_counter_may_stand_at_nought_but_never_go_back(kept, told, went_back):
    assert counter_went_back(kept, told) is went_back


def test_an_accounts_handle_is_always_the_same_and_nobody_elses():
    handles = {user_handle(number, secret=SECRET) for number in (1, 2, 1)}

    assert {len(handle) for handle in handles} == {32}
    # Keys made years ago know the account by it.
    assert user_handle(17, secret=SECRET).hex() == (
        "1af79b77413d7397699bb674ee37e6525c1b14b6394cdea5eef6c3614162f724"
    )
    assert len(handles) == 2
    assert user_handle(1, secret="t" * 32) not in handles
