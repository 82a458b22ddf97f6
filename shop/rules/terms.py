"""Terms that end with a day: who reads «until 24 November» has the whole of that day, by the shop's clock."""

from datetime import datetime, timedelta, tzinfo


def years_later(moment: datetime, years: int) -> datetime:
    """Return the same moment some years on; of 29 February it is 1 March where there is none."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, month=3, day=1)


def next_midnight(there: datetime) -> datetime:
    """Return when the day of a moment is over where its own clock is."""
    return (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def day_is_over(moment: datetime, zone: tzinfo) -> datetime:
    """Return when the day of a moment is over where the shop is."""
    return next_midnight(moment.astimezone(zone))
