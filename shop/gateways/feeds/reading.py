"""YML, read record by record: constant memory whatever the file's size, no entity and no network whatever it says."""

from collections.abc import Iterator
from html.entities import html5
from pathlib import Path
from typing import Any

from lxml import etree

from shop.rules.feeds.records import RawCategory, RawCurrency, RawOffer
from shop.rules.feeds.reports import N_, told

Record = RawCurrency | RawCategory | RawOffer

# What one offer may hold before it is no offer but an attack.
MOST_PARTS = 5000
# libxml2 keeps an element's line in 16 bits; beyond, the line of its first text must tell.
_LAST_EXACT_LINE = 65534
_TEXTS = frozenset(
    "name typePrefix vendor model title price oldprice price_old currencyId categoryId description "
    "vendorCode article barcode weight dimensions length width height "
    "count stock_quantity quantity_in_stock quantity".split()
)


class BrokenFeed(Exception):
    """The file is no feed that can be read; says where and why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def records(path: Path) -> Iterator[Record]:
    """Give the currencies, categories and offers of a feed as they come.

    :raises BrokenFeed: as soon as the file proves to be broken, or not a YML catalog.
    """
    if not path.stat().st_size:
        raise BrokenFeed(0, N_("The file is empty"))
    parser: Any = etree.iterparse(
        str(path),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        _check_root(next(parser)[1])
        yield from _walk(parser)
    except etree.XMLSyntaxError as problem:
        reason = (problem.msg or "").partition(", line ")[0]
        raise BrokenFeed(
            problem.lineno or 0, told(N_("The file is not well-formed XML"), reason)
        ) from None
    except (LookupError, ValueError) as problem:
        raise BrokenFeed(0, told(N_("The file's encoding is not known"), problem)) from None


def _check_root(root: Any) -> None:
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _entity in declared.iterentities()):
        raise BrokenFeed(
            root.sourceline,
            N_("The file declares entities of its own, which feeds have no need of"),
        )
    if root.tag != "yml_catalog":
        raise BrokenFeed(
            root.sourceline,
            told(N_("The file is not a YML catalog; its root is another"), root.tag),
        )


def _walk(parser: Any) -> Iterator[Record]:
    inside = parts = 0
    for event, element in parser:
        if event == "start":
            if inside or element.tag == "offer":
                inside += 1
                parts = parts + 1 if inside > 1 else 0
            if parts > MOST_PARTS:
                raise BrokenFeed(_line(element), N_("One offer has more than 5,000 parts"))
            continue
        inside = max(0, inside - 1)
        if inside:
            continue
        if (record := _record(element)) is not None:
            yield record
        _forget(element)


def _record(element: Any) -> Record | None:
    parent = element.getparent()
    where = parent.tag if parent is not None else ""
    if element.tag == "offer" and where == "offers":
        return _offer(element)
    if element.tag == "category" and where == "categories":
        parent_id = next(
            (
                value
                for name, value in element.items()
                if name.lower().replace("_", "") in {"parentid", "parent"}
            ),
            "",
        )
        return RawCategory(
            _line(element), _attribute(element, "id"), parent_id.strip(), _text(element)
        )
    if element.tag == "currency" and where == "currencies":
        return RawCurrency(_line(element), _attribute(element, "id"), _attribute(element, "rate"))
    return None


def _offer(element: Any) -> RawOffer:
    offer = RawOffer(_line(element), _attribute(element, "id"), _attribute(element, "available"))
    for part in element.iterchildren(tag=etree.Element):
        name = part.tag
        if name in _TEXTS:
            if name not in offer.texts and (text := _text(part)):
                offer.texts[name] = text
        elif name == "picture":
            offer.pictures.append(_text(part))
        elif name == "param":
            offer.params.append((_attribute(part, "name"), _text(part), _attribute(part, "unit")))
        elif name == "outlets":
            offer.outlets += [
                (_attribute(outlet, "id"), _attribute(outlet, "instock"))
                for outlet in part.iterchildren("outlet")
            ]
        elif name == "available" and not offer.available:
            offer.available = _text(part)
    return offer


def _attribute(element: Any, name: str) -> str:
    return (element.get(name) or "").strip()


def _text(element: Any) -> str:
    """The text within, markup of its own included as spaces, named signs such as &nbsp; read."""
    if not len(element):
        return (element.text or "").strip()
    found = [element.text or ""]
    for part in element.iterdescendants():
        if part.tag is etree.Entity:
            found.append(html5.get(f"{part.name};", " "))
        else:
            found += [" ", part.text or ""]
        found.append(part.tail or "")
    return "".join(found).strip()


def _line(element: Any) -> int:
    line: int = element.sourceline or 0
    if line <= _LAST_EXACT_LINE:
        return line
    first = element
    while not first.text and len(first):
        first = first[0]
    return line - (first.text or "").count("\n")


def _forget(element: Any) -> None:
    """Free what was read: the element, and everything before it and before what holds it."""
    element.clear()
    while element is not None:
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]
        element = parent
