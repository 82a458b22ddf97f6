import pytest
from lxml import html


def towns(answer):
    return html.fromstring(answer.text).xpath("//ul[@class='towns']//button/text()")


@pytest.fixture
def places(make):
    make.place()
    return make.place("Орёл", region="Орловская область", population=324_200)


def test_large_towns_are_at_hand(client, places):
    answer = client.get("/delivery/place")

    assert answer.status_code == 200
    assert towns(answer) == ["Москва", "Орёл"]
    assert html.fromstring(answer.text).xpath("//button[@aria-current]/text()") == ["Москва"]


def test_a_town_is_found_as_typed_with_script_and_without(client, htmx, places):
    assert towns(client.get("/delivery/place?q=ОРЕ")) == ["Орёл"]
    part = htmx.get("/delivery/place?q=орё")
    assert towns(part) == ["Орёл"] and "<html" not in part.text
    assert "Города на эти буквы нет" in client.get("/delivery/place?q=xyz").text


def test_the_chosen_town_is_kept_and_one_goes_on(client, places):
    answer = client.post("/delivery/place", data={"place": places.id, "next": "/cart/"})

    assert (answer.status_code, answer.location) == (303, "/cart/")
    with client.client.session_transaction() as session:
        assert session["place"]["name"] == "Орёл"
    page = html.fromstring(client.get("/delivery/place").text)
    assert page.xpath("//button[@aria-current]/text()") == ["Орёл"]


@pytest.mark.parametrize("place", ["", "x", "0", "-1", "404", "99999999999999999999"])
def test_what_is_no_town_is_refused_and_nothing_changes(client, places, place):
    answer = client.post("/delivery/place", data={"place": place})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    with client.client.session_transaction() as session:
        assert "place" not in session


def test_nobody_is_sent_to_another_site(client, places):
    answer = client.post(
        "/delivery/place", data={"place": places.id, "next": "https://evil.example"}
    )

    assert answer.location == "/"
