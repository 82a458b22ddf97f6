"""QIWI bills: the shop writes a bill under a number of its own, the customer pays it on QIWI's page."""

from shop.gateways.payments.qiwi.adapter import Qiwi

__all__ = ["Qiwi"]
