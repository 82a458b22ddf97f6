"""«It isn't me», on every page of a signed-in device while the account is about to move to another mailbox."""

from datetime import UTC, datetime

from flask import Blueprint, flash, url_for
from flask_babel import gettext as _

from shop.services.recovery import stop_move
from shop.web.audience import shoppers
from shop.web.respond import current_page, go_to, safe_next
from shop.web.shopper import device, shopper

blueprint = Blueprint("not_me", __name__, url_prefix="/my/security/not-me")
blueprint.before_request(shoppers)


@blueprint.post("")
def stop():
    """Leave the account where it is, and stay on the page one was on."""
    if stop_move(account_id=shopper().customer_id, device=device(), now=datetime.now(UTC)):
        flash(_("Stopped: the account stays with this e-mail. Nothing else has changed."))
    else:
        flash(_("There was nothing to stop any more."))
    return go_to(safe_next(current_page(), url_for("profile.home")))
