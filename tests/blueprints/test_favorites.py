import json

import pytest
from lxml import html


def names(answer):
    return html.fromstring(answer.text).xpath("//li[@class='card']//h2//text()")


def test_a_guest_is_turned_to_the_sign_in_and_back(client):
    answer = client.get("/favorites/")

    assert answer.status_code == 303
    assert answer.location == "/auth/login?next=/favorites/"


def test_a_guests_heart_opens_the_popup(htmx, make):
    tea = make.product()

    answer = htmx.post(f"/favorites/{tea.id}", data={"on": "1"})

    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "#dlg-body"
    assert 'name="password"' in answer.text


def test_a_heart_is_given_and_taken_back(htmx, make):
    ann, tea = make.account(), make.product("Чай")
    htmx.become(ann)

    given = htmx.post(f"/favorites/{tea.id}", data={"on": "1"})
    taken = htmx.post(f"/favorites/{tea.id}", data={"on": "0"})

    assert 'aria-pressed="true"' in given.text and 'value="0"' in given.text
    assert json.loads(given.headers["HX-Trigger"])["toast"]["text"] == "Добавили в избранное."
    assert 'aria-pressed="false"' in taken.text and 'value="1"' in taken.text


def test_without_script_one_comes_to_the_list(client, make):
    ann, tea = make.account(), make.product("Чай")

    answer = client.become(ann).post(f"/favorites/{tea.id}", data={"on": "1"})

    assert (answer.status_code, answer.location) == (303, "/favorites/")
    assert names(client.get("/favorites/")) == ["Чай"]


def test_everybody_sees_their_own(client, other_client, make):
    ann, bob = make.account(), make.account()
    make.favorite(ann, make.product("Чай"))
    make.favorite(bob, make.product("Кружка"))

    assert names(client.become(ann).get("/favorites/")) == ["Чай"]
    assert names(other_client.become(bob).get("/favorites/")) == ["Кружка"]


def test_the_list_is_searched_and_sorted_live_and_without_script(client, htmx, make):
    ann = make.account()
    for name, price in (("Чай зелёный", 300), ("Чайник", 900), ("Кружка", 100)):
        make.favorite(ann, make.product(name, price=price))

    page = client.become(ann).get("/favorites/?q=чай&sort=dear")
    part = htmx.become(ann).get("/favorites/?q=чай&sort=cheap")

    assert names(page) == ["Чайник", "Чай зелёный"]
    assert "<html" not in part.text and "favorites-list" in part.text
    assert part.text.index("Чай зелёный") < part.text.index("Чайник")
    assert "В избранном такого нет" in client.get("/favorites/?q=диван").text


def test_no_favorites_yet(client, make):
    answer = client.become(make.account()).get("/favorites/")

    assert "В избранном пока пусто" in answer.text


def test_what_left_the_shop_is_mentioned(client, make):
    ann = make.account()
    make.favorite(ann, make.product("Чай"))
    make.favorite(ann, make.product("Самовар", is_listed=False))

    answer = client.become(ann).get("/favorites/")

    assert names(answer) == ["Чай"]
    assert "ещё 1 больше не продаётся" in answer.text


@pytest.mark.parametrize("number", ["404", "99999999999"])
def test_what_never_was_is_not_found(client, make, number):
    answer = client.become(make.account()).post(f"/favorites/{number}", data={"on": "1"})

    assert answer.status_code == 404


def test_a_heart_is_never_given_by_looking(client, make):
    tea = make.product()

    assert client.become(make.account()).get(f"/favorites/{tea.id}").status_code == 405


def test_the_list_takes_six_queries_however_long(client, make, queries):
    ann = make.account()
    for _number in range(9):
        make.favorite(ann, make.product())
    client.become(ann)
    queries.clear()

    client.get("/favorites/")

    assert len(queries) == 6
