"""A feed read and checked before anything is written: a broken one is turned away whole."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from shop.gateways.feeds import records
from shop.rules.feeds import (
    N_,
    BadOffer,
    Offer,
    PlacedCategory,
    Problem,
    RawCategory,
    RawCurrency,
    RawOffer,
    checked_offer,
    placed_categories,
    rates_of,
)

# A feed that is turned away tells so many of its faults.
MOST_TOLD = 1000


@dataclass(slots=True)
class Survey:
    """What a feed has: its categories, its rates, how many good offers, and whose ids it names at all.

    An offer that is named but broken leaves its product as it stands; only who isn't named has vanished.
    """

    categories: dict[str, PlacedCategory]
    rates: dict[str, Decimal | None]
    category_problems: list[Problem]
    good: int = 0
    named: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def _survey(path: Path) -> Survey:
    """Read the whole feed twice: its categories, which may stand last, then its offers by them.

    :raises BrokenFeed: when the file cannot be read to its end.
    """
    currencies: list[RawCurrency] = []
    categories: list[RawCategory] = []
    for record in records(path):
        if isinstance(record, RawCurrency):
            currencies.append(record)
        elif isinstance(record, RawCategory):
            categories.append(record)
    placed, problems = placed_categories(categories)
    survey = Survey(placed, rates_of(currencies), problems, problems=problems[:MOST_TOLD])
    for found in _offers(path, survey):
        if isinstance(found, Offer):
            survey.good += 1
            survey.named.add(found.external_id)
        else:
            survey.named.add(found.offer_id)
            if len(survey.problems) < MOST_TOLD:
                survey.problems.append(found)
    return survey


def _offers(path: Path, survey: Survey) -> Iterator[Offer | Problem]:
    """Give each offer checked, or what is wrong with it. Of two good ones with one id the first stands."""
    taken: set[str] = set()
    for record in records(path):
        if not isinstance(record, RawOffer):
            continue
        if record.id in taken:
            reason = N_("The offer's id is taken by an earlier one, which stands")
            yield Problem(record.line, record.id, reason)
            continue
        try:
            offer = checked_offer(record, categories=survey.categories, rates=survey.rates)
        except BadOffer as problem:
            yield Problem(record.line, record.id[:80], str(problem))
        else:
            taken.add(offer.external_id)
            yield offer
