"""A password or a mailbox is lost: what is known about the ways back in."""

from shop.queries.recovery.compared import RequestAtDesk, request_at_desk
from shop.queries.recovery.links import email_of_link, is_spent
from shop.queries.recovery.lost_mailbox import (
    Move,
    RequestDesk,
    is_objection_possible,
    move_of_link,
    requests_at_desk,
)

__all__ = [
    "Move",
    "RequestAtDesk",
    "RequestDesk",
    "email_of_link",
    "is_objection_possible",
    "is_spent",
    "move_of_link",
    "request_at_desk",
    "requests_at_desk",
]
