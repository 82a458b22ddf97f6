"""What tests of gateways share: houses of the sandbox that several files ask, and a shop that knows their addresses."""

import pytest
from sber_gate import SberGate
from wallets import open_wallet

from sandbox.bank import create_bank
from sandbox.paypal import create_paypal
from shop.config import read_config


@pytest.fixture(scope="module")
def bank_house(tmp_path_factory):
    """The test bank that speaks as YooKassa, started once for each file."""
    wallet, end = open_wallet(create_bank, tmp_path_factory.mktemp("bank"))
    yield wallet
    end()


@pytest.fixture
def bank(bank_house):
    """The test bank with nothing in it and no faults ordered."""
    bank_house.sim("/reset")
    return bank_house


@pytest.fixture
def yookassa_settings(tmp_path, bank):
    """A shop that asks the test bank."""
    return read_config(
        {"SHOP_DATA": str(tmp_path), "SHOP_ENV": "test", "YOOKASSA_API_URL": f"{bank.url}/v3"}
    )


@pytest.fixture(scope="module")
def paypal_house(tmp_path_factory):
    """The test PayPal, started once for each file."""
    wallet, end = open_wallet(create_paypal, tmp_path_factory.mktemp("paypal"))
    yield wallet
    end()


@pytest.fixture
def paypal(paypal_house):
    """The test PayPal with nothing in it and no faults ordered."""
    paypal_house.sim("/reset")
    return paypal_house


@pytest.fixture
def paypal_settings(tmp_path, paypal_house):
    """A shop that asks the test PayPal."""
    return read_config(
        {"SHOP_DATA": str(tmp_path), "SHOP_ENV": "test", "PAYPAL_API_URL": paypal_house.url}
    )


@pytest.fixture
def sber(tmp_path):
    """Sber's gateway in a box, a new one for each test."""
    gate = SberGate(tmp_path / "sber")
    yield gate
    gate.stop()


@pytest.fixture
def sber_settings(tmp_path, sber):
    """A shop that asks the gateway in the box."""
    return read_config(
        {"SHOP_DATA": str(tmp_path / "shop"), "SHOP_ENV": "test", "SBER_API_URL": sber.url}
    )
