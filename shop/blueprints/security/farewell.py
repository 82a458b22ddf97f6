"""«Delete my account»: what goes, what stays, when, and the one box to tick."""

from datetime import UTC, datetime

from flask import Blueprint, flash, url_for
from flask_babel import gettext as _

from shop.forms.farewell import Leave
from shop.queries.security.farewell import belongings_of, farewell_of
from shop.rules.farewell import ends_at
from shop.services.payments import MoneyFrozen, NothingToPayOut, pay_out_balance
from shop.services.security.farewell import IsEmployees, ask_to_end
from shop.web.audience import fresh_shoppers
from shop.web.filters import day
from shop.web.respond import go_to, render
from shop.web.shopper import device, shopper

blueprint = Blueprint("farewell", __name__, url_prefix="/my/security/farewell")
blueprint.before_request(fresh_shoppers)


@blueprint.get("")
def show():
    """Show what deleting the account means."""
    return _page(Leave(formdata=None))


@blueprint.post("")
def ask():
    """Let the account end in a month."""
    form = Leave()
    form.ask_for(losing=belongings_of(account_id=shopper().customer_id).is_losing)
    if not form.validate():
        return _page(form, 422)
    try:
        ends = ask_to_end(
            account_id=shopper().customer_id,
            session_id=shopper().session_id,
            device=device(),
            now=datetime.now(UTC),
        )
    except IsEmployees:
        return _page(form, 409)
    flash(
        _(
            "The account will be deleted on %(day)s. Until then you may think better of it.",
            day=day(ends),
        )
    )
    return go_to(url_for("staying.show"))


@blueprint.post("/payout")
def pay_out():
    """Have the balance paid out; the next page asks where to."""
    try:
        waiting = pay_out_balance(account_id=shopper().customer_id, now=datetime.now(UTC))
    except (MoneyFrozen, NothingToPayOut):  # The page says how it stands.
        return _page(Leave(formdata=None), 409)
    return go_to(url_for("payouts.payout", refund_id=waiting))


def _page(form, status=200):
    farewell, now = farewell_of(account_id=shopper().customer_id), datetime.now(UTC)
    return render(
        "security/farewell.html",
        status=status,
        form=form,
        farewell=farewell,
        frozen_until=farewell.has.frozen(now),
        would_end_at=ends_at(now),
    )
