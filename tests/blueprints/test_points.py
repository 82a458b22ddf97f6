from datetime import UTC, datetime, timedelta

import pytest
from earning import given, hold
from flask_babel import force_locale
from lxml import html

from shop.gateways import mail
from shop.queries.ledger import Movement
from shop.services.points import claw_back, promise

DAY = timedelta(days=1)


@pytest.fixture
def igor(make):
    return make.account("igor@example.ru")


def text(answer):
    return " ".join(" ".join(html.fromstring(answer.text).xpath("//main//text()")).split())


def grant(app, account, points, days, key="gift", now=None):
    now = now or datetime.now(UTC)
    with app.app_context():
        given(account, points, until=now + days * DAY, key=key, now=now)


def owe(app, order, points):
    with app.app_context():
        claw_back(
            account_id=order.account_id,
            order_id=order.id,
            number=order.number,
            points=points,
            once_key="ret",
            now=datetime.now(UTC),
        )


def test_a_guest_is_asked_to_sign_in(client):
    answer = client.get("/my/points/")

    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/auth/login")


def test_who_has_none_is_told_how_they_come(client, igor):
    said = text(client.become(igor).get("/my/points/"))

    assert "0 баллов" in said
    assert "Баллы приходят с каждой покупкой: 1 % от того, что вы платите." in said
    assert "Озон.Статус Базовый 1 % баллами" in said
    assert "До следующего уровня осталось купить на 30 000 ₽: «Серебряный», 3 % баллами." in said
    assert "Пока пусто. Первые баллы придут с первой покупкой." in said
    assert "До какого дня" not in said
    assert "Скоро придут" not in said


def promised(make, order, points):
    promise(
        account_id=order.account_id,
        order_id=order.id,
        number=order.number,
        parcel_id=make.parcel_ids(order.id)[0],
        points=points,
        now=datetime.now(UTC),
        return_days=7,
    )


def test_the_page_shows_points_their_ends_and_what_is_to_come(client, app, make, igor):
    waiting, received = make.order(igor), make.order(igor, state="received")
    grant(app, igor, 1200, 10, key="a")
    grant(app, igor, 51, 100, key="b")
    with app.app_context():
        hold(order=waiting, points=200, now=datetime.now(UTC))
        promised(make, received, 44)

    answer = client.become(igor).get("/my/points/")
    said = text(answer)

    assert "1 051 балл " in said
    assert "Это 1 051 ₽ скидки на следующие заказы — до 25 % цены товаров в каждом." in said
    assert "Отложены для неоплаченных заказов: 200" in said
    assert said.count("скоро сгорят") == 1
    assert f"Заказ {received.number} станут доступны " in said
    assert "+44" in said
    assert f"Потрачены на заказ {waiting.number}" in said
    assert "−200 стало: 1 051" in said
    assert "+1 200 стало: 1 200" in said
    links = html.fromstring(answer.text).xpath("//main//a/@href")
    assert f"/my/orders/{waiting.number}" in links


def test_a_debt_is_told_honestly(client, app, make, igor):
    owe(app, make.order(igor, state="received"), 40)

    said = text(client.become(igor).get("/my/points/"))

    assert "Долг по баллам: 40." in said
    assert "деньгами мы его никогда не берём" in said
    assert "−40 стало: −40" in said


def test_nobody_sees_another_ones_points(client, other_client, app, make, igor):
    grant(app, igor, 777, 100)

    assert "777" in text(client.become(igor).get("/my/points/"))
    assert "777" not in text(other_client.become(make.account()).get("/my/points/"))


def test_the_statement_has_pages(client, app, igor):
    for number in range(21):
        grant(app, igor, 1, 100, key=f"gift-{number}")
    client.become(igor)

    first = html.fromstring(client.get("/my/points/").text)
    second = html.fromstring(client.get("/my/points/?page=2").text)

    pages = "//nav[@class='pager']//a/@href"
    assert "/my/points/?page=2#statement-h" in first.xpath(pages)
    assert "/my/points/#statement-h" in second.xpath(pages)
    lines = "//section[@aria-labelledby='statement-h']//li"
    assert (len(first.xpath(lines)), len(second.xpath(lines))) == (20, 1)


@pytest.mark.parametrize("page", ["0", "-1", "2", "10001"])
def test_a_page_that_isnt_there_is_not_found(client, igor, page):
    assert client.become(igor).get(f"/my/points/?page={page}").status_code == 404


def test_the_page_takes_seven_queries_whatever_there_is(client, app, make, igor, queries):
    client.become(igor)
    client.get("/my/points/")
    queries.clear()
    client.get("/my/points/")
    bare = len(queries)
    for number in range(5):
        grant(app, igor, 10, 100, key=f"gift-{number}")
        make.order(igor, state="received")
    queries.clear()

    client.get("/my/points/")

    assert len(queries) == bare == 7


def test_the_cabinet_leads_there(client, igor):
    client.become(igor)
    tree = html.fromstring(client.get("/my/").text)

    assert len(tree.xpath("//a[@href='/my/points/']")) == 2
    side = html.fromstring(client.get("/my/points/").text)
    assert side.xpath("//nav//a[@aria-current='page']/@href") == ["/my/points/"]


KINDS = (
    *(("points_matured", 5), ("points_granted", 5), ("points_expired", -5)),
    *(("points_clawed_back", -5), ("order_hold", -5), ("order_release", 5), ("something", 5)),
)


WORDS = "{% from 'points/_words.html' import what with context %}{{ what(line) }}"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_kind_of_movement_has_words_of_its_own(app, language):
    said = set()
    for kind, amount in KINDS:
        line = Movement(kind, "0042-1187", datetime.now(UTC), amount, 5)
        with app.test_request_context(), force_locale(language):
            said.add(app.jinja_env.from_string(WORDS).render(line=line))

    assert len(said) == len(KINDS)


def letter(app, name, language, **facts):
    with app.test_request_context():
        return mail.render(letter=name, language=language, facts={"greeting": "Игорь"} | facts)


def test_the_letter_of_points_that_have_come(app):
    facts = {"number": "0042-1187", "points": 44, "until": "2027-11-24T23:59:59.999999+03:00"}

    whole = letter(app, "points_granted", "ru", debt_paid=0, **facts)
    part = letter(app, "points_granted", "ru", debt_paid=40, **facts)
    none = letter(app, "points_granted", "ru", debt_paid=44, **facts)

    assert whole.subject == "Пришли баллы за заказ 0042-1187"
    assert "Пришли 44 балла за заказ 0042-1187." in whole.text
    assert "Их можно тратить до 24 ноября 2027 включительно." in whole.text
    assert "долга" not in whole.text
    for one in (part, none):
        assert "на погашение долга по баллам: 4" in one.text
    assert "можно тратить" in part.text
    assert "можно тратить" not in none.text
    assert "/my/points/" in whole.html


def test_the_letter_of_points_that_end_soon(app):
    ends = [
        {"until": "2027-03-04T23:59:59+03:00", "points": 70},
        {"until": "2027-03-05T23:59:59+03:00", "points": 1},
    ]

    russian = letter(app, "points_expiring", "ru", points=71, ends=ends)
    english = letter(app, "points_expiring", "en", points=71, ends=ends)

    assert russian.subject == "Скоро сгорит 71 балл"
    assert "до 4 марта 2027: 70 баллов" in russian.text
    assert "до 5 марта 2027: 1 балл" in russian.text
    assert english.subject == "71 points will be gone soon"
    assert "until 4 March 2027: 70 points" in english.text
    assert "4 марта 2027" in russian.html


def test_help_tells_the_shops_own_levels(client, queries):
    said = text(client.get("/help/points"))

    assert "Серебряный от 30 000 ₽ 3 %" in said
    assert "Когда пройдут 7 дней после дня получения посылки" in said
    assert "До 25 % цены товаров" in said
    assert queries == []


def test_who_only_awaits_points_is_not_told_of_a_first_purchase(client, app, make, igor):
    order = make.order(igor, state="received")
    with app.app_context():
        promised(make, order, 60)

    said = text(client.become(igor).get("/my/points/"))

    assert "+60" in said and "Движений пока не было" in said
    assert "Первые баллы" not in said
