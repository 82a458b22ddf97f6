"""When the books are looked at."""

from datetime import UTC, datetime, timedelta

import pytest

from shop.rules.audit import is_due

NOW = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours_ago", "hour", "must_be"),
    [
        (11.9, 3, False),
        (12, 3, True),
        (12, 2, False),
        (12, 5, True),
        (12, 6, False),
        (25.9, 14, False),
        (26, 14, True),
    ],
)
def test_at_night_or_when_a_night_was_missed(hours_ago, hour, must_be):
    last = NOW - timedelta(hours=hours_ago)

    assert is_due(last=last, now=NOW, hour=hour) is must_be


def test_at_once_where_it_never_was():
    assert is_due(last=None, now=NOW, hour=14)
