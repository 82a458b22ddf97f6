"""Feeds of merchants: fetched from a file or an address, and read record by record."""

from shop.gateways.feeds.fetching import CannotFetch, Fetched, fetched
from shop.gateways.feeds.reading import BrokenFeed, records

__all__ = ["BrokenFeed", "CannotFetch", "Fetched", "fetched", "records"]
