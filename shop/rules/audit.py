"""When the books are looked at: once a night, and soon where a night was missed."""

from datetime import datetime, timedelta

# The hours of day in which few people are about.
NIGHT = range(3, 6)
# One night's look must be this old before the next; one so old is made up for by day.
LEAST, MOST = timedelta(hours=12), timedelta(hours=26)


def is_due(*, last: datetime | None, now: datetime, hour: int) -> bool:
    """Return True when it is time to look at the books again; `hour` is the hour of day where the shop is."""
    if last is None or now - last >= MOST:
        return True
    return hour in NIGHT and now - last >= LEAST
