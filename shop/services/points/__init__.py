"""Points of the status programme: they are promised, they count, they are spent, come back, end, are taken back.

For each customer this is true after every transaction: what is left in the lots together is the ledger's balance of
points, or nothing when that is below zero (a debt, which only `claw_back` makes). Whatever brings points pays the debt
first; whatever takes points takes them off lots. Two deeds here change lots only, because their ledger lines stand in
an entry of the order's: `take_from_lots` and `put_back_to_lots`.
"""

from shop.services.points.clawing import ClawedBack, claw_back
from shop.services.points.ending import expire_due, warn_due
from shop.services.points.granting import grant
from shop.services.points.lots import NotEnoughPoints, put_back_to_lots, take_from_lots
from shop.services.points.promising import mature_due, promise

__all__ = [
    "ClawedBack",
    "NotEnoughPoints",
    "claw_back",
    "expire_due",
    "grant",
    "mature_due",
    "promise",
    "put_back_to_lots",
    "take_from_lots",
    "warn_due",
]
