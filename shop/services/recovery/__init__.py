"""A password or a mailbox is lost: the ways back in."""

from shop.services.recovery.links import LinkIsOver, choose_password, send_link

__all__ = ["LinkIsOver", "choose_password", "send_link"]
