"""Orders as their owners, the shop's people and letters see them."""

from shop.queries.orders.cabinet import (
    ORDERS_A_PAGE,
    OrderList,
    OrderView,
    order_of,
    orders_like,
)
from shop.queries.orders.desk import (
    COMING_BACK,
    Desk,
    DeskOrder,
    desk_of,
    desk_order,
    parcel_at_desk,
)
from shop.queries.orders.letters import letter_facts
from shop.queries.orders.parcels import OrderLineView, ParcelView
from shop.queries.orders.repeats import LastDelivery, last_delivery_of, order_by_once_key

__all__ = [
    "COMING_BACK",
    "ORDERS_A_PAGE",
    "Desk",
    "DeskOrder",
    "LastDelivery",
    "OrderLineView",
    "OrderList",
    "OrderView",
    "ParcelView",
    "desk_of",
    "desk_order",
    "last_delivery_of",
    "letter_facts",
    "order_by_once_key",
    "order_of",
    "orders_like",
    "parcel_at_desk",
]
