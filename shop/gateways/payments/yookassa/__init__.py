"""YooKassa, API version 3: cards, SBP, SberPay and YooMoney on the gateway's own page."""

from shop.gateways.payments.yookassa.adapter import YooKassa

__all__ = ["YooKassa"]
