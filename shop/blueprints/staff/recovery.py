"""The desk of lost mailboxes: two different employees decide whether an account may move."""

import secrets
from datetime import UTC, datetime

from flask import Blueprint, abort, flash, request, url_for
from flask_babel import gettext as _

from shop.forms.lost_mailbox import RefuseMove, WriteDown
from shop.queries.recovery import request_at_desk, requests_at_desk
from shop.rules.recovery import STATES
from shop.services.recovery import (
    AnotherUnderWay,
    NewAddressTaken,
    NoSuchOwner,
    NotNow,
    SameEmployee,
    Told,
    approve_first,
    approve_second,
    ask_to_move,
    look_at_account,
    refuse_move,
)
from shop.web.audience import staff
from shop.web.respond import go_to, render
from shop.web.shopper import shopper

blueprint = Blueprint("staff_recovery", __name__, url_prefix="/staff/recovery")
blueprint.before_request(staff("support"))


@blueprint.get("/")
def index():
    """Requests by state."""
    state = request.args.get("state", "new")
    page = request.args.get("page", 1, type=int)
    if state not in STATES or not 1 <= page <= 100_000:
        abort(404)
    desk = requests_at_desk(employee_id=shopper().customer_id, state=state, page=page)
    return render("staff/recovery/requests.html", desk=desk)


@blueprint.get("/entry")
def entry():
    """The form for what was told on the telephone or by letter."""
    return _entry(WriteDown(formdata=None, once_key=secrets.token_urlsafe(16)))


@blueprint.post("/entry")
def write_down():
    """Take a request for somebody who called or wrote."""
    form = WriteDown()
    if not form.validate():
        return _entry(form, status=422)
    number = ask_to_move(
        told=Told(**form.told),
        once_key=form.once_key.data or "",
        source=form.source.data,
        entered_by=shopper().customer_id,
        now=datetime.now(UTC),
    )
    flash(_("Request %(number)s is written down.", number=number))
    return go_to(url_for(".index"))


@blueprint.get("/<number>")
def show(number):
    """One request beside the account's data."""
    return _request(number, RefuseMove(formdata=None))


@blueprint.post("/<number>/opening")
def open_data(number):
    """Show the account's data unmasked for a while; the log keeps who saw them."""
    try:
        look_at_account(number=number, employee_id=shopper().customer_id, now=datetime.now(UTC))
    except NoSuchOwner as fault:
        return _request(number, RefuseMove(formdata=None), problem=_why(fault), status=422)
    return go_to(url_for(".show", number=number))


@blueprint.post("/<number>/approvals/<any(first, second):turn>")
def approve(number, turn):
    """Be one of the two who believe that it is the owner who asks."""
    deed = approve_first if turn == "first" else approve_second
    try:
        deed(number=number, employee_id=shopper().customer_id, now=datetime.now(UTC))
    except NotNow as fault:
        return _request(number, RefuseMove(formdata=None), problem=_why(fault), status=422)
    return go_to(url_for(".show", number=number))


@blueprint.post("/<number>/refusal")
def refuse(number):
    """Say no, with a reason."""
    form = RefuseMove()
    if not form.validate():
        return _request(number, form, status=422)
    try:
        refuse_move(
            number=number,
            employee_id=shopper().customer_id,
            reason=form.reason.data,
            remark=form.remark.data or "",
            now=datetime.now(UTC),
        )
    except NotNow as fault:
        return _request(number, form, problem=_why(fault), status=422)
    return go_to(url_for(".show", number=number))


def _why(fault: NotNow) -> str:
    words = {
        NoSuchOwner: _("No account has this old e-mail: the request can only be refused."),
        NewAddressTaken: _("The new e-mail is another account's: the account can't move to it."),
        SameEmployee: _("You have approved it already. The second approval is a colleague's."),
        AnotherUnderWay: _("This account is on its way to another e-mail already."),
    }
    told = _("Somebody else has decided meanwhile. Here is how it stands.")
    return words.get(type(fault), told)


def _entry(form, status=200):
    return render("staff/recovery/entry.html", form=form, status=status)


def _request(number, form, problem="", status=200):
    desk = request_at_desk(number=number, employee_id=shopper().customer_id, now=datetime.now(UTC))
    return render(
        "staff/recovery/request.html", desk=desk, form=form, problem=problem, status=status
    )
