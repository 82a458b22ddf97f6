"""Tables: what the shop keeps. Importing this package makes all of them known."""

from shop.models.auth import Account, Confirmation, Consent, GuardedTry, Recovery, StaffRole
from shop.models.cart import Cart, CartLine
from shop.models.catalog import Category, Listing, Product, Stock, Warehouse
from shop.models.delivery import PickupPoint, Place
from shop.models.favorites import Favorite
from shop.models.feeds import Feed, FeedProblem, FeedRun
from shop.models.notices import OutboxItem
from shop.models.orders import Order, OrderEvent, OrderLine, Parcel
from shop.models.payments import PaymentAttempt, PaymentNotice, PaymentRefund
from shop.models.search import SearchWord

__all__ = [
    "Account",
    "Cart",
    "CartLine",
    "Category",
    "Confirmation",
    "Consent",
    "Favorite",
    "Feed",
    "FeedProblem",
    "FeedRun",
    "GuardedTry",
    "Listing",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OutboxItem",
    "Parcel",
    "PaymentAttempt",
    "PaymentNotice",
    "PaymentRefund",
    "PickupPoint",
    "Place",
    "Product",
    "Recovery",
    "SearchWord",
    "StaffRole",
    "Stock",
    "Warehouse",
]
