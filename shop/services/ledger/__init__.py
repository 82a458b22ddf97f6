"""The ledger: entries written once, and the few that every payment makes."""

from shop.services.ledger.outside import Came, keep_surplus, pay_out
from shop.services.ledger.posting import NotEnough, OtherLines, post
from shop.services.ledger.telling import tell

__all__ = ["Came", "NotEnough", "OtherLines", "keep_surplus", "pay_out", "post", "tell"]
