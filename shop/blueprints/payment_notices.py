"""What payment gateways tell us. Machines call here; who they are is judged by where they call from."""

from datetime import UTC, datetime

from flask import Blueprint, request

from shop.services.payments import NotANotice, Stranger, UnknownGateway, receive_notice
from shop.web.audience import everyone
from shop.web.csrf import outsiders_may_post

blueprint = Blueprint("payment_notices", __name__, url_prefix="/payments/notices")
blueprint.before_request(everyone)

LONGEST = 64 * 1024
_TEXT = {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.post("/<gateway>")
@outsiders_may_post
def receive(gateway):
    """Keep a notice and say thanks, to the gateway itself only; also when it is told again or about nothing."""
    request.max_content_length = LONGEST
    sender = request.remote_addr or ""
    try:
        answer = receive_notice(
            gateway=gateway,
            sender=sender,
            headers={name.lower(): value for name, value in request.headers},
            body=request.get_data(),
            now=datetime.now(UTC),
        )
    except UnknownGateway:
        return "no such gateway\n", 404, _TEXT
    except Stranger:
        return "not from here\n", 403, _TEXT
    except NotANotice:
        return "not a notice\n", 400, _TEXT
    return answer, 200, _TEXT
