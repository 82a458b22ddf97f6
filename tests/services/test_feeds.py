from datetime import timedelta

from feeds import NOON, counts, everything, found, offer, product, reasons, written
from PIL import Image
from sqlalchemy import select

from shop.db import db
from shop.models import (
    Category,
    FeedProblem,
    Listing,
    Product,
    SearchWord,
    Stock,
    Warehouse,
)
from shop.services.catalog import take_stock
from shop.services.feeds import import_feed


def test_puts_goods_on_their_shelves(bring, make):
    tver = make.warehouse("tver")
    more = '<oldprice>2000</oldprice><vendor>Нева</vendor><outlets><outlet id="tver" instock="3"/></outlets><weight>1.5</weight>'

    run = bring(offer(more=more))

    assert counts(run) == ("done", 1, 0, 0, 0, 0)
    tea = product()
    assert (tea.name, tea.slug, tea.brand) == ("Чайник заварочный", "chajnik-zavarochnyj", "Нева")
    assert (tea.price_kopecks, tea.old_price_kopecks, tea.discount_percent, tea.weight_g) == (
        149000,
        200000,
        25,
        1500,
    )
    assert (tea.is_listed, tea.is_in_stock, tea.arrived_at) == (True, True, NOON)
    stock = db.session.execute(select(Stock.warehouse_id, Stock.quantity)).all()
    assert stock == [(tver.id, 3)]
    shelves = db.session.execute(
        select(Category.path, Category.product_count, Listing.rank)
        .join(Listing, Listing.category_id == Category.id)
        .order_by(Category.depth)
    ).all()
    assert shelves == [
        ("dom", 1, 10**9),
        ("dom/posuda", 1, 10**9),
        ("dom/posuda/chajniki", 1, 10**9),
    ]
    assert found("чайники") == found("посуда нева") == {tea.id}


def test_the_same_file_changes_nothing_and_says_so(bring):
    bring(offer())
    before = everything()

    run = bring(offer(), now=NOON + timedelta(days=1))

    assert counts(run) == ("unchanged", 0, 0, 0, 0, 0)
    assert everything() == before


def test_an_unchanged_offer_is_not_written_again(bring):
    bring(offer(1), offer(2))

    run = bring(offer(1), offer(2, price="1500"), now=NOON + timedelta(days=1))

    assert counts(run) == ("done", 0, 1, 1, 0, 0)
    assert product(1).changed_at == NOON
    assert (product(2).price_kopecks, product(2).changed_at) == (150000, NOON + timedelta(days=1))
    assert product(2).arrived_at == NOON


def test_a_new_price_doesn_t_bring_back_what_was_sold(bring):
    bring(offer(more="<count>5</count>"))
    stock = db.session.scalars(select(Stock)).one()
    take_stock(product_id=stock.product_id, warehouse_id=stock.warehouse_id, quantity=2)

    bring(offer(more="<count>5</count>", price="1000"))
    assert db.session.scalar(select(Stock.quantity)) == 3

    bring(offer(more="<count>7</count>", price="1000"))
    assert db.session.scalar(select(Stock.quantity)) == 7


def test_what_vanished_is_hidden_and_comes_back(bring):
    bring(offer(1), offer(2, name="Кружка"))
    mug = product(2)

    run = bring(offer(1))
    assert counts(run) == ("done", 0, 0, 1, 1, 0)
    assert not product(2).is_listed
    assert db.session.scalars(select(Listing.product_id).distinct()).all() == [product(1).id]
    assert found("кружка") == set()

    run = bring(offer(1), offer(2, name="Кружка"))
    assert counts(run) == ("done", 0, 1, 1, 0, 0)
    assert product(2).id == mug.id
    assert found("кружка") == {mug.id}


def test_feeds_keep_to_themselves(bring, inside, tmp_path):
    bring(offer(1))
    other = written(tmp_path, offer(1, name="Лампа"), name="other.yml")

    import_feed(source=other, name="other", media=tmp_path, now=NOON)

    assert db.session.scalars(
        select(Product.name).where(Product.is_listed).order_by(Product.id)
    ).all() == [
        "Чайник заварочный",
        "Лампа",
    ]
    paths = db.session.scalars(
        select(Category.path).where(Category.depth == 0).order_by(Category.id)
    ).all()
    assert paths == ["dom", "dom-2"]


def test_a_shop_without_a_warehouse_gets_one(bring):
    run = bring(offer(1, more='<outlets><outlet id="tver" instock="3"/></outlets>'))

    assert db.session.scalars(select(Warehouse.code)).all() == ["main"]
    assert db.session.scalar(select(Stock.quantity)) == 3
    assert reasons(run) == [
        (3, "1", "The warehouse is not known, so its goods count as in the first one: tver")
    ]


def test_a_new_warehouse_is_reason_enough_to_read_the_same_feed_again(bring, make):
    bring(offer(1, more='<outlets><outlet id="tver" instock="3"/></outlets>'))
    tver = make.warehouse("tver")

    run = bring(offer(1, more='<outlets><outlet id="tver" instock="3"/></outlets>'))

    assert counts(run) == ("done", 0, 1, 0, 0, 0)
    assert db.session.execute(select(Stock.warehouse_id, Stock.quantity)).all() == [(tver.id, 3)]


def test_pictures_come_from_the_folder_and_stay_when_it_isn_t_given(bring, tmp_path):
    (tmp_path / "from").mkdir()
    Image.new("RGB", (40, 40)).save(tmp_path / "from" / "tea.webp")
    more = "<picture>https://pictures.example/a/tea.webp</picture><picture>https://pictures.example/none.webp</picture>"

    bring(offer(1, more=more), pictures=tmp_path / "from")

    name = product(1).picture
    assert product(1).pictures == [name]
    assert (tmp_path / "media" / name).is_file()
    assert db.session.scalars(select(Category.picture)).all() == [name] * 3

    bring(offer(1, more=more, price="1500"))
    assert product(1).picture == name


def test_scripts_and_formulas_are_only_text(bring):
    bring(offer(1, name="=CMD() &lt;script&gt;alert(1)&lt;/script&gt; '; DROP TABLE product; --"))

    assert product(1).name == "=CMD() <script>alert(1)</script> '; DROP TABLE product; --"


def test_counts_the_words_of_names(bring):
    bring(offer(1), offer(2, name="Чайник Bosch"))

    known = {
        word.word: (word.lemmas, word.product_count)
        for word in db.session.scalars(select(SearchWord))
    }
    assert known == {
        "чайник": ("чайник", 2),
        "заварочный": ("заварочный", 1),
        "bosch": ("bosch", 1),
        "бош": ("бош", 0),
    }


def test_an_import_doesn_t_ask_more_for_more_unchanged_offers(bring, queries):
    bring(*(offer(number) for number in range(20)))
    queries.clear()
    bring(*(offer(number) for number in range(20)), is_forced=True)
    few = len(queries)

    bring(*(offer(number) for number in range(200)))
    queries.clear()
    bring(*(offer(number) for number in range(200)), is_forced=True)

    assert len(queries) == few


def test_problems_are_kept_with_the_run(bring):
    run = bring(offer(1, more="<oldprice>5</oldprice>"))

    problem = db.session.scalars(select(FeedProblem)).one()
    assert (problem.run_id, problem.line, problem.offer_id) == (run.id, 3, "1")
