"""The words of the catalog, for corrections and suggestions."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Table, delete, insert

from shop.db import db, use_case
from shop.models.search import SearchWord
from shop.rules.search import lemmas


@use_case
def write_search_words(*, counts: Mapping[str, int], gone: Sequence[str] = ()) -> None:
    """Write in how many products these words stand, and forget those that are gone."""
    table = SearchWord.__table__
    assert isinstance(table, Table)
    db.session.execute(delete(table).where(SearchWord.word.in_([*counts, *gone])))
    rows = [
        {"word": word, "lemmas": " ".join(lemmas(word))[:200], "product_count": count}
        for word, count in counts.items()
    ]
    if rows:
        db.session.execute(insert(table), rows)
