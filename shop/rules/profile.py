"""What a person may tell of themselves, and how many people they may keep to receive for them."""

from dataclasses import dataclass
from datetime import date

from shop.rules.names import full_name, greeting

# No one alive was born earlier.
FIRST_BIRTH_YEAR = 1900
# Enough for a family and its friends; more is somebody's trade.
MOST_RECIPIENTS = 20


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What a person writes of themselves. Nothing of it is guessed from anything else."""

    family_name: str
    given_name: str
    patronymic: str = ""
    greeting: str = "name"
    birth_on: date | None = None
    # "female", "male", or empty: not said.
    sex: str = ""
    phone: str = ""

    @property
    def full_name(self) -> str:
        """«Секретов Игорь Валерьянович»"""
        return full_name(self.family_name, self.given_name, self.patronymic)

    @property
    def addressed(self) -> str:
        """How letters call the person."""
        return greeting(self.given_name, self.patronymic, self.greeting)


class NotADate(ValueError):
    """There is no such day."""


class NotABirthday(ValueError):
    """There is such a day, but nobody who can write it was born on it."""


def birthday_of(day: str, month: str, year: str, today: date) -> date | None:
    """Return the day that three fields tell, or None when all are empty.

    :raises NotADate: when only a part of it is written, or the calendar has no such day.
    :raises NotABirthday: when it is in the future, or before 1900.
    """
    parts = [part.strip() for part in (year, month, day)]
    if not any(parts):
        return None
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        raise NotADate
    try:
        written = date(*map(int, parts))
    except ValueError:
        raise NotADate from None
    # «76» is the first century: whoever shortens a year is told so, not corrected.
    if not date(FIRST_BIRTH_YEAR, 1, 1) <= written <= today:
        raise NotABirthday
    return written
