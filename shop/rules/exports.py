"""«Download my data»: how long a file is kept, and how what stands in it is written for machines."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

FORMAT = "shop-data-1"
EXPORT_LIVES = timedelta(days=7)
# A file that no row knows of is left by a crash; one that is younger may still be in the making.
UNKNOWN_FILES_LIVE = timedelta(hours=1)


def for_machines(value: Any) -> str:
    """Return a day or a moment as ISO 8601 has it, moments in UTC.

    :raises TypeError: for anything else that JSON doesn't know.
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an export")
