"""Feeds that are broken, broken off, or turn the categories around."""

import pytest
from feeds import SHELVES, counts, everything, feed, found, offer, product, reasons
from sqlalchemy import func, select

from shop.db import db
from shop.models import Category, Feed, FeedRun, Product
from shop.services.feeds import batches


def test_a_broken_offer_is_reported_and_its_product_stays(bring):
    bring(offer(1), offer(2))

    run = bring(offer(1, price="1500"), offer(2, price="0"), offer(3, category="77"))

    assert counts(run) == ("done", 0, 1, 0, 0, 2)
    assert reasons(run) == [
        (4, "2", "The price is zero"),
        (5, "3", "The offer's category isn't in the feed: 77"),
    ]
    assert (product(2).is_listed, product(2).price_kopecks) == (True, 149000)


def test_of_two_offers_with_one_id_the_first_good_one_stands(bring):
    run = bring(offer(1, price="0"), offer(1, name="Первый"), offer(1, name="Второй"))

    assert counts(run) == ("done", 1, 0, 0, 0, 2)
    assert product(1).name == "Первый"
    assert [line for line, _, _ in reasons(run)] == [3, 5]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (feed(offer(1), offer(2)).replace("</offers>", ""), "The file is not well-formed XML"),
        ("<rss/>", "The file is not a YML catalog; its root is another: rss"),
        (feed(), "The feed has no offer that can be sold"),
        (feed(offer(1, price="0"), offer(2, price="0")), "The feed has no offer that can be sold"),
        (
            feed(offer(1, price="7"), prologue='<!DOCTYPE a [<!ENTITY b "c">]>'),
            "The file declares entities of its own",
        ),
        (feed(offer(1, price="7"), offer(7)), "More than half of the goods would vanish"),
    ],
)
def test_a_broken_feed_is_refused_and_damages_nothing(bring, tmp_path, content, reason):
    bring(offer(1), offer(2), offer(3))
    before = everything()
    (tmp_path / "next.yml").write_text(content)

    run = bring(source=str(tmp_path / "next.yml"))

    assert run.state == "refused"
    assert run.reason.startswith(reason)
    assert reasons(run) != []
    assert everything() == before


def test_most_goods_may_vanish_when_that_is_meant(bring):
    bring(offer(1), offer(2), offer(3))

    assert counts(bring(offer(1), is_forced=True)) == ("done", 0, 0, 1, 2, 0)


def test_a_category_that_moves_takes_its_goods_along(bring):
    bring(offer(1))
    moved = (
        SHELVES.replace('id="3" parentId="2"', 'id="3" parentId="9"')
        + '<category id="9">Кухня</category>'
    )

    run = bring(offer(1), categories=moved)

    assert counts(run) == ("done", 0, 1, 0, 0, 0)
    on_show = select(Category.path).where(Category.product_count > 0).order_by(Category.path)
    assert db.session.scalars(on_show).all() == ["kuhnya", "kuhnya/chajniki"]
    assert found("кухня") == {product(1).id}


def test_categories_may_swap_their_addresses(bring):
    two = '<category id="1">Альфа</category><category id="2">Бета</category>'
    bring(offer(1, category="1"), categories=two)

    bring(
        offer(1, category="1"),
        categories=two.replace('id="1"', 'id="x"')
        .replace('id="2"', 'id="1"')
        .replace('id="x"', 'id="2"'),
    )

    paths = dict(db.session.execute(select(Category.external_id, Category.path)).all())
    assert paths == {"1": "beta", "2": "alfa"}


def test_a_category_made_anew_gets_the_address_of_the_one_that_left(bring):
    bring(offer(1))

    bring(offer(1, category="30"), categories=SHELVES.replace('id="3"', 'id="30"'))

    paths = dict(db.session.execute(select(Category.external_id, Category.path)).all())
    assert paths["30"] == "dom/posuda/chajniki"
    assert paths["3"].startswith("ranee/")


def test_an_import_broken_off_is_simply_run_again(bring, monkeypatch):
    offers = [offer(number) for number in range(1, 8)]
    monkeypatch.setattr(batches, "BATCH", 2)
    monkeypatch.setattr("shop.services.feeds.importing.BATCH", 2)
    put, calls = batches.put_products, []

    def torn(**given):
        calls.append(given)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return put(**given)

    monkeypatch.setattr(batches, "put_products", torn)
    with pytest.raises(KeyboardInterrupt):
        bring(*offers)
    assert db.session.scalar(select(func.count()).select_from(Product)) == 4

    run = bring(*offers)

    assert counts(run) == ("done", 3, 0, 4, 0, 0)
    first = db.session.scalars(select(FeedRun).order_by(FeedRun.id)).first()
    assert (first.state, first.reason) == ("refused", "It was broken off; run it again")
    assert db.session.scalar(select(Feed.content_hash)) != ""
