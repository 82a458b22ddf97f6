"""Paying for an order: how it stands after the bank's page, and going there once more."""

from datetime import UTC, datetime, timedelta

from flask import Blueprint, request, url_for

from shop.queries.payments import payment_of
from shop.services.payments import pay_again, sync
from shop.web.audience import shoppers
from shop.web.context import config
from shop.web.respond import go_to, render
from shop.web.shopper import shopper

blueprint = Blueprint("payments", __name__, url_prefix="/my/orders")
blueprint.before_request(shoppers)

# The page looks by itself so many times, every other second; after that the customer does.
MOST_TURNS = 15
# Somebody who presses «again» all the time doesn't make us ask the gateway all the time.
NOT_SOONER_THAN = timedelta(seconds=1)


@blueprint.get("/<number>/payment")
def status(number):
    """Say how paying stands; where the bank sends customers back to. Nothing in the address is believed."""
    paying = payment_of(account_id=shopper().customer_id, number=number)
    if paying.stands == "waiting" and paying.attempt_id:
        sync(attempt_id=paying.attempt_id, now=datetime.now(UTC), not_sooner_than=NOT_SOONER_THAN)
        paying = payment_of(account_id=shopper().customer_id, number=number)
    turn = min(max(request.args.get("turn", 0, type=int), 0), MOST_TURNS)
    return render(
        "payments/status.html",
        "payments/_status.html",
        paying=paying,
        may_pay=paying.is_awaited and datetime.now(UTC) < paying.pay_until,
        next_turn=turn + 1 if turn < MOST_TURNS else 0,
    )


@blueprint.post("/<number>/payment")
def pay(number):
    """Go to the bank's page, of the payment that is open or of a new one."""
    here = url_for("payments.status", number=number)
    pay_at = pay_again(
        account_id=shopper().customer_id,
        number=number,
        return_to=f"{config().shop_url}{here}",
        now=datetime.now(UTC),
    )
    return go_to(pay_at or here)
