"""Small feeds, written by us, each as ugly as merchants' are; and what came of them."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from shop.db import db, fulltext
from shop.models import Category, Listing, Product, SearchWord, Stock, Warehouse
from shop.queries.feeds import report_of
from shop.rules.search import query_words

NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

SHELVES = '<category id="1">Дом</category><category id="2" parentId="1">Посуда</category><category id="3" parentId="2">Чайники</category>'


def offer(
    number=1,
    *,
    name="Чайник заварочный",
    price="1490",
    category="3",
    more="",
    attributes='available="true"',
):
    """One offer as a merchant writes it."""
    return (
        f'<offer id="{number}" {attributes}><name>{name}</name><price>{price}</price>'
        f"<currencyId>RUB</currencyId><categoryId>{category}</categoryId>{more}</offer>\n"
    )


def feed(*offers, categories=SHELVES, currencies='<currency id="RUB" rate="1"/>', prologue=""):
    """A whole feed; the first offer stands on line 3 when `prologue` has no lines."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{prologue}\n'
        f"<yml_catalog><shop><currencies>{currencies}</currencies><categories>{categories}</categories><offers>\n"
        + "".join(offers)
        + "</offers></shop></yml_catalog>\n"
    )


def written(folder: Path, *offers, name="feed.yml", **more) -> str:
    """A feed in a file."""
    path = folder / name
    path.write_text(feed(*offers, **more), encoding="utf-8")
    return str(path)


def counts(run):
    return run.state, run.added, run.changed, run.unchanged, run.hidden, run.rejected


def reasons(run):
    return [
        (problem.line, problem.offer_id, problem.reason)
        for problem in report_of(run_id=run.id).problems
    ]


def product(number=1):
    return db.session.scalars(select(Product).where(Product.external_id == str(number))).one()


def found(word):
    return set(db.session.scalars(select(fulltext.matching([query_words(word)], most=100).c.id)))


def everything():
    """All the catalog's rows, to be compared before and after."""
    db.session.expire_all()
    return {
        model.__name__: sorted(
            repr(tuple(row)) for row in db.session.execute(select(model.__table__))
        )
        for model in (Category, Product, Listing, Stock, SearchWord, Warehouse)
    }
