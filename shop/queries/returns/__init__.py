"""Calling off and giving back: what may be, how it stands, and what waits for whose hands."""

from shop.queries.returns.back import Back
from shop.queries.returns.cabinet import (
    ReturnRow,
    ReturnView,
    return_at_desk,
    return_of,
    returns_of,
)
from shop.queries.returns.choices import Choice, Line, choice_by_number, choice_of
from shop.queries.returns.desk import (
    ReturnsDesk,
    returns_at_desk,
)
from shop.queries.returns.history import History, history_of, photo_of

__all__ = [
    "Back",
    "Choice",
    "History",
    "Line",
    "ReturnRow",
    "ReturnView",
    "ReturnsDesk",
    "choice_by_number",
    "choice_of",
    "history_of",
    "photo_of",
    "return_at_desk",
    "return_of",
    "returns_at_desk",
    "returns_of",
]
