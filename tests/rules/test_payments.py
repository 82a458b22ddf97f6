"""What news may move an attempt, and how much each way to pay takes."""

import pytest

from shop.rules.payments import METHODS, OPEN, states_below


@pytest.mark.parametrize(
    ("news", "moved"),
    [
        ("new", ()),
        ("sending", ("new",)),
        ("unknown", ("new",)),
        ("pending", ("new", "sending", "unknown")),
        ("held", ("new", "sending", "unknown", "pending")),
        ("succeeded", OPEN),
        ("canceled", OPEN),
        ("mismatch", OPEN),
    ],
)
def test_news_move_an_attempt_only_up(news, moved):
    assert states_below(news) == moved


@pytest.mark.parametrize(
    ("kopecks", "takes"), [(99, False), (100, True), (350_000_00, True), (350_000_01, False)]
)
def test_a_way_to_pay_takes_sums_within_its_limits(kopecks, takes):
    assert METHODS["bank_card"].takes(kopecks) is takes
