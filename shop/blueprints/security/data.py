"""«Download my data»: ask for it, see how it stands, fetch it."""

from datetime import UTC, datetime

from flask import Blueprint, flash, send_file, url_for
from flask_babel import gettext as _

from shop.queries.security.data import export_of
from shop.rules.exports import EXPORT_LIVES
from shop.services.auth import TooManyTries
from shop.services.security.export import ExportIsGone, ask_for_export, fetch_export
from shop.web.audience import fresh_shoppers
from shop.web.respond import go_to, render
from shop.web.shopper import device, shopper

blueprint = Blueprint("data", __name__, url_prefix="/my/security/data")
blueprint.before_request(fresh_shoppers)


@blueprint.get("")
def show():
    """Show how it stands with the copy."""
    return _page()


@blueprint.post("")
def ask():
    """Have a copy prepared."""
    try:
        ask_for_export(account_id=shopper().customer_id, device=device(), now=datetime.now(UTC))
    except TooManyTries as fault:
        answer = _page(_("That is enough copies for today. Ask for a new one tomorrow."), 429)
        answer.headers["Retry-After"] = str(int(fault.wait.total_seconds()) + 1)
        return answer
    flash(_("We are preparing the copy. A letter will come as soon as it is ready."))
    return go_to(url_for("data.show"))


@blueprint.post("/file")
def download():
    """Send the file, for its owner to keep and for nobody on the way."""
    now = datetime.now(UTC)
    try:
        found = fetch_export(account_id=shopper().customer_id, device=device(), now=now)
    except ExportIsGone:
        return _page(_("The copy is no longer kept. Ask for a new one."), 410)
    answer = send_file(
        found.file,
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"my-data-{now:%Y-%m-%d}.zip",
    )
    answer.content_length = found.bytes
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _page(problem="", status=200):
    return render(
        "security/data.html",
        status=status,
        problem=problem,
        export=export_of(account_id=shopper().customer_id, now=datetime.now(UTC)),
        days=EXPORT_LIVES.days,
    )
