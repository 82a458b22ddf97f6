"""Personal data, the people who receive for somebody, and the log of what happened to an account."""

from shop.services.profile.changing import change_profile, choose_language
from shop.services.profile.events import note_event
from shop.services.profile.recipients import (
    TooManyRecipients,
    change_recipient,
    keep_recipient,
    remove_recipient,
)

__all__ = [
    "TooManyRecipients",
    "change_profile",
    "change_recipient",
    "choose_language",
    "keep_recipient",
    "note_event",
    "remove_recipient",
]
