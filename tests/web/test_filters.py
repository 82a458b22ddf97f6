"""How templates write what people read."""

import pytest
from flask_babel import force_locale

from shop.web.filters import card, hours, level, pieces, unbroken


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


@pytest.mark.parametrize(
    ("language", "read", "level_read", "one", "many"),
    [
        ("en", "every day 10:00–22:00", "Silver", "1 pc", "3 pcs"),
        ("ru", "ежедневно 10:00–22:00", "Серебряный", "1 шт.", "3 шт."),
    ],
)
def test_hours_levels_and_pieces_are_in_the_readers_language(
    app, language, read, level_read, one, many
):
    with app.test_request_context(), force_locale(language):
        assert hours("ежедневно 10:00–22:00") == read
        assert hours("пн–сб 10:00–20:00") == ("Mon–Sat" if language == "en" else "пн–сб") + (
            " 10:00–20:00"
        )
        assert (level("Серебряный"), level("Для своих")) == (level_read, "Для своих")
        assert (pieces(1), pieces(3)) == (one, many)


def test_a_number_with_dashes_stays_on_one_line_and_is_escaped():
    assert unbroken("G-0525-6808") == '<span class="nowrap">G-0525-6808</span>'
    assert "<b>" not in unbroken("<b>")
