import re

import pytest
from lxml import html


@pytest.fixture
def ann(make, client):
    account = make.account()
    client.become(account)
    return account


def test_a_guest_is_asked_to_sign_in_and_comes_back(client):
    answer = client.get("/my/orders/?q=чай")

    assert answer.status_code == 303
    assert answer.location.startswith("/auth/login?next=/my/orders/")


def test_a_newcomer_is_told_what_will_stand_here(client, ann):
    answer = client.get("/my/orders/")

    assert answer.status_code == 200
    assert "История покупок" in answer.text
    assert "Заказов пока нет" in answer.text


def test_the_history_shows_state_day_sum_and_goods(client, ann, make):
    order = make.order(ann, make.product(name="Чайник «Самоварный»"), state="received")

    page = client.get("/my/orders/").text

    assert f"Заказ {order.number}" in page
    assert "Получен 24 ноября" in page
    assert "24 ноября 2026" in page
    assert "1\u00a0789\u00a0₽" in page
    assert 'aria-label="Чайник «Самоварный»"' in page
    assert "1 заказ" in page


def test_the_search_marks_what_it_found(client, ann, make):
    make.order(ann, make.product(name="Ёлка <b>живая</b>"))
    make.order(ann, make.product(name="Чайник"))

    page = client.get("/my/orders/?q=елка").text

    assert "<mark>Ёлка</mark> &lt;b&gt;живая&lt;/b&gt;" in page
    assert "Чайник" not in page
    assert re.search(r'role="status">Найден 1 заказ', page)


def test_what_is_looked_for_cannot_become_markup(client, ann, make):
    make.order(ann)

    page = client.get("/my/orders/?q=<script>alert(1)</script>").text

    assert "<script>alert" not in page
    assert "Ничего не нашлось" in page


def test_htmx_gets_the_orders_only(htmx, make):
    account = make.account()
    order = make.order(account)

    answer = htmx.become(account).get(f"/my/orders/?q={order.number}")

    assert "<h1" not in answer.text
    assert answer.text.lstrip().startswith('<section class="stack" id="orders"')


def test_somebody_elses_order_is_not_there(client, ann, make):
    order = make.order(make.account())

    assert client.get(f"/my/orders/{order.number}").status_code == 404
    assert order.number not in client.get("/my/orders/").text


@pytest.mark.parametrize("page", ["0", "-1", "99999"])
def test_a_page_that_cannot_be_is_not_there(client, ann, page):
    assert client.get(f"/my/orders/?page={page}").status_code == 404


def test_pages_lead_on_with_the_words_kept(client, ann, make):
    product = make.product(name="Чайник", in_stock=50)
    for number in range(13):
        make.order(ann, product, placed_at=make.later(minutes=number))

    page = client.get("/my/orders/?q=чайник").text

    assert len(re.findall('<article class="order"', page)) == 12
    assert "page=2" in page and "q=%D1%87" in page


def test_the_history_costs_three_queries_however_long_it_is(client, ann, make, queries):
    for _ in range(3):
        make.order(ann)
    queries.clear()
    client.get("/my/orders/")
    few = len(queries)
    for _ in range(47):
        make.order(ann, make.product(), make.product(), parcels=2)
    queries.clear()

    client.get("/my/orders/")

    assert few == len(queries) == 3


def test_an_order_tells_everything(client, ann, make, queries):
    tea, pot = make.product(name="Чай"), make.product(name="Чайник")
    order = make.order(ann, tea, pot, parcels=2, state="shipped", comment="Звоните")
    queries.clear()

    page = client.get(f"/my/orders/{order.number}").text

    for told in (
        f'Заказ <span class="nowrap">{order.number}',
        "Посылка 1 из 2",
        "Посылка 2 из 2",
        "RA123456789RU",
        "Секретов Игорь",
        "+7 916 123-45-67",
        "Москва, ул. Лесная, 7, кв. 12",
        "Звоните",
        "Сумма заказа",
        "8 800 000-00-00",
    ):
        assert told in page
    assert page.count('aria-current="step"') == 2
    assert (
        len(queries) == 9
    )  # The customer; the order; its parcels; what was called off; what was given back; its points (2); money to pay by hand; receipts.


def test_an_unpaid_order_can_be_paid_and_says_until_when(client, ann, make):
    order = make.order(ann, state="awaiting_payment")

    tree = html.fromstring(client.get(f"/my/orders/{order.number}?accepted=1").text)

    form = tree.xpath("//main//form[@method='post'][.//button[@id='pay']]")[0]
    assert form.get("action") == f"/my/orders/{order.number}/payment"
    assert "Оплатить 1\u00a0789\u00a0₽" in form.text_content()
    (another,) = tree.xpath("//main//a[.='Оплатить другим способом']/@href")
    assert another == f"/my/orders/{order.number}/payment?another=1#another"
    text = tree.text_content()
    assert "Заказ принят, оплатить можно здесь" in text
    assert "до 24 ноября 2026, 12:30" in text


@pytest.mark.parametrize(
    ("state", "looks"), [("paid", True), ("shipped", True), ("received", False), ("expired", False)]
)
def test_only_an_order_under_way_looks_for_news(client, ann, make, state, looks):
    order = make.order(ann, state=state)

    page = client.get(f"/my/orders/{order.number}").text

    assert ("every 15s" in page) is looks


def test_an_order_that_was_not_paid_says_that_nothing_was_taken(client, ann, make):
    order = make.order(ann, state="expired")

    page = client.get(f"/my/orders/{order.number}").text

    assert "Не оплачен вовремя" in page
    assert "Деньги не списаны" in page
    assert 'id="pay"' not in page


def test_htmx_gets_the_news_of_an_order(htmx, make):
    account = make.account()
    order = make.order(account, state="shipped")

    answer = htmx.become(account).get(f"/my/orders/{order.number}")

    assert answer.text.lstrip().startswith('<div class="stack" id="order"')
