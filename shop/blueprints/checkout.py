"""The checkout: one page between the cart and the bank."""

import secrets
from datetime import UTC, datetime

from flask import Blueprint, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from shop.forms.checkout import OWNER, PlaceOrder
from shop.queries.checkout import Checkout, Contact, checkout_of, contact_of, product_names
from shop.queries.payments import ways_to_pay
from shop.rules.funding import LEAST_OUTSIDE, Funding
from shop.rules.money import written
from shop.rules.payments import Method
from shop.rules.phones import phone_shown
from shop.services.catalog import NotEnoughStock
from shop.services.checkout import (
    CartChanged,
    FundingChanged,
    MethodNotPossible,
    NoSuchPoint,
    NoSuchRecipient,
    NothingToOrder,
    Placed,
    TooManyPoints,
    Wishes,
    place_order,
)
from shop.services.payments import start
from shop.web.audience import confirmed_shoppers
from shop.web.context import config
from shop.web.filters import hours, today
from shop.web.respond import go_to, render
from shop.web.shopper import shopper

blueprint = Blueprint("checkout", __name__, url_prefix="/checkout")
blueprint.before_request(confirmed_shoppers)

# What is wrong with one field of the form.
FAULTS = (FundingChanged, MethodNotPossible, NoSuchPoint, NoSuchRecipient, TooManyPoints)


@blueprint.get("/")
def show():
    """Everything an order needs, filled in as far as it is known."""
    checkout = _checkout()
    if not checkout.lines:
        return go_to(url_for("cart.show"))
    person = shopper()
    contact = contact_of(account_id=person.customer_id, place=person.place)
    form = PlaceOrder(formdata=None)
    pickup = contact.method == "pickup" and checkout.can_pick_up
    form.fill(
        once_key=secrets.token_urlsafe(16),
        delivery="pickup" if pickup else "courier",
        address=contact.address,
        point=contact.point_id or 0,
        payment="bank_card",
        points=str(checkout.most_points),
        **_receiver(contact),
    )
    return _page(form, checkout, contact)


@blueprint.post("/sums")
def sums():
    """The sums for what is chosen just now; without a script the whole page. Nothing is ordered."""
    form = PlaceOrder()
    return _page(form, partial="checkout/_summary.html")


@blueprint.post("/")
def place():
    """Place the order and go on to the bank; whatever bars it is said, and nothing typed is lost."""
    form = PlaceOrder()
    if not form.validate():
        return _page(form, status=422)
    try:
        placed = _place(form)
    except CartChanged as fault:
        return _page(form, status=422, changes=fault.changes)
    except NotEnoughStock:
        return _page(form, status=422, was_quicker=True)
    except FAULTS as fault:
        form.blame(*_fault(fault))
        return _page(form, status=422)
    except NothingToOrder:
        return go_to(url_for("cart.show"))
    return _to_the_bank(placed)


def _receiver(contact: Contact) -> dict[str, str]:
    """Who is chosen beforehand, and what stands in the fields: a list leaves them to somebody else."""
    if contact.may_choose and contact.may_receive:
        return {"recipient": OWNER}
    return {"recipient_name": contact.name, "recipient_phone": phone_shown(contact.phone)}


def _fault(fault: Exception) -> tuple[str, str]:
    if isinstance(fault, NoSuchPoint):
        return "point", _("This pickup point doesn't take the order. Choose another one.")
    if isinstance(fault, NoSuchRecipient):
        return "recipient", _("This recipient isn't on the list any more. Choose another one.")
    if isinstance(fault, MethodNotPossible):
        if fault.method is None:
            return "payment", _("Choose how to pay.")
        least, most = written(fault.method.least_kopecks), written(fault.method.most_kopecks)
        return "payment", _(
            "This way takes from %(least)s to %(most)s. Choose another one.", least=least, most=most
        )
    if isinstance(fault, TooManyPoints):
        most = ngettext(
            "No more than %(num)d point may be used here.",
            "No more than %(num)d points may be used here.",
            fault.most,
        )
        return "points", most
    told = _("Your balance has changed since. Look at the sums and press once more.")
    return "use_balance", told


def _place(form: PlaceOrder) -> Placed:
    person = shopper()
    wishes = Wishes(
        **form.receiver,
        method=form.delivery.data,
        address=form.address.data or "",
        point_id=form.point.data,
        comment=form.comment.data or "",
        payment_method=form.payment.data or "",
        points=form.wanted_points,
        use_balance=form.use_balance.data,
        balance_seen=form.seen_balance,
        together=person.wants_together,
    )
    return place_order(
        account_id=person.customer_id,
        once_key=form.once_key.data or secrets.token_urlsafe(16),
        note=form.note.data or "",
        wishes=wishes,
        place=person.place,
        payment_minutes=config().payment_minutes,
        today=today(),
        now=datetime.now(UTC),
        methods=_ways(),
    )


def _ways() -> tuple[Method, ...]:
    return ways_to_pay(is_production=config().is_production)


def _to_the_bank(placed: Placed):
    """On to where it is paid; when the gateway is away, to the order, where it can be paid later."""
    order_page = url_for("orders.show", number=placed.number)
    if placed.attempt_id is None:
        return go_to(order_page)
    back = f"{config().shop_url}{order_page}/payment"
    pay_at = start(attempt_id=placed.attempt_id, return_to=back, now=datetime.now(UTC))
    return go_to(pay_at or f"{order_page}?accepted=1")


def _checkout() -> Checkout:
    person = shopper()
    return checkout_of(
        account_id=person.customer_id,
        place=person.place,
        today=today(),
        now=datetime.now(UTC),
        together=person.wants_together,
    )


def _page(
    form: PlaceOrder,
    checkout=None,
    contact=None,
    *,
    status=200,
    changes=(),
    partial=None,
    **more,
):
    """The page as things stand now, with what was typed and what has changed since it was shown."""
    checkout = checkout or _checkout()
    if not checkout.lines:
        return go_to(url_for("cart.show"))
    person = shopper()
    contact = contact or contact_of(account_id=person.customer_id, place=person.place)
    form.note.data = checkout.note
    form.balance_seen.data = str(checkout.balances.spendable_kopecks)
    ways = _ways()
    form.offer_ways(way.code for way in ways)
    form.offer_points(
        [(point.id, f"{point.address} ({hours(point.hours)})") for point in checkout.points]
    )
    if form.delivery.data == "pickup" and not checkout.can_pick_up:
        form.delivery.data = "courier"
    names = product_names(product_ids={change.product_id for change in changes} - {None})
    return render(
        "checkout/checkout.html",
        partial,
        form=form,
        fundings=_fundings(form, checkout, ways),
        checkout=checkout,
        contact=contact,
        changes=changes,
        names=names,
        seller=config(),
        status=status,
        **({"was_quicker": False} | more),
    )


def _fundings(form: PlaceOrder, checkout: Checkout, ways: tuple[Method, ...]) -> dict[str, Funding]:
    """What pays for it by each way of delivery, as far as it is chosen."""
    least = {way.code: way.least_kopecks for way in ways}.get(form.payment.data, LEAST_OUTSIDE)
    return {
        method: checkout.funding_by(
            method,
            points=form.wanted_points,
            use_balance=bool(form.use_balance.data),
            least_outside=least,
        )
        for method in (("courier", "pickup") if checkout.can_pick_up else ("courier",))
    }
