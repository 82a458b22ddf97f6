from dataclasses import replace

import pytest
from factories import NOON
from lxml import html

from shop.blueprints.help import TOPICS
from shop.blueprints.legal import TITLES
from shop.forms.checkout import WAYS
from shop.queries.payments import ways_to_pay
from shop.rules.legal import DOCUMENTS
from shop.services.payments import switch_method
from shop.web.context import ShopFacts


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_topic_has_its_page(client, topic, language):
    client.post("/language", data={"language": language})

    answer = client.get(f"/help/{topic}")

    assert answer.status_code == 200
    tree = html.fromstring(answer.text)
    assert len(tree.xpath("string(//article)")) > 250
    assert tree.xpath("//nav[@class[contains(., 'side')]]//a[@aria-current='page']/@href") == [
        f"/help/{topic}"
    ]


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_document_has_its_page_with_its_version(client, document, language):
    client.post("/language", data={"language": language})

    answer = client.get(f"/legal/{document}")

    assert answer.status_code == 200
    assert (
        "Редакция от 24 ноября 2026" if language == "ru" else "Version of 24 November 2026"
    ) in answer.text


def test_every_document_has_a_title_and_a_version():
    assert set(TITLES) == set(DOCUMENTS)


@pytest.mark.parametrize(
    "url",
    ["/help/nonsense", "/legal/nonsense", "/help/page", "/legal/page", "/help/..%2fauth%2flogin"],
)
def test_other_topics_arent_there(client, url):
    assert client.get(url).status_code == 404


def test_the_index_leads_to_every_topic(client):
    links = html.fromstring(client.get("/help/").text).xpath("//article//a/@href")

    assert links == [f"/help/{topic}" for topic in TOPICS]


def test_help_is_reckoned_with_the_shops_own_figures(client):
    text = html.fromstring(client.get("/help/delivery").text).xpath("string(//article)")

    assert "В пункт выдачи: 99 ₽, бесплатно от 2 000 ₽." in text.replace("\u00a0", " ")
    assert "отложены для вас на 30 минут" in client.get("/help/payment").text


def test_every_help_and_legal_link_of_the_frame_leads_somewhere(client):
    links = html.fromstring(client.get("/help/").text).xpath("//a/@href")
    inside = {link for link in links if link.startswith(("/help/", "/legal/", "/auth/"))}

    assert len(inside) >= 8
    assert {link: client.get(link).status_code for link in inside} == dict.fromkeys(inside, 200)


def test_particulars_that_the_owner_hasnt_filled_in_are_marked(client):
    answer = client.get("/legal/requisites")

    assert answer.text.count("заполняет владелец магазина") == 4


def test_help_asks_the_database_nothing(client, queries):
    client.get("/help/order")

    assert queries == []


def test_payment_names_the_ways_that_the_checkout_offers(app, client, make):
    owner = make.employee("owner")
    with app.app_context():
        told = {"actor_id": owner.id, "is_production": False, "now": NOON}
        switch_method(code="sbp", is_on=False, **told)
        offered = [way.code for way in ways_to_pay(is_production=False)]

    page = html.fromstring(client.get("/help/payment").text)

    with app.test_request_context():
        names = [str(WAYS[code]) for code in offered]
    assert page.xpath("(//article//ul)[1]/li/text()") == names
    assert "sbp" not in offered and len(names) > 4


def test_money_does_not_go_back_to_cards_only(client):
    text = html.fromstring(client.get("/help/returns").text).xpath("string(//article)")

    assert "тем же способом, которым вы платили: на карту, через СБП, в кошелёк" in text
    assert "Оплаченное при получении вернём банковским переводом" in text


def test_pages_tell_the_shops_own_days_of_return(app, client, monkeypatch):
    own = replace(app.extensions["shop_config"], return_days=14)
    assert ShopFacts(own).return_days == 14
    monkeypatch.setattr(app.jinja_env.globals["shop"], "return_days", 14)

    for page in ("/help/returns", "/help/points", "/legal/offer"):
        said = client.get(page).text.replace("\xa0", " ")
        assert "14 дней" in said and "7 дней" not in said and "семи дней" not in said, page
