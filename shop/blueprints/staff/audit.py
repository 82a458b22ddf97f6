"""The owner's page of the audit: what isn't as it must be, and what to do."""

from datetime import UTC, datetime
from itertools import groupby

from flask import Blueprint, flash, url_for
from flask_babel import gettext as _

from shop.queries.audit import audits
from shop.services.audit import ask_for_audit
from shop.web.audience import staff
from shop.web.audit import advice_on, rule_of, sentence_of
from shop.web.respond import go_to, render
from shop.web.shopper import shopper

blueprint = Blueprint("staff_audit", __name__, url_prefix="/staff/audit")
blueprint.before_request(staff("owner"))


@blueprint.get("/")
def index():
    """The last audit's findings by rule, and the audits before it."""
    runs = audits()
    found = runs[0].findings if runs else ()
    return render(
        "staff/audit/audit.html",
        runs=runs,
        rules=[(rule, list(ones)) for rule, ones in groupby(found, key=lambda one: one.rule)],
        rule_of=rule_of,
        advice_on=advice_on,
        sentence_of=sentence_of,
    )


@blueprint.post("/")
def ask():
    """Have the worker look now."""
    ask_for_audit(staff_id=shopper().customer_id, now=datetime.now(UTC))
    flash(_("The books are being looked at. Open this page again in a minute."))
    return go_to(url_for(".index"))
