"""What a part of the export is made of: rows of one table about one person, and what is told of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Shelf:
    """Rows of one table, all about one person."""

    name: str
    # Says whose a row is: an account's, or, of a part, its whole's.
    whose: Any
    # What a field is called in the export, and where it stands.
    fields: Mapping[str, Any]
    order: tuple[Any, ...]
    # (what, by what): where some of the fields are found beside the table itself.
    beside: tuple[tuple[Any, Any], ...] = ()
    # What its parts know it by.
    key: Any = None
    parts: tuple["Shelf", ...] = field(default=())


def plain(model: Any, *names: str) -> dict[str, Any]:
    """Fields that are called as their columns are."""
    return {name: getattr(model, name) for name in names}
