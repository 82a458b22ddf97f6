"""The page of a wallet's owner: yes, no, or back to the shop with nothing decided."""

from pathlib import Path

from flask import Blueprint, Flask, current_app, redirect, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader

from ..bank.problems import ApiProblem
from ..safety import allow_form_to
from .house import origin_of

pages = Blueprint("pages", __name__)

_HERE = Path(__file__).parent
_TEMPLATES = (_HERE / "templates", _HERE.parent / "bank" / "templates")


def lend_templates(app: Flask) -> None:
    """Let an app find the wallets' page, and the bank's parts that it is made of."""
    app.jinja_loader = ChoiceLoader([FileSystemLoader(folder) for folder in _TEMPLATES])


@pages.errorhandler(ApiProblem)
def not_found(problem: ApiProblem):
    """Say that there is no such payment."""
    return render_template("missing.html"), 404


@pages.get("/pay/<payment_id>")
def pay(payment_id):
    """Ask for a yes or a no, or show how it ended."""
    return _page(_open(payment_id))


@pages.post("/pay/<payment_id>")
def answer(payment_id):
    """Take the yes or the no. Some gateways ask the shop first, and it may not want the money."""
    house = current_app.house
    payment = _open(payment_id)
    token, word = request.form.get("token", ""), request.form.get("answer", "")
    if word not in ("yes", "no", "short"):
        return _page(payment), 422
    is_asked = word == "yes" and payment["status"] == "pending"
    if is_asked and (objection := house.objection_to(payment)):
        return _page(payment, objection), 409
    payment = house.answer(payment_id, token, word)
    return redirect(house.way_back(payment), 303)


def _open(payment_id: str) -> dict:
    """Return the payment as time has left it, and let its form end up in its shop."""
    house = current_app.house
    house.let_time_work()
    payment = house.payment_of(payment_id)
    payment["return_url"] = house.shop_of(payment)
    allow_form_to(origin_of(payment["return_url"]))
    return payment


def _page(payment: dict, objection: str = "") -> str:
    house = current_app.house
    return render_template(
        "pay.html",
        payment=payment,
        name=house.name,
        wallet=house.wallet,
        merchant=house.settings.merchant,
        seconds_left=max(0, payment["confirm_by"] - house.clock.now()) // 1000,
        is_two_stage=house.is_two_stage,
        objection=objection,
    )
