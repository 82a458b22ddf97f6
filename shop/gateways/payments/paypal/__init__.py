"""PayPal, Orders version 2: the customer agrees on PayPal's page, the shop takes the money afterwards."""

from shop.gateways.payments.paypal.adapter import PayPal

__all__ = ["PayPal"]
