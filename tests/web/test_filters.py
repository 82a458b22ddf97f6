"""How templates write what people read."""

import pytest

from shop.web.filters import card


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Mir ···· 0004", "МИР ···· 0004"),
        ("MasterCard ···· 4477", "Mastercard ···· 4477"),
        ("AmericanExpress ···· 0005", "American Express ···· 0005"),
        ("Visa ···· 1111", "Visa ···· 1111"),
        ("Unknown ···· 1111", "···· 1111"),
        (" ···· 1111", "···· 1111"),
        ("", ""),
    ],
)
def test_a_card_is_called_as_people_know_it(app, written, read):
    with app.test_request_context():
        assert card(written) == read
