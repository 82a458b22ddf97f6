"""The tree of categories, whatever state it comes in: everything finds a place."""

from collections.abc import Iterable
from dataclasses import dataclass

from shop.rules.feeds.records import RawCategory
from shop.rules.feeds.reports import N_, Problem, told
from shop.rules.feeds.texts import one_line
from shop.rules.slugs import slug_of

LONGEST_PATH = 380
LONGEST_ID = 80


@dataclass(frozen=True, slots=True)
class PlacedCategory:
    """A category in its place. `chain` names it and all above it, the department first."""

    external_id: str
    parent_id: str | None
    name: str
    path: str
    depth: int
    position: int
    chain: tuple[str, ...]
    names: tuple[str, ...]


def placed_categories(
    raw: Iterable[RawCategory],
) -> tuple[dict[str, PlacedCategory], list[Problem]]:
    """Return the categories by id, parents before children, and what was wrong with them.

    Of two with one id the first stands. Who names a parent that isn't there, or turns in a circle,
    becomes a department; who has no name is called by its number.
    """
    known, problems = _known(raw)
    parents = _parents(known, problems)
    children: dict[str | None, list[str]] = {}
    for external_id, parent in parents.items():
        children.setdefault(parent, []).append(external_id)
    placed: dict[str, PlacedCategory] = {}
    taken: set[str] = set()
    todo = list(reversed(children.get(None, [])))
    while todo:
        external_id = todo.pop()
        parent = parents[external_id]
        above = placed[parent] if parent is not None else None
        placed[external_id] = _place(known[external_id], above, len(placed), taken)
        todo.extend(reversed(children.get(external_id, [])))
    return placed, problems


def _known(raw: Iterable[RawCategory]) -> tuple[dict[str, RawCategory], list[Problem]]:
    known: dict[str, RawCategory] = {}
    problems: list[Problem] = []
    for category in raw:
        reason = ""
        if not category.id or len(category.id) > LONGEST_ID:
            reason = told(
                N_("The category has no id, or one longer than 80 letters"), category.name
            )
        elif category.id in known:
            reason = told(
                N_("The category's id is taken by an earlier one, which stands"), category.name
            )
        else:
            known[category.id] = category
            if not one_line(category.name, 200):
                reason = N_("The category has no name, so it is called by its number")
        if reason:
            problems.append(Problem(category.line, category.id[:LONGEST_ID], reason))
    return known, problems


def _parents(known: dict[str, RawCategory], problems: list[Problem]) -> dict[str, str | None]:
    parents: dict[str, str | None] = {}
    for external_id, category in known.items():
        parent: str | None = category.parent if category.parent not in {"", "0"} else None
        if category.parent == "0" and "0" in known and external_id != "0":
            parent = "0"
        if parent is not None and parent not in known:
            reason = told(
                N_("The category's parent isn't in the feed, so it is a department"), parent
            )
            problems.append(Problem(category.line, external_id, reason))
            parent = None
        parents[external_id] = parent
    _cut_circles(parents, known, problems)
    return parents


def _cut_circles(
    parents: dict[str, str | None], known: dict[str, RawCategory], problems: list[Problem]
) -> None:
    safe: set[str] = set()
    for start in parents:
        way: dict[str, None] = {}
        here: str | None = start
        while here is not None and here not in safe and here not in way:
            way[here] = None
            here = parents[here]
        if here is not None and here in way:
            # The first of the circle in the feed's order becomes its top.
            circle = list(way)[list(way).index(here) :]
            top = min(circle, key=lambda external_id: known[external_id].line)
            reason = told(
                N_("The category is its own ancestor, so it is a department"), parents[top]
            )
            problems.append(Problem(known[top].line, top, reason))
            parents[top] = None
        safe.update(way)


def _place(
    category: RawCategory, above: PlacedCategory | None, position: int, taken: set[str]
) -> PlacedCategory:
    name = one_line(category.name, 200) or f"№ {category.id}"
    slug = slug_of(name, 50, instead=slug_of(category.id, 50, instead="razdel"))
    start = f"{above.path}/{slug}" if above else slug
    if above and len(start) > LONGEST_PATH:
        start = f"{above.path.partition('/')[0]}/{slug}"
    path, number = start, 1
    while path in taken:
        number += 1
        path = f"{start}-{number}"
    taken.add(path)
    return PlacedCategory(
        external_id=category.id,
        parent_id=above.external_id if above else None,
        name=name,
        path=path,
        depth=above.depth + 1 if above else 0,
        position=position,
        chain=(*(above.chain if above else ()), category.id),
        names=(*(above.names if above else ()), name),
    )
