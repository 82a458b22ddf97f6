"""Feeds: what a merchant's texts mean, and what is wrong with them. See each module."""

from shop.rules.feeds.offers import BadOffer, Offer, checked_offer
from shop.rules.feeds.records import RawCategory, RawCurrency, RawOffer
from shop.rules.feeds.reports import N_, Problem, parts, told, vanishes_too_much
from shop.rules.feeds.sums import rates_of
from shop.rules.feeds.texts import plain
from shop.rules.feeds.tree import LONGEST_PATH, PlacedCategory, placed_categories

__all__ = [
    "LONGEST_PATH",
    "N_",
    "BadOffer",
    "Offer",
    "PlacedCategory",
    "Problem",
    "RawCategory",
    "RawCurrency",
    "RawOffer",
    "checked_offer",
    "parts",
    "placed_categories",
    "plain",
    "rates_of",
    "told",
    "vanishes_too_much",
]
