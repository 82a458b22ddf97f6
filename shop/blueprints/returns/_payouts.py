"""The page on which a customer tells where money shall be sent that no gateway takes back; hung up beside returns."""

from datetime import UTC, datetime

from flask import Blueprint, abort, flash, request, url_for
from flask_babel import gettext as _

from shop.blueprints.returns._holding import GUESTS, holder
from shop.forms.payouts import TellWhereto
from shop.queries.payments import Payout, payout_of
from shop.queries.receipts import receipts_of_payout
from shop.rules.payouts import TO_BALANCE
from shop.services.payments import BeingPaid, MoneyFrozen, NotOwedByHand, Whereto, tell_whereto
from shop.services.returns import take_to_balance_at_once
from shop.web.respond import go_to, render


def hang_up_payouts(blueprint: Blueprint, below: str = "") -> None:
    """Give a blueprint the page of a payout, `below` an address of its own."""
    rule = f"{below}/<int:refund_id>"
    blueprint.add_url_rule(rule, view_func=payout, methods=["GET"])
    blueprint.add_url_rule(rule, view_func=tell_payout, methods=["POST"])


def payout(refund_id):
    """How it stands with the money, and where it shall go."""
    found = _found(refund_id)
    told = found.told
    form = TellWhereto(formdata=None, way=told.way if told else "account")
    if told:  # The number itself isn't shown again, and is typed anew when something is changed.
        form.process(formdata=None, way=told.way, name=told.name, bic=told.bic, bank=told.bank)
    return _page(found, form)


def tell_payout(refund_id):
    """Keep where it shall go, or give it to the balance at once."""
    found, form = _found(refund_id), TellWhereto()
    if not form.validate():
        return _page(found, form, status=422)
    now = datetime.now(UTC)
    try:
        if form.way.data == TO_BALANCE:
            take_to_balance_at_once(refund_id=refund_id, now=now)
        else:
            tell_whereto(refund_id=refund_id, whereto=Whereto(**form.whereto), now=now)
            flash(_("Thank you. We will send the money there and write to you."))
    except (BeingPaid, NotOwedByHand):
        return _page(
            _found(refund_id),
            form,
            problem=_("It has moved on meanwhile. Here is how it stands."),
            status=422,
        )
    except MoneyFrozen:  # The page says why, and until when.
        return _page(found, form, status=409)
    return go_to(url_for(".payout", refund_id=refund_id))


def _found(refund_id: int) -> Payout:
    found = payout_of(refund_id=refund_id)
    if holder(found.number) != found.account_id:
        abort(404)
    return found


def _page(found: Payout, form: TellWhereto, *, problem="", status=200):
    return render(
        "returns/payout.html",
        payout=found,
        receipts=receipts_of_payout(refund_id=found.refund_id) if found.is_balance else (),
        form=form,
        frozen_until=found.frozen(datetime.now(UTC)),
        problem=problem,
        is_guest=request.blueprint == GUESTS,
        status=status,
    )
