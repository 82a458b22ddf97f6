"""The test WebMoney: the shop's form, its question before, its notice after, and interface X18."""

import hashlib
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import pytest
import requests
from wallets import Ear, open_wallet

from sandbox.webmoney import create_webmoney

PURSE, WMID, SECRET = "P100500100500", "100500100500", "test_sandbox_secret"


@pytest.fixture
def shop():
    ear = Ear()
    yield ear
    ear.stop()


@pytest.fixture
def webmoney(tmp_path, shop):
    wallet, end = open_wallet(create_webmoney, tmp_path, shop.notices_url)
    yield wallet
    end()


@pytest.fixture
def bring(webmoney, shop):
    """Bring the shop's form as a browser, and return the answer, not followed."""

    def bring(**changes):
        fields = {
            "LMI_PAYEE_PURSE": PURSE,
            "LMI_PAYMENT_AMOUNT": "100.00",
            "LMI_PAYMENT_NO": "7",
            "LMI_PAYMENT_DESC_BASE64": "0JfQsNC60LDQtw==",
            "LMI_SUCCESS_URL": shop.back,
            "LMI_FAIL_URL": f"{shop.back}?no=1",
            "SHOP_REF": "7-10000-1",
        }
        return requests.post(
            f"{webmoney.url}/lmi/payment.asp",
            data=fields | changes,
            headers={"Sec-Fetch-Site": "cross-site"},
            allow_redirects=False,
            timeout=10,
        )

    return bring


@pytest.fixture
def page(webmoney, bring):
    return f"{webmoney.url}{bring().headers['Location']}"


def asked(webmoney, number="7", secret=SECRET):
    """What X18 says of a number: its code, and the amount if there is one."""
    sign = hashlib.sha256(f"{WMID}{PURSE}{number}{secret}".encode()).hexdigest()
    body = (
        f"<merchant.request><wmid>{WMID}</wmid><lmi_payee_purse>{PURSE}</lmi_payee_purse>"
        f"<lmi_payment_no>{number}</lmi_payment_no><sha256>{sign}</sha256></merchant.request>"
    )
    address = f"{webmoney.url}/conf/xml/XMLTransGet.asp"
    told = ElementTree.fromstring(requests.post(address, data=body, timeout=10).content)
    return told.findtext("retval"), told.findtext("operation/amount")


def fields_in(notice):
    return dict(parse_qsl(notice[1].decode(), strict_parsing=True))


def test_the_page_says_who_wants_what_and_that_it_is_a_test(page):
    text = requests.get(page, timeout=10).text

    assert "деньги не списываются" in text
    assert "Заказ" in text and "100\u00a0₽" in text and "WebMoney" in text


@pytest.mark.parametrize(
    "changes",
    [
        {"LMI_PAYEE_PURSE": "P1"},
        {"LMI_PAYMENT_AMOUNT": "0"},
        {"LMI_PAYMENT_NO": "x"},
        {"LMI_SUCCESS_URL": ""},
    ],
)
def test_a_form_that_makes_no_sense_begins_nothing(webmoney, bring, changes):
    assert bring(**changes).status_code == 400
    assert webmoney.dump()["payment"] == []


def test_the_shop_is_asked_first_and_told_afterwards(webmoney, page, shop):
    back = webmoney.press(page, "yes")

    question, notice = (fields_in(heard) for heard in shop.hears(2))
    assert back.headers["Location"].startswith(f"{shop.back}?LMI_PAYMENT_NO=7")
    assert question["LMI_PREREQUEST"] == "1" and "LMI_HASH" not in question
    assert question["SHOP_REF"] == notice["SHOP_REF"] == "7-10000-1"
    assert (notice["LMI_PAYMENT_AMOUNT"], notice["LMI_MODE"]) == ("100.00", "0")


def test_the_notice_has_the_hash_that_webmoney_documents(webmoney, page, shop):
    webmoney.press(page, "yes")

    told = fields_in(shop.hears(2)[1])

    text = (
        told["LMI_PAYEE_PURSE"]
        + told["LMI_PAYMENT_AMOUNT"]
        + told["LMI_PAYMENT_NO"]
        + told["LMI_MODE"]
        + told["LMI_SYS_INVS_NO"]
        + told["LMI_SYS_TRANS_NO"]
        + told["LMI_SYS_TRANS_DATE"]
        + SECRET
        + told["LMI_PAYER_PURSE"]
        + told["LMI_PAYER_WM"]
    )
    assert told["LMI_HASH"] == hashlib.sha256(text.encode()).hexdigest().upper()


@pytest.mark.parametrize("answer", [(200, "NO\n"), (200, "ok"), (400, "YES"), (500, "")])
def test_without_a_plain_yes_no_money_moves(webmoney, page, shop, answer):
    shop.answers = [answer]

    refused = webmoney.press(page, "yes")

    assert refused.status_code == 409
    assert "Магазин больше не ждёт этой оплаты" in refused.text
    assert asked(webmoney) == ("9", None)
    assert webmoney.dump()["notice"] == []


def test_x18_tells_how_a_number_stands(webmoney, page, bring):
    assert asked(webmoney, "8") == ("8", None)
    assert asked(webmoney) == ("9", None)
    assert asked(webmoney, secret="guess") == ("-7", None)

    webmoney.press(page, "yes")
    other = f"{webmoney.url}{bring(LMI_PAYMENT_NO='8').headers['Location']}"
    back = webmoney.press(other, "no")

    assert asked(webmoney) == ("0", "100.00")
    assert asked(webmoney, "8") == ("13", None)
    assert back.headers["Location"].endswith("?no=1&LMI_PAYMENT_NO=8")


def test_the_same_form_leads_to_the_same_page_also_when_it_is_paid(webmoney, page, bring):
    webmoney.press(page, "yes")

    again = bring()

    assert f"{webmoney.url}{again.headers['Location']}" == page
    assert "Оплата прошла" in requests.get(page, timeout=10).text
    assert len(webmoney.dump()["payment"]) == 1


def test_tells_again_until_the_shop_has_heard(webmoney, page, shop):
    shop.answers = [(200, "YES"), (500, ""), (503, "")]

    webmoney.press(page, "yes")

    shop.hears(4)
    assert len({body for _, body in shop.heard[1:]}) == 1
