"""What the shop keeps of a person, table by table: what each column is called in the export, or why it isn't there.

A column that is in neither list fails a test, so that nothing new is forgotten.
"""

from sqlalchemy.orm import aliased

from shop.models.auth import Account, Confirmation, Consent, Recovery, StaffRole, UserSession
from shop.models.cart import Cart, CartLine
from shop.models.catalog import Product, Warehouse
from shop.models.certificates import Campaign, CampaignUse, Certificate
from shop.models.favorites import Favorite
from shop.models.ledger import LedgerAccount, LedgerEntry, LedgerPosting
from shop.models.orders import Order, OrderEvent, OrderLine, Parcel
from shop.models.payments import PaymentAttempt, PaymentRefund
from shop.models.points import PointsLot, PointsPromise, PointsUse
from shop.models.profile import AccountEvent, Recipient
from shop.models.recovery import LostMailbox
from shop.models.security import (
    DataExport,
    EmailChange,
    Handover,
    Passkey,
    RecoveryCode,
    SecondStep,
)
from shop.queries.security.kept_returns import (
    BALANCE_PAID_OUT,
    CANCELLATIONS,
    CERTIFICATE_RECEIPTS,
    CODES,
    PAID_BY_HAND,
    RECEIPTS,
    RETURNS,
    SENT_TO,
)
from shop.queries.security.shelves import Shelf
from shop.queries.security.shelves import plain as _plain

# What pays for an order, or for a line of it.
_FUNDS = ("points", "promo_kopecks", "balance_kopecks", "outside_kopecks", "earns_points")

_in_parcel = aliased(Parcel)
_at_step = aliased(Parcel)

_LINES = Shelf(
    "lines",
    OrderLine.order_id,
    {"parcel": _in_parcel.position}
    | _plain(OrderLine, "name", "quantity", "price_kopecks", "old_price_kopecks")
    | _plain(OrderLine, "canceled", "returned", *_FUNDS),
    (OrderLine.id,),
    beside=((_in_parcel, _in_parcel.id == OrderLine.parcel_id),),
)
_PARCELS = Shelf(
    "parcels",
    Parcel.order_id,
    {"number": Parcel.position, "warehouse": Warehouse.name}
    | _plain(Parcel, "state", "promised_on", "weight_g", "delivery_kopecks", "track")
    | _plain(Parcel, "delivery_promo_kopecks", "delivery_balance_kopecks")
    | _plain(Parcel, "assembled_at", "shipped_at", "received_at"),
    (Parcel.position,),
    beside=((Warehouse, Warehouse.id == Parcel.warehouse_id),),
)
_STEPS = Shelf(
    "steps",
    OrderEvent.order_id,
    {"parcel": _at_step.position} | _plain(OrderEvent, "state", "happened_at"),
    (OrderEvent.id,),
    beside=((_at_step, _at_step.id == OrderEvent.parcel_id),),
)
_REFUNDS = Shelf(
    "refunds",
    PaymentRefund.attempt_id,
    _plain(PaymentRefund, "amount_kopecks", "bonus_kopecks", "reason", "state", "gateway_ref")
    | _plain(PaymentRefund, "opened_at", "settled_at"),
    (PaymentRefund.id,),
    key=PaymentRefund.id,
    parts=(SENT_TO,),
)
_PAYMENTS = Shelf(
    "payments",
    PaymentAttempt.order_id,
    _plain(PaymentAttempt, "amount_kopecks", "state", "method", "gateway", "gateway_ref")
    | _plain(
        PaymentAttempt, "bonus_kopecks", "cancel_reason", "is_surplus", "opened_at", "settled_at"
    )
    | _plain(PaymentAttempt, "sorted_at", "sorted_words"),
    (PaymentAttempt.id,),
    key=PaymentAttempt.id,
    parts=(_REFUNDS,),
)

_POINTS_USED = Shelf(
    "points_used",
    PointsUse.order_id,
    _plain(PointsUse, "points", "returned"),
    (PointsUse.id,),
)
_POINTS_PROMISED = Shelf(
    "points_promised",
    PointsPromise.order_id,
    _plain(PointsPromise, "points", "matures_at", "matured_at"),
    (PointsPromise.id,),
)
_CERTIFICATES = (
    Shelf(
        "certificates",
        Certificate.buyer_id,
        _plain(Certificate, "serial", "nominal_kopecks", "state", "recipient_name")
        | _plain(Certificate, "recipient_email", "wish", "send_on", "sent_at", "ordered_at")
        | _plain(Certificate, "pay_until", "sold_at", "expires_at", "activated_at")
        | _plain(Certificate, "blocked_at", "refunded_at"),
        (Certificate.id,),
        key=Certificate.id,
        parts=(CERTIFICATE_RECEIPTS,),
    ),
    Shelf(
        "certificates_activated",
        Certificate.activated_by,
        _plain(Certificate, "serial", "nominal_kopecks", "is_free", "activated_at"),
        (Certificate.activated_at, Certificate.id),
    ),
    Shelf(
        "code_words",
        CampaignUse.account_id,
        _plain(Campaign, "word", "gives", "amount") | _plain(CampaignUse, "used_at"),
        (CampaignUse.id,),
        beside=((Campaign, Campaign.id == CampaignUse.campaign_id),),
    ),
)

_MOVEMENTS = Shelf(
    "movements",
    LedgerAccount.owner_id,
    {"book": LedgerAccount.code, "currency": LedgerAccount.currency}
    | _plain(LedgerEntry, "happened_at", "kind", "reference")
    # A customer's money and points are what the shop owes: credits, which stand below zero in the books.
    | {"amount": -LedgerPosting.amount},
    (LedgerPosting.id,),
    beside=(
        (LedgerPosting, LedgerPosting.account_id == LedgerAccount.id),
        (LedgerEntry, LedgerEntry.id == LedgerPosting.entry_id),
    ),
)

SHELVES = (
    Shelf(
        "account",
        Account.id,
        _plain(Account, "family_name", "given_name", "patronymic", "greeting", "birth_on", "sex")
        | _plain(Account, "email", "email_confirmed_at", "phone", "language")
        | _plain(Account, "created_at", "ends_at", "ended_at"),
        (Account.id,),
    ),
    Shelf("roles", StaffRole.account_id, _plain(StaffRole, "role", "given_at"), (StaffRole.id,)),
    Shelf(
        "consents",
        Consent.account_id,
        _plain(Consent, "document", "version", "given_at"),
        (Consent.id,),
    ),
    Shelf(
        "recipients",
        Recipient.account_id,
        _plain(Recipient, "full_name", "phone", "created_at"),
        (Recipient.id,),
    ),
    Shelf(
        "orders",
        Order.account_id,
        _plain(Order, "number", "state", "goods_kopecks", "delivery_kopecks", "total_kopecks")
        | _plain(Order, "payment_method", "recipient_name", "recipient_phone", "delivery_method")
        | _plain(Order, "place_name", "address", "comment", "placed_at", "pay_until", "paid_at")
        | _plain(Order, "received_at", "closed_at", *_FUNDS),
        (Order.placed_at, Order.id),
        key=Order.id,
        parts=(
            _LINES,
            _PARCELS,
            _STEPS,
            _PAYMENTS,
            CANCELLATIONS,
            RETURNS,
            CODES,
            PAID_BY_HAND,
            RECEIPTS,
            _POINTS_USED,
            _POINTS_PROMISED,
        ),
    ),
    Shelf(
        "points",
        PointsLot.account_id,
        _plain(PointsLot, "source", "reference", "earned", "remaining", "active_from")
        | _plain(PointsLot, "expires_at", "warned_at"),
        (PointsLot.id,),
    ),
    *_CERTIFICATES,
    BALANCE_PAID_OUT,
    _MOVEMENTS,
    Shelf(
        "favorites",
        Favorite.account_id,
        {"product": Product.name} | _plain(Favorite, "added_at"),
        (Favorite.added_at, Favorite.product_id),
        beside=((Product, Product.id == Favorite.product_id),),
    ),
    Shelf(
        "cart",
        Cart.account_id,
        {"product": Product.name}
        | _plain(CartLine, "quantity", "is_ticked", "seen_price_kopecks", "added_at")
        | {"cart_changed_at": Cart.changed_at},
        (CartLine.id,),
        beside=(
            (CartLine, CartLine.cart_id == Cart.id),
            (Product, Product.id == CartLine.product_id),
        ),
    ),
    Shelf(
        "sessions",
        UserSession.account_id,
        _plain(UserSession, "device", "country", "network", "way")
        | _plain(UserSession, "opened_at", "proved_at", "seen_at", "ended_at"),
        (UserSession.id,),
    ),
    Shelf(
        "events",
        AccountEvent.account_id,
        _plain(AccountEvent, "happened_at", "kind", "facts")
        | {"is_by_staff": AccountEvent.actor_id.is_not(None)}
        | _plain(AccountEvent, "device", "country", "network"),
        (AccountEvent.happened_at, AccountEvent.id),
    ),
    Shelf(
        "confirmations",
        Confirmation.account_id,
        _plain(Confirmation, "email", "sent_at", "expires_at", "used_at", "wrong_tries"),
        (Confirmation.id,),
    ),
    Shelf(
        "recoveries",
        Recovery.account_id,
        _plain(Recovery, "email", "asked_at", "expires_at", "used_at"),
        (Recovery.id,),
    ),
    Shelf(
        "email_changes",
        EmailChange.account_id,
        _plain(EmailChange, "old_email", "new_email", "asked_at", "expires_at")
        | _plain(EmailChange, "confirmed_at", "ended_at"),
        (EmailChange.id,),
    ),
    Shelf(
        "handovers",
        Handover.account_id,
        _plain(Handover, "asked_at", "expires_at", "given_at", "taken_at", "done_at", "ended_at"),
        (Handover.id,),
    ),
    Shelf(
        "passkeys",
        Passkey.account_id,
        _plain(Passkey, "name", "created_at", "used_at"),
        (Passkey.id,),
    ),
    Shelf(
        "second_step",
        SecondStep.account_id,
        _plain(SecondStep, "works_since"),
        (SecondStep.account_id,),
    ),
    Shelf(
        "recovery_codes",
        RecoveryCode.account_id,
        _plain(RecoveryCode, "used_at"),
        (RecoveryCode.id,),
    ),
    Shelf(
        "lost_mailboxes",
        LostMailbox.account_id,
        _plain(LostMailbox, "number", "state", "source", "old_email", "is_second_step_lost")
        | _plain(LostMailbox, "language", "asked_at", "first_approval_at", "second_approval_at")
        | _plain(LostMailbox, "waits_until", "expires_at", "refusal", "ended_at"),
        (LostMailbox.id,),
    ),
    Shelf(
        "exports",
        DataExport.account_id,
        _plain(DataExport, "state", "bytes", "asked_at", "expires_at"),
        (DataExport.id,),
    ),
)
