"""WebMoney's interface X18: how the payment of a number stands."""

import hashlib
from collections.abc import Mapping
from typing import Any

from lxml import etree

from shop.config import Config
from shop.gateways.payments.calls import Calls

# By the shop's own number of the payment, not by WebMoney's.
OWN_NUMBER = "1"


class Client:
    """The shop's purse there."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._calls = Calls(config.webmoney_api_url, _code_in)

    def ask(self, number: str) -> bytes:
        """Return what X18 answers about the payment of this number.

        :raises GatewayProblem: when there is no answer.
        """
        config = self._config
        signed = f"{config.webmoney_wmid}{config.webmoney_purse}{number}{config.webmoney_secret}"
        request = etree.Element("merchant.request")
        for name, value in (
            ("wmid", config.webmoney_wmid),
            ("lmi_payee_purse", config.webmoney_purse),
            ("lmi_payment_no", number),
            ("lmi_payment_no_type", OWN_NUMBER),
            ("sha256", hashlib.sha256(signed.encode()).hexdigest()),
        ):
            etree.SubElement(request, name).text = value
        with self._calls.turn() as turn:
            headers = {"Content-Type": "text/xml"}
            return turn.ask("POST", headers=headers, body=etree.tostring(request)).body


def _code_in(_told: Mapping[str, Any]) -> str:
    """X18 refuses inside an answer that is 200; no other refusal is its own."""
    return ""
