"""Tables: what the shop keeps. Importing this package makes all of them known."""

from shop.models.audit import AuditRun, GatewayCheck, PaymentDifference
from shop.models.auth import (
    Account,
    Confirmation,
    Consent,
    GuardedTry,
    Recovery,
    SpentKey,
    StaffRole,
    UserSession,
)
from shop.models.cart import Cart, CartLine
from shop.models.catalog import Category, Listing, Product, Stock, Warehouse
from shop.models.certificates import Campaign, CampaignUse, Certificate
from shop.models.delivery import PickupPoint, Place
from shop.models.favorites import Favorite
from shop.models.feeds import Feed, FeedProblem, FeedRun
from shop.models.ledger import LedgerAccount, LedgerEntry, LedgerPosting
from shop.models.notices import OutboxItem
from shop.models.orders import Order, OrderEvent, OrderLine, Parcel
from shop.models.payments import (
    PaymentAttempt,
    PaymentMethod,
    PaymentNotice,
    PaymentRefund,
    PayoutDetails,
)
from shop.models.points import PointsLot, PointsPromise, PointsUse
from shop.models.profile import AccountEvent, Recipient
from shop.models.receipts import Receipt
from shop.models.recovery import LostMailbox
from shop.models.returns import (
    Cancellation,
    ReturnCode,
    ReturnLine,
    ReturnMessage,
    ReturnPhoto,
    ReturnRequest,
)
from shop.models.search import SearchWord
from shop.models.security import (
    DataExport,
    EmailChange,
    Handover,
    Passkey,
    RecoveryCode,
    SecondStep,
)

__all__ = [
    "Account",
    "AccountEvent",
    "AuditRun",
    "Campaign",
    "CampaignUse",
    "Cancellation",
    "Cart",
    "CartLine",
    "Category",
    "Certificate",
    "Confirmation",
    "Consent",
    "DataExport",
    "EmailChange",
    "Favorite",
    "Feed",
    "FeedProblem",
    "FeedRun",
    "GatewayCheck",
    "GuardedTry",
    "Handover",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerPosting",
    "Listing",
    "LostMailbox",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OutboxItem",
    "Parcel",
    "Passkey",
    "PaymentAttempt",
    "PaymentDifference",
    "PaymentMethod",
    "PaymentNotice",
    "PaymentRefund",
    "PayoutDetails",
    "PickupPoint",
    "Place",
    "PointsLot",
    "PointsPromise",
    "PointsUse",
    "Product",
    "Receipt",
    "Recipient",
    "Recovery",
    "RecoveryCode",
    "ReturnCode",
    "ReturnLine",
    "ReturnMessage",
    "ReturnPhoto",
    "ReturnRequest",
    "SearchWord",
    "SecondStep",
    "SpentKey",
    "StaffRole",
    "Stock",
    "UserSession",
    "Warehouse",
]
