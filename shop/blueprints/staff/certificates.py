"""The desk of certificates: how each stands, who activated it and when, blocking, who has been guessing."""

from datetime import UTC, datetime

from flask import Blueprint, abort, flash, request, url_for
from flask_babel import gettext as _

from shop.blueprints.staff._who import ANOTHERS, why
from shop.forms.certificates import BlockCertificate
from shop.queries.certificates import (
    alarms_of_guessing,
    certificate_at_desk,
    certificates_at_desk,
)
from shop.rules.certificates import SHOWN_STATES
from shop.rules.money import written as money
from shop.rules.staff import OwnMoney
from shop.services.certificates import NotPossible, block, open_free_card, unblock
from shop.services.returns.certificates import take_certificate_back
from shop.web.audience import staff
from shop.web.respond import go_to, render
from shop.web.shopper import shopper

blueprint = Blueprint("staff_certificates", __name__, url_prefix="/staff/certificates")
blueprint.before_request(staff("support"))


@blueprint.get("/")
def index():
    """Certificates by state, or those that fit the words."""
    words, state = request.args.get("q", "").strip()[:200], request.args.get("state", "")
    page = request.args.get("page", 1, type=int)
    if (state and state not in SHOWN_STATES) or not 1 <= page <= 100_000:
        abort(404)
    now = datetime.now(UTC)
    return render(
        "staff/certificates/certificates.html",
        desk=certificates_at_desk(now=now, state=state, words=words, page=page),
        alarms=alarms_of_guessing(now=now),
        words=words,
        states=SHOWN_STATES,
    )


@blueprint.get("/<serial>")
def show(serial):
    """One certificate: who bought it, to whom it was sent, who activated it and when."""
    return _one(serial, BlockCertificate(formdata=None))


@blueprint.post("/<serial>/block")
def stop(serial):
    """Let nobody activate it."""
    form = BlockCertificate()
    certificate_at_desk(serial=serial, now=datetime.now(UTC))
    if not form.validate():
        return _one(serial, form, status=422)
    facts = {"reason": form.reason.data, "actor_id": shopper().customer_id}
    return _after(serial, lambda: block(serial=serial, now=datetime.now(UTC), **facts))


@blueprint.post("/<serial>/unblock")
def allow(serial):
    """Let it be activated again."""
    certificate_at_desk(serial=serial, now=datetime.now(UTC))
    return _after(serial, lambda: unblock(serial=serial))


@blueprint.post("/<serial>/refund")
def give_back(serial):
    """Kill an unused bought one and send its price back to its buyer."""
    certificate_at_desk(serial=serial, now=datetime.now(UTC))
    actor = shopper().customer_id

    def refund():
        back = take_certificate_back(serial=serial, actor_id=actor, now=datetime.now(UTC))
        flash(_("%(sum)s go back to the buyer.", sum=money(back)))

    return _after(serial, refund)


def _after(serial, deed):
    try:
        deed()
    except NotPossible:
        told = _("It isn't in a state that allows this any more. Here is how it stands.")
        return _one(serial, BlockCertificate(formdata=None), problem=told, status=422)
    except ANOTHERS as problem:
        return _one(serial, BlockCertificate(formdata=None), problem=why(problem), status=403)
    return go_to(url_for(".show", serial=serial))


def _one(serial, form, problem="", status=200):
    found = certificate_at_desk(serial=serial, now=datetime.now(UTC))
    # The code of one that is given away is for the owner's hand; of a bought one it is no employee's business.
    opens = found.is_free and found.state == "sold" and shopper().may("owner")
    return render(
        "staff/certificates/certificate.html",
        found=found,
        card=open_free_card(serial=serial, now=datetime.now(UTC)) if opens else None,
        form=form,
        barred=why(OwnMoney()) if found.buyer == shopper().email else "",
        problem=problem,
        status=status,
    )
