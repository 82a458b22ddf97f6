"""What the security page asks: where one is signed in, what happened to the account."""

from shop.queries.security.events import last_events, log_of
from shop.queries.security.overview import overview_of
from shop.queries.security.sessions import devices_of

__all__ = ["devices_of", "last_events", "log_of", "overview_of"]
