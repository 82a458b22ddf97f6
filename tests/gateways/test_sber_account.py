"""The shop's account at Sber: a test stand or the real gateway, whole or not at all."""

from dataclasses import replace

import pytest
from sber_gate import opened

from shop.config import WrongSetting, read_config
from shop.gateways.payments import Unauthorized
from shop.gateways.payments.sber import Sber

PRODUCTION = {
    "SHOP_ENV": "production",
    "SHOP_URL": "https://shop.example",
    "SECRET_KEY": "k" * 40,
    "YOOKASSA_API_URL": "https://api.yookassa.ru/v3",
}
SECURE = "https://securepayments.sberbank.ru"


@pytest.mark.parametrize(
    ("address", "is_test"),
    [
        ("https://3dsec.sberbank.ru/payment", True),
        ("https://securepayments.sberbank.ru/payment", False),
    ],
)
def test_knows_the_banks_test_stand_by_its_name(sber_settings, address, is_test):
    assert Sber(replace(sber_settings, sber_api_url=address))._is_test is is_test


def test_a_production_shop_never_asks_the_sandbox(sber_settings, sber, caplog):
    shop = Sber(replace(sber_settings, shop_env="production"))

    with pytest.raises(Unauthorized):
        opened(shop)

    assert sber.orders() == []
    assert "SBER_API_URL points at this machine" in caplog.text


@pytest.mark.parametrize(
    "given", [{"SBER_USER": "ours-api"}, {"SBER_API_URL": f"{SECURE}/payment"}]
)
def test_half_an_account_stops_a_production_shop(tmp_path, given):
    with pytest.raises(WrongSetting, match="SBER_USER and SBER_API_URL belong together"):
        read_config(PRODUCTION | {"SHOP_DATA": str(tmp_path)} | given)


def test_payers_are_led_to_sbers_page_where_there_is_an_account(tmp_path):
    shop = PRODUCTION | {"SHOP_DATA": str(tmp_path)}
    account = {"SBER_USER": "ours-api", "SBER_API_URL": f"{SECURE}/payment"}

    assert SECURE in read_config(shop | account).payment_pages
    assert read_config(shop).payment_pages == (
        "https://api.yookassa.ru",
        "https://yoomoney.ru",
        "https://yookassa.ru",
    )
