"""Feeds: a merchant's file becomes the catalog. See each module."""

from shop.services.feeds.importing import import_feed

__all__ = ["import_feed"]
