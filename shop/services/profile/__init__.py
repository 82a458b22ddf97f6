"""Personal data, and the log of what happened to an account."""

from shop.services.profile.changing import change_names, choose_language
from shop.services.profile.events import note_event

__all__ = ["change_names", "choose_language", "note_event"]
