"""Money that a person pays back by hand, since no gateway will: where it shall go, and how it was paid."""

from datetime import UTC, datetime

from flask import Blueprint, abort, flash, request, url_for
from flask_babel import gettext as _

from shop.blueprints.staff._who import ANOTHERS, barred, why
from shop.forms.payouts import AskAgain, PaidByHand
from shop.queries.payments import payouts_at_desk
from shop.services.payments import OpenedByAnother, ask_whereto, open_details
from shop.services.returns import NotOwedByHand, settle_manually
from shop.web.audience import staff
from shop.web.respond import go_to, render
from shop.web.shopper import shopper

blueprint = Blueprint("staff_payouts", __name__, url_prefix="/staff/payouts")
blueprint.before_request(staff("support", "fulfilment"))


@blueprint.get("/")
def index():
    """What is to be paid, the oldest first; or what was paid."""
    return _page()


@blueprint.post("/<int:refund_id>")
def settle(refund_id):
    """Note that it was paid, and how."""
    form = PaidByHand()
    if not form.validate():
        return _page(refund_id, form=form, status=422)
    return _done(
        settle_manually,
        _("It is noted as paid."),
        refund_id=refund_id,
        actor_id=shopper().customer_id,
        note=form.note.data,
    )


@blueprint.post("/<int:refund_id>/opening")
def open_one(refund_id):
    """Show for a while where it shall go; the log of its owner keeps who saw it."""
    return _done(open_details, "", refund_id=refund_id, actor_id=shopper().customer_id)


@blueprint.post("/<int:refund_id>/question")
def ask(refund_id):
    """Ask its owner once more: the bank has sent the money back."""
    form = AskAgain()
    if not form.validate():
        return _page(refund_id, question=form, status=422)
    told = _("The customer is asked once more.")
    clerk = {"actor_id": shopper().customer_id}
    return _done(ask_whereto, told, refund_id=refund_id, remark=form.remark.data, **clerk)


def _done(deed, told, **facts):
    try:
        deed(**facts, now=datetime.now(UTC))
    except NotOwedByHand:
        return _page(problem=_("This money isn't waiting to be paid any more."), status=422)
    except ANOTHERS as problem:
        return _page(problem=why(problem), status=403)
    except OpenedByAnother:
        return _page(
            problem=_(
                "A colleague has opened these details and may be paying just now: ask first."
            ),
            status=422,
        )
    if told:
        flash(told)
    return go_to(url_for(".index"))


def _barred(one):
    return barred(one.account_id, kopecks=one.amount_kopecks, decided_by=one.decided_by)


def _page(refund_id=0, *, form=None, question=None, problem="", status=200):
    is_paid, page = request.args.get("paid") == "1", request.args.get("page", 1, type=int)
    if not 1 <= page <= 100_000:
        abort(404)
    now = datetime.now(UTC)
    rows, has_more = payouts_at_desk(
        is_paid=is_paid, employee_id=shopper().customer_id, now=now, page=page
    )
    return render(
        "staff/returns/payouts.html",
        rows=rows,
        barred=_barred,
        has_more=has_more,
        is_paid=is_paid,
        page_number=page,
        form=form or PaidByHand(formdata=None),
        question=question or AskAgain(formdata=None),
        asked_for=refund_id,
        problem=problem,
        now=now,
        status=status,
    )
