"""Where the shop is: its days begin and end there."""

from zoneinfo import ZoneInfo

from flask import current_app


def zone() -> ZoneInfo:
    """Return the shop's time zone."""
    there: ZoneInfo = current_app.extensions["shop_config"].shop_time_zone
    return there
