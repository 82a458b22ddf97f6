"""Sber's acquiring (the RBS gateway): a card, and the bank's «Спасибо» bonuses for a part of the sum."""

from shop.gateways.payments.sber.adapter import Sber

__all__ = ["Sber"]
