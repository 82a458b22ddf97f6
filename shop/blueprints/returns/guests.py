"""Returns without signing in: the same pages, of the one order whose code was shown in this browser."""

from flask import Blueprint, flash, url_for
from flask_babel import gettext as _

from shop.blueprints.returns._holding import GUESTS, NotOpened
from shop.blueprints.returns._pages import hang_up
from shop.blueprints.returns._payouts import hang_up_payouts
from shop.web.audience import everyone
from shop.web.respond import go_to

blueprint = Blueprint(GUESTS, __name__, url_prefix="/returns")
blueprint.before_request(everyone)

hang_up(blueprint)
hang_up_payouts(blueprint, "/payouts")


@blueprint.errorhandler(NotOpened)
def ask_for_code(_fault):
    """Lead whoever has shown no code to where one is sent."""
    flash(_("Show first that the order is yours: we will send a code to its e-mail."))
    return go_to(url_for("return_codes.find"))
