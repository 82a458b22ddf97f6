"""Where one's money shall be sent: told by who has just shown the password or a passkey, for it is where money goes."""

from flask import Blueprint

from shop.blueprints.returns._payouts import hang_up_payouts
from shop.web.audience import fresh_shoppers

blueprint = Blueprint("payouts", __name__, url_prefix="/my/payouts")
blueprint.before_request(fresh_shoppers)

hang_up_payouts(blueprint)
