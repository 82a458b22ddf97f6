"""The anti-spam code as a picture and as a sound."""

from datetime import UTC, datetime

from flask import Blueprint, Response, request

from shop.services.auth import TooManyTries
from shop.services.recovery import CodeIsOver, NoSuchKey, draw_code, speak_code
from shop.web.audience import everyone
from shop.web.context import locale

blueprint = Blueprint("recovery_code", __name__, url_prefix="/auth/recovery")
blueprint.before_request(everyone)


@blueprint.get("/picture")
def picture():
    """Draw the code of a key."""
    return _file(draw_code, "image/webp")


@blueprint.get("/sound")
def sound():
    """Say the code of a key, in the language of the page."""
    return _file(speak_code, "audio/wav", language=locale())


def _file(deed, kind, **more):
    """Make the file, or answer with nothing: an error page would help nobody in place of a picture."""
    whose = {"key": request.args.get("key", ""), "address": request.remote_addr or ""}
    try:
        made = deed(**whose, **more, now=datetime.now(UTC))
    except NoSuchKey:
        return _answer(Response(status=404))
    except CodeIsOver:
        return _answer(Response(status=410))
    except TooManyTries as fault:
        wait = str(int(fault.wait.total_seconds()) + 1)
        return _answer(Response(status=429, headers={"Retry-After": wait}))
    # Players ask for a piece at a time, and some play nothing that can't be had so.
    answer = Response(made, mimetype=kind)
    return _answer(answer.make_conditional(request, accept_ranges=True, complete_length=len(made)))


def _answer(answer):
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
