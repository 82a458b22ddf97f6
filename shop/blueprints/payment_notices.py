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
    return _kept(gateway, request.get_data())


@blueprint.get("/sber")
def receive_in_address():
    """Keep a notice of Sber's, which writes it into the address unless its customer asks for a form."""
    return _kept("sber", request.query_string)


def _kept(gateway, body):
    sender = request.remote_addr or ""
    try:
        answer = receive_notice(
            gateway=gateway,
            sender=sender,
            headers={name.lower(): value for name, value in request.headers},
            body=body,
            now=datetime.now(UTC),
        )
    except UnknownGateway:
        return "no such gateway\n", 404, _TEXT
    except Stranger:
        return "not from here\n", 403, _TEXT
    except NotANotice:
        return "not a notice\n", 400, _TEXT
    return answer, 200, _TEXT
