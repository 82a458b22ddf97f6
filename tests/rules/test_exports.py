"""What stands in «Download my data», and what an account is called that was emptied."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from shop.rules.exports import for_machines
from shop.rules.farewell import emptied_email, ends_at, is_nowhere

NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_days_and_moments_are_written_for_machines():
    assert for_machines(NOON.astimezone(ZoneInfo("Europe/Moscow"))) == "2026-11-24T09:00:00+00:00"
    assert for_machines(date(2026, 11, 24)) == "2026-11-24"


def test_nothing_else_gets_into_an_export():
    with pytest.raises(TypeError) as fault:
        for_machines({1})

    assert str(fault.value) == "set has no place in an export"


def test_an_account_ends_thirty_days_after_it_was_asked_for():
    assert ends_at(NOON) == datetime(2026, 12, 24, 9, 0, tzinfo=UTC)


def test_an_emptied_account_has_an_address_of_nobody():
    assert emptied_email(17) == "deleted-17@deleted.invalid"
    assert is_nowhere("deleted-17@deleted.invalid") is True
    assert is_nowhere("igor@example.ru") is False
