"""Money that a person pays back by hand, since no gateway will: what waits, and how it was paid."""

from datetime import UTC, datetime

from flask import Blueprint, abort, flash, request, url_for
from flask_babel import gettext as _

from shop.forms.returns import PaidByHand
from shop.queries.returns import payouts_at_desk
from shop.services.returns import NotOwedByHand, settle_manually
from shop.web.audience import staff
from shop.web.respond import go_to, render
from shop.web.shopper import shopper

blueprint = Blueprint("staff_payouts", __name__, url_prefix="/staff/payouts")
blueprint.before_request(staff("support", "fulfilment"))


@blueprint.get("/")
def index():
    """What is to be paid, the oldest first; or what was paid."""
    return _page(PaidByHand(formdata=None))


@blueprint.post("/<int(max=9223372036854775807):refund_id>")
def settle(refund_id):
    """Note that it was paid, and how."""
    form = PaidByHand()
    if not form.validate():
        return _page(form, refund_id, status=422)
    try:
        settle_manually(
            refund_id=refund_id,
            actor_id=shopper().customer_id,
            note=form.note.data,
            now=datetime.now(UTC),
        )
    except NotOwedByHand:
        return _page(form, problem=_("This money isn't waiting to be paid any more."), status=422)
    flash(_("It is noted as paid."))
    return go_to(url_for(".index"))


def _page(form, refund_id=0, *, problem="", status=200):
    is_paid, page = request.args.get("paid") == "1", request.args.get("page", 1, type=int)
    if not 1 <= page <= 100_000:
        abort(404)
    rows, has_more = payouts_at_desk(is_paid=is_paid, page=page)
    return render(
        "staff/returns/payouts.html",
        rows=rows,
        has_more=has_more,
        is_paid=is_paid,
        page_number=page,
        form=form,
        asked_for=refund_id,
        problem=problem,
        status=status,
    )
