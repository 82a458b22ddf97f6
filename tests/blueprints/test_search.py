from datetime import UTC, datetime

import pytest
from feeds import offer, written

from shop.services.feeds import import_feed

NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def goods(app, tmp_path):
    """Thirty teapots and a mug, imported as any other."""
    offers = [offer(n, name=f"Чайник заварочный № {n}") for n in range(1, 31)]
    with app.app_context():
        import_feed(
            source=written(tmp_path, *offers, offer(31, name="Кружка", category="2")),
            media=tmp_path,
            now=NOON,
        )


def test_shows_what_was_found(client, goods):
    answer = client.get("/search?q=кружки")

    assert answer.status_code == 200
    assert "<h1>Поиск: «кружки»</h1>" in answer.text
    assert '<p role="status">Нашли 1 товар</p>' in answer.text
    assert "Кружка" in answer.text and "Чайник заварочный" not in answer.text
    assert 'value="кружки"' in answer.text


def test_pages_lead_on_and_keep_the_query_and_the_order(client, goods):
    answer = client.get("/search?q=чайник&sort=dear")

    assert "Нашли 30 товаров" in answer.text
    assert (
        'href="/search?q=%D1%87%D0%B0%D0%B9%D0%BD%D0%B8%D0%BA&amp;sort=dear&amp;page=2"'
        in answer.text
    )
    assert client.get("/search?q=чайник&page=2").text.count('class="card"') == 6


@pytest.mark.parametrize("page", ["0", "3", "-1", "x", "²", "1e3", "99999999999999999999"])
def test_a_page_that_isn_t_there_is_not_found(client, goods, page):
    assert client.get("/search", query_string={"q": "чайник", "page": page}).status_code == 404


def test_an_order_that_isn_t_there_is_not_found(client, goods):
    assert client.get("/search?q=чайник&sort=password").status_code == 404


def test_says_what_was_searched_for_instead(client, goods):
    answer = client.get("/search?q=rhe;rf")

    assert (
        "По запросу «rhe;rf» ничего нет, поэтому показываем найденное по запросу «кружка»."
        in answer.text
    )
    assert "Нашли 1 товар" in answer.text


def test_offers_what_is_near_and_the_departments_when_nothing_fits(client, goods):
    answer = client.get("/search?q=кружка хрустальная")

    assert "Точных совпадений нет" in answer.text
    assert "Похоже на то, что вы ищете" in answer.text
    assert 'href="/catalog/dom/"' in answer.text


def test_an_empty_result_still_leads_somewhere(client, goods):
    answer = client.get("/search?q=абвгдейка")

    assert answer.status_code == 200
    assert "Такого у нас нет" in answer.text
    assert 'href="/catalog/dom/"' in answer.text
    assert "Новинки" in answer.text


def test_an_empty_query_asks_what_is_looked_for(client, goods):
    answer = client.get("/search")

    assert answer.status_code == 200
    assert "<h1>Поиск товаров</h1>" in answer.text
    assert "Напишите, что ищете" in answer.text


def test_markup_in_a_query_is_text_and_a_long_one_is_cut(client, goods):
    answer = client.get("/search", query_string={"q": "<script>alert(1)</script>" + "я" * 500})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "я" * 175 in answer.text and "я" * 176 not in answer.text


def test_no_sign_breaks_the_page(client, goods):
    for query in (
        "\0",
        "%",
        "'\"",
        "*",
        "чай\nник",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    ):
        assert client.get("/search", query_string={"q": query}).status_code == 200
        assert client.get("/search/suggestions", query_string={"q": query}).status_code == 200


def test_htmx_gets_the_results_only(htmx, goods):
    answer = htmx.get("/search?q=чайник&sort=cheap")

    assert "<h1" not in answer.text
    assert answer.text.lstrip().startswith('<section class="stack" id="results"')


def test_suggestions_are_links(htmx, goods):
    answer = htmx.get("/search/suggestions?q=чай")

    assert "<h1" not in answer.text
    assert answer.text.count('role="option"') == 8
    assert 'href="/search?q=%D1%87%D0%B0%D0%B9%D0%BD%D0%B8%D0%BA"' in answer.text
    assert 'href="/catalog/dom/posuda/chajniki/"' in answer.text
    assert "Чайник заварочный № 1" in answer.text
    assert "1\u00a0490\u00a0₽" in answer.text


def test_one_letter_suggests_nothing(htmx, goods):
    assert htmx.get("/search/suggestions?q=ч").text.strip() == ""


@pytest.mark.parametrize(
    ("query", "count"), [("чайник", 4), ("кружка", 4), ("кружка хрустальная", 6)]
)
def test_asks_the_database_a_few_times(client, goods, queries, query, count):
    client.get("/search?q=чайник")
    queries.clear()

    client.get("/search", query_string={"q": query})

    assert len(queries) == count


def test_suggestions_ask_three_times(htmx, goods, queries):
    htmx.get("/search/suggestions?q=круж")
    queries.clear()

    htmx.get("/search/suggestions?q=чай")

    assert len(queries) == 3
