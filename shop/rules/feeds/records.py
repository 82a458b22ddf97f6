"""What a feed says, as it says it: texts with the line they stand on."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class RawCurrency:
    """A currency and its rate, as written."""

    line: int
    id: str
    rate: str


@dataclass(slots=True)
class RawCategory:
    """A category as written; `parent` is empty for a department."""

    line: int
    id: str
    parent: str
    name: str


@dataclass(slots=True)
class RawOffer:
    """An offer as written. `texts` holds the first text of each element by its name."""

    line: int
    id: str
    available: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    pictures: list[str] = field(default_factory=list)
    # (name, value, unit)
    params: list[tuple[str, str, str]] = field(default_factory=list)
    # (warehouse, how many)
    outlets: list[tuple[str, str]] = field(default_factory=list)
