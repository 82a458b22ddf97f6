"""The page after the bank: it says how paying stands, and leads back to the bank when need be."""

import re
from datetime import timedelta

import pytest
import time_machine
from conftest import NOON
from lxml import html
from paying import Paying

from shop.gateways.payments import Rejected, Unknown

REASONS = (
    "3d_secure_failed call_issuer card_expired payment_method_limit_exceeded payment_method_restricted "
    "country_forbidden general_decline fraud_suspected identification_required insufficient_funds "
    "invalid_card_number invalid_csc issuer_unavailable canceled_by_merchant permission_revoked internal_timeout "
    "expired_on_confirmation expired_on_capture unsupported_mobile_operator deal_expired loan_declined "
    "loan_declined_by_payer loan_application_expired rejected_by_timeout something_new"
).split()


@pytest.fixture(autouse=True)
def soon():
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False) as clock:
        yield clock


@pytest.fixture
def paying(app, make):
    return Paying(app, make)


@pytest.fixture
def bought(paying):
    return paying.order()


@pytest.fixture
def buyer(client, bought):
    return client.become(bought.account)


def address(bought):
    return f"/my/orders/{bought.number}/payment"


def words(answer):
    tree = html.fromstring(answer.text)
    return " ".join(tree.xpath("string(//section[@id='payment'])").split())


def test_paying_leads_to_the_banks_page_and_back_to_this_shop(buyer, bought, paying):
    answer = buyer.post(address(bought))

    attempt = paying.attempt(bought.attempt_id)
    assert answer.status_code == 303
    assert answer.location == f"http://bank.example/{attempt.gateway_ref}"
    assert attempt.request["return_to"] == f"http://localhost{address(bought)}"


def test_htmx_is_led_there_too(htmx, bought, paying):
    answer = htmx.become(bought.account).post(address(bought))

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("http://bank.example/")


def test_the_return_page_asks_the_bank_itself_and_believes_no_parameter(
    buyer, bought, paying, soon
):
    ref = paying.at_the_bank(bought, NOON)

    pending = buyer.get(f"{address(bought)}?status=succeeded&paid=1")
    assert "Ждём ответа банка" in words(pending)
    assert paying.order_state(bought) == "awaiting_payment"

    paying.bank.end(ref, "succeeded")
    soon.shift(2)
    paid = buyer.get(address(bought))
    assert "Оплачено: 3 279 ₽" in words(paid)
    assert "Mastercard ···· 4477" in words(paid)
    assert f'href="/my/orders/{bought.number}"' in paid.text
    assert (
        "hx-trigger"
        not in html.tostring(html.fromstring(paid.text).get_element_by_id("payment")).decode()
    )


def test_a_waiting_page_looks_again_by_itself_fifteen_times_and_offers_a_link(
    buyer, htmx, bought, paying
):
    paying.at_the_bank(bought, NOON)
    htmx.become(bought.account)
    headers = {"HX-Target": "section#payment"}

    page = buyer.get(address(bought))
    turns = [page]
    for turn in range(1, 16):
        looks = re.search(r'hx-get="([^"]+)"[^>]*hx-trigger="load delay:2s"', turns[-1].text)
        assert looks and looks[1] == f"{address(bought)}?turn={turn}"
        turns.append(htmx.get(looks[1], headers=headers))

    assert "<h1" not in turns[1].text
    assert 'hx-trigger="load' not in turns[15].text
    assert "Проверить ещё раз" in words(page) and "Проверить ещё раз" in words(turns[15])


@pytest.mark.parametrize("turn", ["-5", "999999999999999999999", "x", "٣", ""])
def test_a_senseless_turn_harms_nothing(buyer, bought, paying, turn):
    paying.at_the_bank(bought, NOON)

    assert buyer.get(address(bought), query_string={"turn": turn}).status_code == 200


def test_looking_again_and_again_asks_the_bank_once_a_second(buyer, bought, paying):
    paying.at_the_bank(bought, NOON)
    paying.bank.calls.clear()

    for _ in range(5):
        buyer.get(address(bought))

    assert paying.bank.calls == ["fetch"]


@pytest.mark.parametrize("reason", REASONS)
def test_every_refusal_is_a_sentence_with_what_to_do_and_a_way_to_pay_again(
    buyer, bought, paying, reason
):
    paying.bank.end(paying.at_the_bank(bought, NOON), "canceled", reason)

    said = words(buyer.get(address(bought)))

    assert "Оплата не прошла, деньги не списаны" in said
    assert "Оплатить 3 279 ₽ ещё раз" in said
    assert reason not in said
    is_general = reason in {"general_decline", "something_new"}
    assert ("Банк отказал и не сказал почему." in said) is is_general


def test_a_refusal_of_its_own_is_told_in_its_own_words(buyer, bought, paying):
    paying.bank.end(paying.at_the_bank(bought, NOON), "canceled", "insufficient_funds")

    assert "На карте не хватает денег. Пополните её или заплатите другой картой." in words(
        buyer.get(address(bought))
    )


def test_after_a_refusal_the_customer_pays_again(buyer, bought, paying):
    paying.bank.end(paying.at_the_bank(bought, NOON), "canceled", "card_expired")
    buyer.get(address(bought))

    answer = buyer.post(address(bought))

    assert answer.location.startswith("http://bank.example/")
    assert paying.attempts(bought) == ["canceled", "pending"]


def test_while_the_bank_is_away_the_page_waits_and_nothing_breaks(buyer, bought, paying):
    paying.bank.trouble("create", Unknown("no answer"))

    answer = buyer.post(address(bought))

    assert answer.location == address(bought)
    paying.bank.trouble("create", Unknown("no answer"), times=5)
    assert "Открываем страницу банка" in words(buyer.get(address(bought)))


def test_a_wish_the_bank_rejects_is_told_plainly(buyer, bought, paying):
    paying.bank.trouble("create", Rejected("invalid_request", "amount"))
    buyer.post(address(bought))

    assert "Не получилось открыть оплату в банке." in words(buyer.get(address(bought)))


def test_an_order_that_nobody_began_to_pay_offers_to(buyer, bought):
    assert "Оплатить 3 279 ₽" in words(buyer.get(address(bought)))


def test_when_the_time_is_over_the_page_says_so_and_sells_nothing(buyer, bought, paying, soon):
    soon.shift(3600)

    assert "Время на оплату вышло" in words(buyer.get(address(bought)))
    answer = buyer.post(address(bought))
    assert answer.location == address(bought)
    assert paying.bank.payments == {}


def test_one_look_takes_few_questions(buyer, bought, queries):
    queries.clear()
    buyer.get(address(bought))

    assert len(queries) <= 4


def test_a_guest_is_asked_to_sign_in(client, bought):
    assert client.get(address(bought)).status_code == 303
    assert client.post(address(bought)).status_code == 401


def test_somebody_elses_order_is_not_there(other_client, make, bought, paying):
    other_client.become(make.account())

    assert other_client.get(address(bought)).status_code == 404
    assert other_client.post(address(bought)).status_code == 404
    assert paying.bank.calls == []


def test_the_page_is_kept_by_nobody(buyer, bought):
    assert buyer.get(address(bought)).headers["Cache-Control"] == "private, no-store"
