"""A customer's orders: the history, and one order with its parcels."""

from flask import Blueprint, abort, request, url_for

from shop.queries.orders import OrderView, order_of, orders_like
from shop.queries.payments import Paying, payment_of, payouts_of_order
from shop.queries.points import points_to_come
from shop.queries.receipts import receipts_of_order
from shop.queries.returns import history_of
from shop.web.audience import shoppers
from shop.web.context import config
from shop.web.filters import today
from shop.web.respond import render
from shop.web.shopper import shopper

blueprint = Blueprint("orders", __name__, url_prefix="/my/orders")
blueprint.before_request(shoppers)


@blueprint.get("/")
def index():
    """All that was ever ordered, the newest first, or what of it fits the words."""
    words = request.args.get("q", "")[:200]
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= 10_000:
        abort(404)
    found = orders_like(account_id=shopper().customer_id, words=words, page=page)
    return render(
        "orders/orders.html", "orders/_orders.html", found=found, words=words, url=_url_of(words)
    )


@blueprint.get("/<number>")
def show(number):
    """One order: how far its parcels are, what is in them, for whom, what it cost and how it was paid."""
    order = order_of(account_id=shopper().customer_id, number=number)
    to_come = points_to_come(order_id=order.id)
    return render(
        "orders/order.html",
        "orders/_order.html",
        order=order,
        late=_late_payment_of(order),
        history=history_of(order_id=order.id),
        payouts=payouts_of_order(order_id=order.id),
        to_come=to_come,
        usable_about=to_come.usable_about(today=today(), return_days=config().return_days),
        receipts=receipts_of_order(order_id=order.id),
        is_new="accepted" in request.args,
    )


def _late_payment_of(order: OrderView) -> Paying | None:
    """The payment that came when the order waited for it no more, if one did."""
    if order.state not in {"expired", "canceled"}:
        return None
    paying = payment_of(account_id=shopper().customer_id, number=order.number)
    return paying if paying.stands == "surplus" else None


def _url_of(words: str):
    """The address of a page of this list."""

    def url(page: int) -> str:
        return url_for("orders.index", q=words or None, page=page if page > 1 else None)

    return url
