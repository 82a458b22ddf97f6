"""Other ways to pay and to leave, and what the bank's pages never do."""

import pytest

from sandbox.bank.cards import HANDY_CARDS, is_luhn_valid, outcome_of, scheme_of

WITH_CODE = "2200000000000004"
WITHOUT_CODE = "2202474301322987"


def details(bank, payment):
    return bank.get(f"/payments/{payment['id']}").json()["cancellation_details"]


def test_abandoning_ends_the_payment_and_returns_to_the_shop(bank):
    payment = bank.open()
    path = f"/checkout/{payment['id']}"

    answer = bank.press(f"{path}/cancellation", seen=bank.page(path))

    assert (answer.status_code, answer.headers["Location"]) == (303, bank.shop.return_url)
    assert details(bank, payment)["reason"] == "expired_on_confirmation"


def test_the_way_back_to_the_shop_leaves_the_payment_open(bank):
    payment = bank.open()

    page = bank.page(f"/checkout/{payment['id']}").text

    assert f'href="{bank.shop.return_url}"' in page
    assert bank.status(payment) == "pending"


@pytest.mark.parametrize(
    ("method", "wallet"),
    [("yoo_money", "yoomoney"), ("sbp", "sbp"), ("sberbank", "sberpay"), ("tinkoff_bank", "tpay")],
)
def test_a_wallet_says_yes_or_no(bank, method, wallet):
    yes, no = (bank.open(payment_method_data={"type": method}) for _ in range(2))
    assert bank.page(f"/checkout/{yes['id']}").url == f"{bank.url}/{wallet}/{yes['id']}"

    _answer(bank, wallet, yes, "yes")
    _answer(bank, wallet, no, "no")

    assert bank.status(yes) == "succeeded"
    assert details(bank, no) == {"party": "yoo_money", "reason": "insufficient_funds"}


def test_the_payer_chooses_when_the_shop_did_not(bank):
    payment = bank.open()

    page = bank.page(f"/checkout/{payment['id']}").text
    _answer(bank, "sbp", payment, "yes")

    assert f"/sbp/{payment['id']}" in page
    paid = bank.get(f"/payments/{payment['id']}").json()
    assert (paid["status"], paid["payment_method"]["type"]) == ("succeeded", "sbp")


def test_two_stages_offer_no_way_that_knows_one(bank):
    payment = bank.open(capture=False)

    assert f"/sbp/{payment['id']}" not in bank.page(f"/checkout/{payment['id']}").text


def test_an_expired_page_says_so(bank):
    payment = bank.open()
    bank.sim("/clock/advance", {"seconds": 3601})

    page = bank.page(f"/checkout/{payment['id']}").text

    assert "Платёж не подтвердили вовремя." in page


def test_an_unknown_payment_is_not_found(bank):
    assert bank.page("/checkout/nothing").status_code == 404


def test_the_full_number_is_written_nowhere(bank, settings):
    payments = [bank.open() for _ in range(3)]
    for payment, number in zip(
        payments, [WITH_CODE, WITHOUT_CODE, "5555555555554535"], strict=True
    ):
        bank.pay_by_card(payment, number)
    bank.press(f"/checkout/{bank.open()['id']}", number="4111111111111111", expiry="", code="")
    bank.shop.hears(2)

    written = b"".join(path.read_bytes() for path in settings.data.iterdir())
    told = b"".join(bank.shop.bodies)

    for number in (WITH_CODE, WITHOUT_CODE, "5555555555554535", "4111111111111111"):
        assert number.encode() not in written + told
        assert number.encode() not in bank.page("/").content


def test_the_books_show_payments_and_notices(bank):
    payment = bank.paid()
    bank.shop.hears(1)

    page = bank.page("/").text

    assert payment["id"][:8] in page
    assert "оплачен" in page and "payment.succeeded" in page


def test_the_handy_cards_are_right_numbers():
    for number, _ in HANDY_CARDS:
        assert is_luhn_valid(number)
        assert len(number) in scheme_of(number).lengths


def test_a_number_of_no_meaning_pays():
    assert outcome_of("2200770212727079").reason == "invalid_csc"
    assert outcome_of("2200770212727004").reason == "paid"


def _answer(bank, wallet, payment, word):
    return bank.press(f"/{wallet}/{payment['id']}", answer=word)
