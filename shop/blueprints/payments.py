"""Paying for an order or a certificate: how it stands after the bank's page, and going there once more."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Blueprint, request, url_for

from shop.forms.checkout import WAYS
from shop.queries.payments import Paying, certificate_payment_of, payment_of, ways_to_pay
from shop.queries.points import ToCome, points_to_come
from shop.services.payments import catch_up, pay_again
from shop.web.audience import shoppers
from shop.web.context import config
from shop.web.filters import today
from shop.web.respond import go_to, render
from shop.web.shopper import shopper

blueprint = Blueprint("payments", __name__, url_prefix="/my")
blueprint.before_request(shoppers)

# The page looks by itself so many times, every other second; after that the customer does.
MOST_TURNS = 15
# Somebody who presses «again» all the time doesn't make us ask the gateway all the time.
NOT_SOONER_THAN = timedelta(seconds=1)


def ways_shown(kopecks: int) -> list[tuple[str, str]]:
    """Return the ways through a gateway that are on and take such a sum, with their names."""
    ways = ways_to_pay(is_production=config().is_production)
    return [(way.code, WAYS[way.code]) for way in ways if way.gateway and way.takes(kopecks)]


@blueprint.get("/orders/<number>/payment")
def status(number):
    """Say how paying for an order stands; where the bank sends customers back to."""
    return _status(lambda: payment_of(account_id=shopper().customer_id, number=number))


@blueprint.get("/certificates/<serial>/payment")
def certificate_status(serial):
    """Say how paying for a certificate stands."""
    return _status(lambda: certificate_payment_of(account_id=shopper().customer_id, serial=serial))


@blueprint.post("/orders/<number>/payment")
def pay(number):
    """Go to the bank's page, of the payment that is open or of a new one; another way may be chosen."""
    return _pay(payment_of(account_id=shopper().customer_id, number=number))


@blueprint.post("/certificates/<serial>/payment")
def pay_for_certificate(serial):
    """The same for a certificate."""
    return _pay(certificate_payment_of(account_id=shopper().customer_id, serial=serial))


def _status(found: Callable[[], Paying]):
    """How it stands, after a look at the gateway if that may tell more. Nothing in the address is believed."""
    now, paying = datetime.now(UTC), found()
    if paying.stands in {"waiting", "refused", "dropped"} and catch_up(
        order_id=paying.order_id,
        certificate_id=paying.certificate_id,
        now=now,
        not_sooner_than=NOT_SOONER_THAN,
    ):
        paying = found()
    is_bought = paying.stands in {"paid", "at_the_door"} and paying.order_id is not None
    to_come = points_to_come(order_id=paying.order_id) if is_bought else ToCome()
    turn = min(max(request.args.get("turn", 0, type=int), 0), MOST_TURNS)
    return render(
        "payments/status.html",
        "payments/_status.html",
        paying=paying,
        to_come=to_come,
        usable_about=to_come.usable_about(today=today(), return_days=config().return_days),
        here=_page_of(paying),
        may_pay=paying.is_awaited and paying.pay_until is not None and now < paying.pay_until,
        ways=ways_shown(paying.total_kopecks),
        next_turn=turn + 1 if turn < MOST_TURNS else 0,
    )


def _pay(paying: Paying):
    here = _page_of(paying)
    wanted, ways = request.form.get("method", ""), ways_shown(paying.total_kopecks)
    pay_at = pay_again(
        paying=paying,
        method=wanted if wanted in dict(ways) else None,
        return_to=f"{config().shop_url}{here}",
        now=datetime.now(UTC),
    )
    return go_to(pay_at or here)


def _page_of(paying: Paying) -> str:
    if paying.certificate_id is not None:
        return url_for("payments.certificate_status", serial=paying.number)
    return url_for("payments.status", number=paying.number)
