"""The desk of fiscal receipts: what is to be printed by hand, what a gateway has refused, and how the others stand."""

from datetime import UTC, datetime

from flask import Blueprint, abort, flash, request, url_for
from flask_babel import gettext as _

from shop.forms.receipts import PrintedReceipt
from shop.queries.receipts import VIEWS, receipts_at_desk
from shop.services.receipts import (
    MarksTaken,
    NotForPeople,
    NotToBeSent,
    WrongMoment,
    register_by_hand,
    send_again,
)
from shop.web.audience import staff
from shop.web.context import config
from shop.web.respond import go_to, render
from shop.web.shopper import shopper

blueprint = Blueprint("staff_receipts", __name__, url_prefix="/staff/receipts")
blueprint.before_request(staff("support", "fulfilment"))

RECEIPT = "/<int:receipt_id>"


@blueprint.get("/")
def index():
    """Receipts of one kind of state: first those that are to be printed."""
    return _page(PrintedReceipt(formdata=None))


@blueprint.post(f"{RECEIPT}/marks")
def write_marks(receipt_id):
    """Note that a receipt was printed, and its marks."""
    form = PrintedReceipt()
    try:
        if not form.validate() or not _is_noted(form, receipt_id):
            return _page(form, receipt_id, status=422)
    except NotForPeople:
        return _page(form, problem=_("This receipt is registered already."), status=422)
    flash(_("The receipt is noted as printed."))
    return go_to(_here())


def _is_noted(form, receipt_id) -> bool:
    try:
        register_by_hand(
            receipt_id=receipt_id,
            marks=form.marks(config().shop_time_zone),
            actor_id=shopper().customer_id,
            now=datetime.now(UTC),
        )
    except MarksTaken:
        told = _("Another receipt has this number already. Look at yours again.")
        form.blame("document_number", told)
        return False
    except WrongMoment:
        told = _("It can't have been printed then. Look at the date and the time again.")
        form.blame("registered_at", told)
        return False
    return True


@blueprint.post(f"{RECEIPT}/sending")
def send(receipt_id):
    """Ask the gateway anew for a receipt that it has refused."""
    try:
        send_again(receipt_id=receipt_id, now=datetime.now(UTC))
    except NotToBeSent:
        problem = _("This receipt hasn't failed any more.")
        return _page(PrintedReceipt(formdata=None), problem=problem, status=422)
    flash(_("The receipt is on its way to the gateway again."))
    return go_to(_here())


def _here() -> str:
    return url_for(".index", view=_view())


def _view() -> str:
    view = request.args.get("view", "by_hand")
    return view if view in VIEWS else abort(404)


def _page(form, receipt_id=0, *, problem="", status=200):
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= 100_000:
        abort(404)
    return render(
        "staff/receipts/receipts.html",
        desk=receipts_at_desk(view=_view(), page=page),
        form=form,
        asked_for=receipt_id,
        problem=problem,
        status=status,
    )
