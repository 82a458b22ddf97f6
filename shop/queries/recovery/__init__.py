"""A password or a mailbox is lost: what is known about the ways back in."""

from shop.queries.recovery.links import email_of_link

__all__ = ["email_of_link"]
