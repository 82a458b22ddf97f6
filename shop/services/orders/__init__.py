"""Orders: opening one, and each step that it and its parcels take until they are in the customer's hands."""

from shop.services.orders.calling_off import MoreThanCame, call_off, take_back
from shop.services.orders.opening import Delivery, NewLine, NewParcel, open_order
from shop.services.orders.steps import (
    StepNotPossible,
    accept_order,
    assemble_parcel,
    choose_method,
    dispatch_parcel,
    drop_order,
    expire_order,
    mark_paid,
    receive_parcel,
)

__all__ = [
    "Delivery",
    "MoreThanCame",
    "NewLine",
    "NewParcel",
    "StepNotPossible",
    "accept_order",
    "assemble_parcel",
    "call_off",
    "choose_method",
    "dispatch_parcel",
    "drop_order",
    "expire_order",
    "mark_paid",
    "open_order",
    "receive_parcel",
    "take_back",
]
