"""PayPal's own ways: the payer agrees, the shop takes the money; ids of 17 signs; an order lives three hours."""

import secrets
from urllib.parse import urlencode

from ..bank.clock import HOUR
from ..settings import BankSettings
from ..wallets.house import WalletHouse
from .letters import PayPalLetters

CLIENT_ID = "test_sandbox_client"
WEBHOOK_ID = "test_sandbox_webhook"
_SIGNS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class PayPalHouse(WalletHouse):
    """The test PayPal."""

    name = "PayPal"
    wallet = "anna-payer@example.ru"
    is_two_stage = True
    tells = ("payment.held", "payment.succeeded", "refund.succeeded", "refund.canceled")
    time_to_confirm = 3 * HOUR

    def __init__(self, settings: BankSettings):
        super().__init__(settings, PayPalLetters(settings.secret, WEBHOOK_ID))

    def way_back(self, payment: dict) -> str:
        """Return the shop's address with what PayPal adds to it."""
        is_off = payment["status"] == "canceled"
        url = payment["details"]["cancel_url"] if is_off else payment["return_url"]
        added = {"token": payment["id"]} | ({} if is_off else {"PayerID": "SANDBOXPAYER1"})
        return f"{url}{'&' if '?' in url else '?'}{urlencode(added)}"


def new_id() -> str:
    """Return an id as PayPal makes them."""
    return "".join(secrets.choice(_SIGNS) for _ in range(17))
