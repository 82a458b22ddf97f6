"""An import from its first line to its report."""

import hashlib
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update

from shop.db import db, errand, use_case
from shop.gateways.feeds import BrokenFeed, CannotFetch, Fetched, fetched
from shop.gateways.pictures import PictureFolder
from shop.models.feeds import Feed, FeedRun
from shop.queries.feeds import feed_hash, listed_products, shelf_figures, warehouse_codes
from shop.queries.search import names_on_show, search_word_counts
from shop.rules.feeds import N_, Offer, Problem, told, vanishes_too_much
from shop.rules.feeds.offers import RULES_VERSION
from shop.rules.search import spellings, words_of
from shop.services.catalog import (
    NewWarehouse,
    count_shelves,
    hide_products,
    put_categories,
    put_warehouses,
    write_search_words,
)
from shop.services.feeds.batches import BATCH, Counts, Shelving, _write_batch, _write_problems
from shop.services.feeds.surveys import Survey, _offers, _survey

# Where goods lie in a shop that has no warehouse yet.
_FIRST_WAREHOUSE = NewWarehouse("main", "Основной склад", "Москва", 55.752, 37.6178, 1)
_WORDS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How an import ended."""

    state: str
    reason: str = ""
    counts: Counts = field(default_factory=Counts)
    problems: list[Problem] = field(default_factory=list)
    content_hash: str = ""


class _Refused(Exception):
    """The feed is readable, but taking it over would do harm."""

    def __init__(self, reason: str, problems: list[Problem]) -> None:
        super().__init__(reason)
        self.problems = problems


@errand
def import_feed(
    *,
    source: str,
    name: str = "main",
    media: Path,
    pictures: Path | None = None,
    is_forced: bool = False,
    now: datetime,
) -> int:
    """Make the catalog what the feed at `source` says; return the number of the run, which has the report.

    The whole feed is read and checked before the first line is written, and written in batches. Broken
    off anywhere, it can be run again and goes on with what is missing. `is_forced` takes a feed over even
    when it is the same as last time, or most of the goods would vanish.
    """
    started = time.monotonic()
    run_id, feed_id = _open_run(name=name, source=source, now=now)
    folder = PictureFolder(pictures, media) if pictures else None
    try:
        with fetched(source) as file:
            outcome = _outcome(run_id, feed_id, file, folder, is_forced, now)
    except (CannotFetch, BrokenFeed, _Refused) as problem:
        line, reason = getattr(problem, "line", 0), str(problem)
        problems = getattr(problem, "problems", []) or [Problem(line, "", reason)]
        outcome = _Outcome("refused", reason, problems=problems)
    ended = now + timedelta(seconds=time.monotonic() - started)
    _close_run(run_id=run_id, outcome=outcome, now=ended)
    return run_id


def _outcome(
    run_id: int,
    feed_id: int,
    file: Fetched,
    folder: PictureFolder | None,
    is_forced: bool,
    now: datetime,
) -> _Outcome:
    if _fingerprint(file, folder) == feed_hash(feed_id=feed_id) and not is_forced:
        return _Outcome("unchanged")
    counts = _take_over(run_id, feed_id, file.path, folder, is_forced, now)
    # The print is taken afterwards: a shop without a warehouse has one now.
    return _Outcome("done", counts=counts, content_hash=_fingerprint(file, folder))


def _fingerprint(file: Fetched, folder: PictureFolder | None) -> str:
    """What an import depends on; as long as it is the same there is nothing to do."""
    parts = (RULES_VERSION, file.content_hash, folder and folder.content_hash, warehouse_codes())
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _take_over(
    run_id: int,
    feed_id: int,
    path: Path,
    folder: PictureFolder | None,
    is_forced: bool,
    now: datetime,
) -> Counts:
    survey = _survey(path)
    gone = _vanishing(feed_id, survey, is_forced)
    if not warehouse_codes():
        put_warehouses(warehouses=[_FIRST_WAREHOUSE])
    shelving = Shelving(
        run_id=run_id,
        feed_id=feed_id,
        categories=survey.categories,
        category_ids=put_categories(
            feed_id=feed_id, placed=list(survey.categories.values()), now=now
        ),
        warehouses=warehouse_codes(),
        pictures=folder,
        now=now,
    )
    _write_batch(
        run_id=run_id, feed_id=feed_id, products=[], problems=survey.category_problems, now=now
    )
    for batch in _batches(_offers(path, survey)):
        shelving.take(batch)
    for start in range(0, len(gone), BATCH):
        hide_products(ids=gone[start : start + BATCH], now=now)
    shelving.counts.hidden = len(gone)
    count_shelves(figures=shelf_figures())
    _recount_words()
    return shelving.counts


def _vanishing(feed_id: int, survey: Survey, is_forced: bool) -> list[int]:
    """Return who is on show and not in the feed any more.

    :raises _Refused: when the feed has nothing to sell, or most of the goods would vanish by it.
    """
    if not survey.good:
        raise _Refused(N_("The feed has no offer that can be sold"), survey.problems)
    present = listed_products(feed_id=feed_id)
    gone = [
        product_id for external_id, product_id in present.items() if external_id not in survey.named
    ]
    if vanishes_too_much(len(present), len(gone)) and not is_forced:
        sentence = N_(
            "More than half of the goods would vanish; if that is meant, import it with --force"
        )
        raise _Refused(told(sentence, f"{len(gone)} / {len(present)}"), [])
    return gone


def _batches(found: Iterator[Offer | Problem]) -> Iterator[list[Offer | Problem]]:
    batch: list[Offer | Problem] = []
    for one in found:
        batch.append(one)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def _recount_words() -> None:
    """Write down which words the names on show have, where that has changed."""
    counts: Counter[str] = Counter()
    for name, brand in names_on_show():
        counts.update(set(words_of(f"{name} {brand}")))
    for word in list(counts):
        for said in spellings(word):
            # Only for corrections: nobody is shown a word that no name has.
            counts.setdefault(said, 0)
    known = search_word_counts()
    changed = [
        word for word, count in counts.items() if known.get(word) != count and len(word) <= 60
    ]
    gone = [word for word in known if word not in counts]
    for start in range(0, len(changed), _WORDS_AT_ONCE):
        some = changed[start : start + _WORDS_AT_ONCE]
        write_search_words(counts={word: counts[word] for word in some})
    for start in range(0, len(gone), _WORDS_AT_ONCE):
        write_search_words(counts={}, gone=gone[start : start + _WORDS_AT_ONCE])


@use_case
def _open_run(*, name: str, source: str, now: datetime) -> tuple[int, int]:
    feed = db.session.scalar(select(Feed).where(Feed.name == name))
    if feed is None:
        feed = Feed(name=name, created_at=now)
        db.session.add(feed)
        db.session.flush()
    broken_off = N_("It was broken off; run it again")
    db.session.execute(
        update(FeedRun)
        .where(FeedRun.feed_id == feed.id, FeedRun.state == "running")
        .values(state="refused", reason=broken_off, ended_at=now)
    )
    run = FeedRun(feed_id=feed.id, source=source[:500], state="running", started_at=now)
    db.session.add(run)
    db.session.flush()
    return run.id, feed.id


@use_case
def _close_run(*, run_id: int, outcome: _Outcome, now: datetime) -> None:
    run = db.session.get_one(FeedRun, run_id)
    run.state, run.reason, run.ended_at = outcome.state, outcome.reason, now
    for name, count in asdict(outcome.counts).items():
        setattr(run, name, count)
    _write_problems(run_id, outcome.problems)
    if outcome.content_hash:
        feed = db.session.get_one(Feed, run.feed_id)
        feed.content_hash = outcome.content_hash
