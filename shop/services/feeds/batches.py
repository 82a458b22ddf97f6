"""Offers made into products, a batch at a time: what is as before is not written again."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from shop.db import db, use_case
from shop.gateways.pictures import PictureFolder
from shop.models.feeds import FeedProblem
from shop.queries.feeds import KnownProduct, known_products
from shop.rules.feeds import N_, Offer, PlacedCategory, Problem, told
from shop.rules.search import index_name, index_rest
from shop.rules.slugs import slug_of
from shop.services.catalog import NewProduct, put_products

# So many at once: other writers wait for a batch, not for a feed.
BATCH = 500
DESCRIPTION_SEARCHED = 400
# A product's hash is the offer's, then the stock's: who changes a price must not bring back what was sold since.
_OFFER_PART = 48


@dataclass(slots=True)
class Counts:
    """How an import has gone so far."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    hidden: int = 0
    rejected: int = 0


@dataclass(slots=True)
class Shelving:
    """Everything a batch needs to know beside its offers."""

    run_id: int
    feed_id: int
    categories: dict[str, PlacedCategory]
    category_ids: dict[str, int]
    warehouses: dict[str, int]
    pictures: PictureFolder | None
    now: datetime
    counts: Counts = field(default_factory=Counts)
    strange_warehouses: set[str] = field(default_factory=set)

    def take(self, found: Sequence[Offer | Problem]) -> None:
        """Write a batch: the offers that are new or other than before, and all problems."""
        offers = [one for one in found if isinstance(one, Offer)]
        problems = [one for one in found if isinstance(one, Problem)]
        self.counts.rejected += len(problems)
        known = known_products(
            feed_id=self.feed_id, external_ids=[one.external_id for one in offers]
        )
        if self.pictures:
            self.pictures.prepare(address for offer in offers for address in offer.pictures)
        products = []
        for offer in offers:
            problems += [Problem(offer.line, offer.external_id, remark) for remark in offer.remarks]
            product = self._product(offer, known.get(offer.external_id), problems)
            if product is not None:
                products.append(product)
        self.counts.unchanged += len(offers) - len(products)
        if products or problems:
            added, changed = _write_batch(
                run_id=self.run_id,
                feed_id=self.feed_id,
                products=products,
                problems=problems,
                now=self.now,
            )
            self.counts.added += added
            self.counts.changed += changed

    def _product(
        self, offer: Offer, known: KnownProduct | None, problems: list[Problem]
    ) -> NewProduct | None:
        stock = self._stock(offer, problems)
        pictures = self.pictures.kept(offer.pictures) if self.pictures else None
        category = self.categories[offer.category_id]
        stock_hash = hashlib.sha256(repr(sorted(stock.items())).encode()).hexdigest()
        content_hash = (
            offer.digest(category.chain, category.names, pictures)[:_OFFER_PART] + stock_hash[:16]
        )
        if known and known.is_listed and known.content_hash == content_hash:
            return None
        is_same_stock = (
            known is not None and known.content_hash[_OFFER_PART:] == content_hash[_OFFER_PART:]
        )
        return NewProduct(
            external_id=offer.external_id,
            values=_values(offer, self.category_ids[offer.category_id], content_hash),
            shelves=tuple(self.category_ids[external_id] for external_id in category.chain),
            words=_words(offer, category.names),
            stock=None if is_same_stock else stock,
            pictures=pictures,
        )

    def _stock(self, offer: Offer, problems: list[Problem]) -> dict[int, int]:
        """By warehouse; what lies somewhere the shop doesn't know counts as in its first warehouse."""
        first = next(iter(self.warehouses.values()))
        stock: dict[int, int] = {}
        for code, quantity in offer.stock:
            if code and code not in self.warehouses and code not in self.strange_warehouses:
                self.strange_warehouses.add(code)
                reason = told(
                    N_("The warehouse is not known, so its goods count as in the first one"), code
                )
                problems.append(Problem(offer.line, offer.external_id, reason))
            warehouse_id = self.warehouses.get(code, first)
            stock[warehouse_id] = stock.get(warehouse_id, 0) + quantity
        return stock


def _values(offer: Offer, category_id: int, content_hash: str) -> dict[str, Any]:
    return {
        "category_id": category_id,
        "name": offer.name,
        "slug": slug_of(offer.name, 100, instead="tovar"),
        "brand": offer.brand,
        "article": offer.article,
        "barcode": offer.barcode,
        "description": offer.description,
        "params": [list(line) for line in offer.params],
        "price_kopecks": offer.price_kopecks,
        "old_price_kopecks": offer.old_price_kopecks,
        "weight_g": offer.weight_g,
        "length_mm": offer.length_mm,
        "width_mm": offer.width_mm,
        "height_mm": offer.height_mm,
        "is_listed": True,
        "content_hash": content_hash,
    }


def _words(offer: Offer, category_names: Iterable[str]) -> tuple[str, str]:
    """What the search keeps: the name and brand; and codes, categories, parameters, the description's beginning."""
    name = index_name(offer.name, offer.brand)
    rest = [offer.article, offer.barcode, offer.external_id, *category_names]
    rest += [value for _name, value, _unit in offer.params]
    rest.append(offer.description[:DESCRIPTION_SEARCHED])
    return name, index_rest(rest, name)


@use_case
def _write_batch(
    *,
    run_id: int,
    feed_id: int,
    products: Sequence[NewProduct],
    problems: Sequence[Problem],
    now: datetime,
) -> tuple[int, int]:
    _write_problems(run_id, problems)
    if not products:
        return 0, 0
    return put_products(feed_id=feed_id, products=products, now=now)


def _write_problems(run_id: int, problems: Sequence[Problem]) -> None:
    if problems:
        rows = [
            {
                "run_id": run_id,
                "line": one.line,
                "offer_id": one.offer_id[:80],
                "reason": one.reason[:500],
            }
            for one in problems
        ]
        db.session.execute(insert(FeedProblem), rows)
