"""The pages of Sber's payers, without JavaScript: the card, the bonuses, the code, the ways out."""

import pytest
from sber_gate import WITH_CODE, WITHOUT_CODE, SberGate

AMEX = "370000000000002"


@pytest.fixture
def gate(tmp_path):
    gate = SberGate(tmp_path)
    yield gate
    gate.stop()


def test_says_that_no_money_is_taken_and_shows_what_is_paid(gate):
    order = gate.open(description="Заказ 17")

    page = gate.page(order).text

    assert "Тестовый банк, деньги не списываются" in page
    assert "Заказ 17" in page and "1\u00a0000\u00a0₽" in page
    assert "Вернуться в магазин" in page and "Отменить оплату" in page


def test_a_wrong_card_is_said_beside_its_fields(gate):
    answer = gate.give_card(gate.open(), "2200000000000005", expiry="", code="1")

    assert answer.status_code == 422
    assert "Проверьте номер: в какой-то цифре ошибка" in answer.text
    assert 'href="#expiry"' in answer.text


def test_after_the_card_it_asks_for_bonuses_with_a_field_a_keyboard_can_fill(gate):
    page = gate.follow(gate.give_card(gate.open(), WITH_CODE)).text

    assert "<h1>Списать бонусы «Спасибо»?</h1>" in page
    assert '<label for="bonuses">' in page
    assert 'type="number"' in page and 'max="900"' in page
    assert "•••• 0004" in page and WITH_CODE not in page


@pytest.mark.parametrize(
    ("kopecks", "most"), [(101_00, 1), (1_000_00, 900), (20_000_00, 5_000), (10_500_00, 5_000)]
)
def test_the_most_is_bounded_by_the_balance_the_share_and_the_hundred(gate, kopecks, most):
    order = gate.open(kopecks=kopecks)
    seen = gate.follow(gate.give_card(order, WITHOUT_CODE))

    refused = gate.press(seen, bonuses=str(most + 1))

    assert f'max="{most}"' in seen.text
    assert refused.status_code == 422
    assert f"не больше {most}" in refused.text and f'value="{most + 1}"' in refused.text
    assert gate.status(order)["orderStatus"] == 0
    gate.press(seen, bonuses=str(most))
    (bonus,) = gate.status(order)["merchantOrderParams"]
    assert bonus == {"name": "sbrf_spasibo:amount_bonus", "value": str(most * 100)}


@pytest.mark.parametrize("typed", ["-1", "1.5", "много", "1e2"])
def test_what_is_no_number_is_refused_and_nothing_is_paid(gate, typed):
    order = gate.open()
    seen = gate.follow(gate.give_card(order, WITHOUT_CODE))

    answer = gate.press(seen, bonuses=typed)

    assert answer.status_code == 422
    assert "цифрами, без копеек" in answer.text
    assert gate.status(order)["orderStatus"] == 0


@pytest.mark.parametrize(("kopecks", "number"), [(100_00, WITHOUT_CODE), (1_000_00, AMEX)])
def test_where_no_bonus_can_be_spent_nobody_asks(gate, kopecks, number):
    order = gate.open(kopecks=kopecks)

    answer = gate.give_card(order, number)

    assert not answer.headers["Location"].endswith("/bonuses")


def test_the_code_is_asked_for_the_money_part(gate):
    order = gate.open()
    seen = gate.follow(gate.give_card(order, WITH_CODE))

    code_page = gate.follow(gate.press(seen, bonuses="800"))

    assert "<h1>Введите код из СМС</h1>" in code_page.text
    assert "200\u00a0₽" in code_page.text
    assert gate.status(order)["orderStatus"] == 5


def test_the_third_wrong_code_ends_it(gate):
    order = gate.open()
    seen = gate.follow(gate.press(gate.follow(gate.give_card(order, WITH_CODE)), bonuses="0"))

    answers = [gate.press(seen, code="000") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [422, 422, 303]
    assert gate.status(order)["actionCode"] == -2006
    assert "Оплата не прошла" in gate.follow(answers[2]).text


def test_a_second_press_counts_for_nothing(gate):
    order = gate.open()
    seen = gate.follow(gate.give_card(order, WITHOUT_CODE))
    gate.press(seen, bonuses="10")

    again = gate.press(seen, bonuses="500")

    assert again.headers["Location"].startswith("http://localhost/back?orderId=")
    assert gate.status(order)["merchantOrderParams"][0]["value"] == "1000"


def test_abandoning_declines_the_order_and_leads_to_the_shop(gate):
    order = gate.open(failUrl="http://localhost/failed?x=1")

    answer = gate.press(gate.page(order), f"/orders/{order}/cancellation")

    assert answer.headers["Location"] == f"http://localhost/failed?x=1&orderId={order}&lang=ru"
    assert gate.status(order)["orderStatus"] == 6


def test_an_unknown_order_is_not_found(gate):
    assert gate.page("nothing").status_code == 404
