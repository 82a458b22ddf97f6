"""Where the letters about a handover lead, on any device: the giver's page and the taker's."""

from datetime import UTC, datetime

from flask import Blueprint, request

from shop.forms.moving import TakeOver
from shop.queries.security.moving import handover_of_giver, handover_of_taker
from shop.services.security.handover import (
    AddressTaken,
    MoveIsOver,
    Newcomer,
    give,
    stop_handover_by_link,
    take,
)
from shop.web.audience import everyone
from shop.web.respond import render
from shop.web.shopper import device

blueprint = Blueprint("handover_links", __name__, url_prefix="/auth/handover")
blueprint.before_request(everyone)


@blueprint.get("/giver")
def giver():
    """Show the giver what goes along, with a button for yes and one for no."""
    return _giver(request.args.get("token", ""))


@blueprint.post("/giver")
def agree_to_give():
    """Note that the giver means it; with the taker's yes the account changes hands."""
    token = request.form.get("token", "")
    try:
        is_done = give(token=token, device=device(), now=datetime.now(UTC))
    except MoveIsOver:
        return _over()
    return _done(is_taker=False) if is_done else _giver(token)


@blueprint.get("/taker")
def taker():
    """Show the taker whose account it is, and ask who the taker is."""
    return _taker(request.args.get("token", ""), TakeOver(formdata=None))


@blueprint.post("/taker")
def agree_to_take():
    """Note who the taker is; with the giver's yes the account changes hands."""
    form, token = TakeOver(), request.form.get("token", "")
    if not form.validate():
        return _taker(token, form, status=422)
    try:
        is_done = take(
            token=token,
            newcomer=Newcomer(**form.newcomer),
            device=device(),
            now=datetime.now(UTC),
        )
    except MoveIsOver:
        return _over()
    except AddressTaken:
        return _over(is_taken=True, status=409)
    return _done(is_taker=True) if is_done else _taker(token, TakeOver(formdata=None))


@blueprint.post("/refusal")
def refuse():
    """Stop it, as either side may until it is done."""
    try:
        stop_handover_by_link(
            token=request.form.get("token", ""), device=device(), now=datetime.now(UTC)
        )
    except MoveIsOver:
        return _over()
    return render("security/handover_stopped.html")


def _giver(token):
    handover = handover_of_giver(token=token, now=datetime.now(UTC))
    if handover is None:
        return _over()
    return render("security/handover_giver.html", handover=handover, token=token)


def _taker(token, form, status=200):
    handover = handover_of_taker(token=token, now=datetime.now(UTC))
    if handover is None:
        return _over()
    return render(
        "security/handover_taker.html", status=status, handover=handover, token=token, form=form
    )


def _done(is_taker):
    return render("security/handover_done.html", is_taker=is_taker)


def _over(is_taken=False, status=410):
    return render("security/handover_over.html", status=status, is_taken=is_taken)
