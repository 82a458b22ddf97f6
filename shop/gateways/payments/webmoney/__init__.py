"""WebMoney Merchant: the customer brings a form there, WebMoney asks the shop first and tells it afterwards."""

from shop.gateways.payments.webmoney.adapter import WebMoney

__all__ = ["WebMoney"]
