"""The test PayPal: what it takes, what it refuses, what its payer sees, what it tells."""

import json

import pytest
import requests
from wallets import Ear, open_wallet

from sandbox.paypal import create_paypal


@pytest.fixture
def shop():
    ear = Ear()
    yield ear
    ear.stop()


@pytest.fixture
def paypal(tmp_path, shop):
    wallet, end = open_wallet(create_paypal, tmp_path, shop.notices_url)
    yield wallet
    end()


@pytest.fixture
def ask(paypal):
    """Call the API as a shop that has a token."""
    answer = requests.post(
        f"{paypal.url}/v1/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=("test_sandbox_client", "test_sandbox_secret"),
        timeout=10,
    )
    token = answer.json()["access_token"]

    def ask(method, path, body=None, key=None):
        headers = {"Authorization": f"Bearer {token}"} | ({"PayPal-Request-Id": key} if key else {})
        return requests.request(
            method, f"{paypal.url}{path}", json=body, headers=headers, timeout=10
        )

    return ask


def wish(shop, value="100.00", currency="RUB"):
    context = {"return_url": shop.back, "cancel_url": f"{shop.back}?no=1"}
    return {
        "intent": "CAPTURE",
        "purchase_units": [
            {
                "amount": {"currency_code": currency, "value": value},
                "custom_id": "7",
                "description": "Заказ 17",
            }
        ],
        "payment_source": {"paypal": {"experience_context": context}},
    }


@pytest.fixture
def order(ask, shop):
    answer = ask("POST", "/v2/checkout/orders", wish(shop), "key-1")
    assert answer.status_code == 201, answer.text
    return answer.json()


def page_of(order):
    return next(link["href"] for link in order["links"] if link["rel"] == "payer-action")


def issue(answer):
    return (answer.status_code, answer.json()["details"][0]["issue"])


def test_only_whoever_knows_the_secret_gets_a_token_and_only_a_token_opens_the_doors(paypal):
    wrong = requests.post(f"{paypal.url}/v1/oauth2/token", auth=("who", "what"), timeout=10)
    bare = requests.get(f"{paypal.url}/v2/checkout/orders/X", timeout=10)

    assert (wrong.status_code, bare.status_code) == (401, 401)


def test_the_same_request_id_is_the_same_order_and_never_another_wish(ask, shop, order):
    again = ask("POST", "/v2/checkout/orders", wish(shop), "key-1")
    other = ask("POST", "/v2/checkout/orders", wish(shop, "1.00"), "key-1")

    assert again.json() == order
    assert other.status_code == 422


@pytest.mark.parametrize(
    ("value", "currency"), [("100", "RUB"), ("0.00", "RUB"), ("1.00", "USD"), (None, "RUB")]
)
def test_a_wrong_wish_is_refused(ask, shop, value, currency):
    assert ask("POST", "/v2/checkout/orders", wish(shop, value, currency)).status_code == 422


def test_the_page_says_who_wants_what_and_that_it_is_a_test(order):
    page = requests.get(page_of(order), timeout=10).text

    assert "деньги не списываются" in page
    assert "Заказ 17" in page and "100\u00a0₽" in page
    assert "Интернет-магазин" in page and 'lang="ru"' in page
    assert "Вернуться в магазин" in page


def test_the_order_is_approved_first_and_taken_by_the_shop(ask, paypal, shop, order):
    early = ask("POST", f"/v2/checkout/orders/{order['id']}/capture", {})
    back = paypal.press(page_of(order), "yes")
    approved = ask("GET", f"/v2/checkout/orders/{order['id']}").json()
    taken = ask("POST", f"/v2/checkout/orders/{order['id']}/capture", {}).json()
    twice = ask("POST", f"/v2/checkout/orders/{order['id']}/capture", {})

    assert issue(early) == (422, "ORDER_NOT_APPROVED")
    assert back.headers["Location"] == f"{shop.back}?token={order['id']}&PayerID=SANDBOXPAYER1"
    assert (approved["status"], taken["status"]) == ("APPROVED", "COMPLETED")
    assert taken["purchase_units"][0]["payments"]["captures"][0]["status"] == "COMPLETED"
    assert issue(twice) == (422, "ORDER_ALREADY_CAPTURED")


def test_a_payer_without_money_is_found_out_when_the_shop_takes_it(ask, paypal, order):
    paypal.press(page_of(order), "short")

    answer = ask("POST", f"/v2/checkout/orders/{order['id']}/capture", {})

    assert issue(answer) == (422, "INSTRUMENT_DECLINED")


def test_the_forms_answer_counts_once(ask, paypal, order):
    paypal.press(page_of(order), "no")
    answer = requests.post(page_of(order), data={"token": "guess", "answer": "yes"}, timeout=10)

    assert answer.status_code == 200  # It shows the shop again, and nothing has changed.
    assert ask("GET", f"/v2/checkout/orders/{order['id']}").json()["status"] == "VOIDED"


def test_sends_back_no_more_than_came(ask, paypal, order):
    paypal.press(page_of(order), "yes")
    taken = ask("POST", f"/v2/checkout/orders/{order['id']}/capture", {}).json()
    capture = taken["purchase_units"][0]["payments"]["captures"][0]["id"]
    part = {"amount": {"currency_code": "RUB", "value": "60.00"}}

    first = ask("POST", f"/v2/payments/captures/{capture}/refund", part, "r1")
    again = ask("POST", f"/v2/payments/captures/{capture}/refund", part, "r1")
    more = ask("POST", f"/v2/payments/captures/{capture}/refund", part, "r2")

    assert first.json()["status"] == "COMPLETED" and again.json() == first.json()
    assert issue(more) == (422, "CAPTURE_FULLY_REFUNDED")
    found = ask("GET", f"/v2/payments/captures/{capture}").json()
    assert found["supplementary_data"]["related_ids"] == {"order_id": order["id"]}


def test_tells_of_what_happened_in_signed_notices(ask, paypal, shop, order):
    paypal.press(page_of(order), "yes")
    ask("POST", f"/v2/checkout/orders/{order['id']}/capture", {})

    told = [json.loads(body)["event_type"] for _, body in shop.hears(2)]

    assert told == ["CHECKOUT.ORDER.APPROVED", "PAYMENT.CAPTURE.COMPLETED"]


def test_knows_its_own_signature_and_no_other(ask, paypal, shop, order):
    paypal.press(page_of(order), "yes")
    headers, body = shop.hears(1)[0]
    claim = {
        "auth_algo": headers["paypal-auth-algo"],
        "cert_url": headers["paypal-cert-url"],
        "transmission_id": headers["paypal-transmission-id"],
        "transmission_sig": headers["paypal-transmission-sig"],
        "transmission_time": headers["paypal-transmission-time"],
        "webhook_id": "test_sandbox_webhook",
        "webhook_event": json.loads(body),
    }
    path = "/v1/notifications/verify-webhook-signature"

    assert ask("POST", path, claim).json() == {"verification_status": "SUCCESS"}
    forged = claim | {"webhook_event": claim["webhook_event"] | {"event_type": "OTHER"}}
    assert ask("POST", path, forged).json() == {"verification_status": "FAILURE"}
    other = claim | {"webhook_id": "other"}
    assert ask("POST", path, other).json() == {"verification_status": "FAILURE"}


def test_notices_are_repeated_doubled_and_lost_to_order(ask, paypal, shop, order):
    shop.answers = [(500, ""), (200, "")]
    paypal.sim("/hooks", {"mode": "duplicate", "times": 1})
    paypal.sim(f"/payments/{order['id']}/force", {"status": "held"})
    shop.hears(3)
    paypal.sim("/hooks", {"mode": "lost", "times": 1})
    paypal.sim(f"/payments/{order['id']}/force", {"status": "succeeded"})

    states = [row["state"] for row in paypal.dump()["notice"]]
    assert states[-1] == "lost"
    assert len({body for _, body in shop.heard}) == 1


def test_the_back_door_needs_its_token(paypal):
    assert requests.post(f"{paypal.url}/_sim/reset", json={}, timeout=10).status_code == 403


def test_reset_forgets_everything(ask, paypal, order):
    paypal.sim("/reset")

    assert issue(ask("GET", f"/v2/checkout/orders/{order['id']}")) == (404, "INVALID_RESOURCE_ID")
