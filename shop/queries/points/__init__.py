"""What is asked about points: the customer's level and page, what an order brings, and what is due for the timers."""

from shop.queries.points.due import (
    accounts_to_warn,
    accounts_with_ended_lots,
    due_promises,
    has_ended,
    is_to_warn,
)
from shop.queries.points.page import PointsPage, points_page_of
from shop.queries.points.standing import ToCome, points_to_come, spendable_points, tier_of

__all__ = [
    "PointsPage",
    "ToCome",
    "accounts_to_warn",
    "accounts_with_ended_lots",
    "due_promises",
    "has_ended",
    "is_to_warn",
    "points_page_of",
    "points_to_come",
    "spendable_points",
    "tier_of",
]
