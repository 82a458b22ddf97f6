"""The doors for payers: the card, the bonuses, the issuer's page."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from ..bank.card_form import read_card_form
from ..bank.cards import HANDY_CARDS, SCHEMES, digits_of
from ..bank.clock import moment_of
from ..bank.payer import abandon as stop_paying
from ..bank.payer import fail_code as give_up_code
from ..bank.payer import is_waiting_for_code
from ..bank.payer import resend_code as send_again
from ..bank.payer import type_code as try_code
from ..bank.problems import ApiProblem
from ..bank.reasons import explained
from ..safety import allow_form_to
from . import payer
from .bonuses import BALANCE, LEAST_BY_CARD, most_bonuses

pages = Blueprint("pages", __name__, url_prefix="/payment", template_folder="templates")


@pages.errorhandler(ApiProblem)
def not_found(problem: ApiProblem):
    """Say that there is no such order."""
    return render_template("missing.html"), 404


@pages.get("/merchants/<merchant>/payment_ru.html")
def form(merchant):
    """Lead from the address the shop was given to the page where the payer belongs."""
    return redirect(_place_of(_open(request.args.get("mdOrder", ""))), 303)


@pages.get("/orders/<payment_id>")
def checkout(payment_id):
    """Ask for a card, or show how the payment ended."""
    payment = _open(payment_id)
    if payment["status"] != "pending":
        return _result(payment)
    if _place_of(payment) != url_for("pages.checkout", payment_id=payment_id):
        return redirect(_place_of(payment), 303)
    return _card_page(payment, None)


@pages.post("/orders/<payment_id>")
def pay(payment_id):
    """Take a card."""
    payment = _open(payment_id)
    gate = current_app.house
    form = read_card_form(request.form, moment_of(gate.clock.now()))
    if form.problems and payment["status"] == "pending":
        return _card_page(payment, form), 422
    if not form.problems:
        payment = payer.pay_by_card(gate, payment_id, request.form.get("token", ""), form)
    return redirect(_place_of(payment), 303)


@pages.post("/orders/<payment_id>/cancellation")
def abandon(payment_id):
    """Stop paying and go back to the shop."""
    payment = _open(payment_id)
    stop_paying(current_app.house, payment_id, request.form.get("token", ""))
    return redirect(_with_id(payment["fail_url"], payment_id), 303)


@pages.get("/orders/<payment_id>/bonuses")
def bonuses(payment_id):
    """Ask how many bonuses to spend."""
    payment = _open(payment_id)
    if not payer.is_choosing_bonuses(payment):
        return redirect(_place_of(payment), 303)
    return _bonus_page(payment, None)


@pages.post("/orders/<payment_id>/bonuses")
def spend(payment_id):
    """Take the number of bonuses."""
    payment = _open(payment_id)
    gate, typed = current_app.house, request.form.get("bonuses", "").strip()[:12]
    problem = payer.spend_bonuses(gate, payment_id, request.form.get("token", ""), typed)
    if problem:
        return _bonus_page(payment, problem, typed), 422
    return redirect(_place_of(gate.payment_of(payment_id)), 303)


@pages.get("/acs/<payment_id>")
def code_page(payment_id):
    """Ask for the code the issuer has sent."""
    payment = _open(payment_id)
    if not is_waiting_for_code(payment):
        return redirect(_place_of(payment), 303)
    return _code_page(payment, None)


@pages.post("/acs/<payment_id>")
def type_code(payment_id):
    """Take the code."""
    _open(payment_id)
    gate, typed = current_app.house, digits_of(request.form.get("code", ""))
    problem = try_code(gate, payment_id, request.form.get("token", ""), typed)
    payment = gate.payment_of(payment_id)
    if problem:
        return _code_page(payment, problem), 422
    return redirect(_place_of(payment), 303)


@pages.post("/acs/<payment_id>/code")
def resend_code(payment_id):
    """Send another code."""
    payment = _open(payment_id)
    send_again(current_app.house, payment_id, request.form.get("token", ""))
    return redirect(_place_of(payment), 303)


@pages.post("/acs/<payment_id>/cancellation")
def fail_code(payment_id):
    """Give up on the code."""
    _open(payment_id)
    payment = give_up_code(current_app.house, payment_id, request.form.get("token", ""))
    return redirect(_place_of(payment), 303)


def _open(payment_id: str) -> dict:
    """Return the order as time has left it, and let its forms end up in its shop."""
    gate = current_app.house
    gate.let_time_work()
    payment = gate.payment_of(payment_id)
    shop = urlsplit(payment["return_url"])
    allow_form_to(f"{shop.scheme}://{shop.netloc}")
    return payment


def _place_of(payment: dict) -> str:
    """Return where the payer of this order belongs now."""
    if payment["status"] in ("succeeded", "waiting_for_capture"):
        return _with_id(payment["return_url"], payment["id"])
    if is_waiting_for_code(payment):
        return url_for("pages.code_page", payment_id=payment["id"])
    if payer.is_choosing_bonuses(payment):
        return url_for("pages.bonuses", payment_id=payment["id"])
    return url_for("pages.checkout", payment_id=payment["id"])


def _with_id(address: str, payment_id: str) -> str:
    """Put the order's id behind the shop's address, as this gateway does."""
    return f"{address}{'&' if '?' in address else '?'}orderId={payment_id}&lang=ru"


def _common(payment: dict) -> dict:
    gate = current_app.house
    address = payment["fail_url" if payment["status"] == "canceled" else "return_url"]
    return {
        "payment": payment | {"return_url": _with_id(address, payment["id"])},
        "merchant": gate.settings.merchant,
        "seconds_left": max(0, payment["confirm_by"] - gate.clock.now()) // 1000,
        "ways": [],
    }


def _card_page(payment: dict, form) -> str:
    return render_template(
        "checkout.html",
        **_common(payment),
        way="bank_card",
        form=form,
        problems=form.problems if form else {},
        schemes=SCHEMES,
        handy_cards=HANDY_CARDS,
    )


def _bonus_page(payment: dict, problem: str | None, typed: str = "") -> str:
    most = most_bonuses(payment["amount_kopecks"], payment["card_scheme"])
    return render_template(
        "bonuses.html",
        **_common(payment),
        problem=problem,
        typed=typed,
        most=most,
        balance=BALANCE,
        least_by_card=LEAST_BY_CARD,
    )


def _code_page(payment: dict, problem: str | None) -> str:
    by_card = payment["amount_kopecks"] - payment["bonus_kopecks"]
    common = _common(payment)
    common["payment"] = common["payment"] | {"amount_kopecks": by_card}
    return render_template("code.html", **common, problem=problem)


def _result(payment: dict) -> str:
    sentence, advice = explained(payment["cancel_reason"] or "")
    return render_template("result.html", **_common(payment), sentence=sentence, advice=advice)
