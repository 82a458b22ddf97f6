"""The doors for payers: the card page, the issuer's page, the wallets."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request

from ..safety import allow_form_to
from . import payer
from .card_form import read_card_form
from .cards import HANDY_CARDS, SCHEMES, digits_of
from .clock import moment_of
from .payments import payment_of
from .problems import ApiProblem
from .reasons import explained

pages = Blueprint("pages", __name__)

WALLETS = {"yoomoney": "yoo_money", "sbp": "sbp", "sberpay": "sberbank", "tpay": "tinkoff_bank"}
TITLES = {
    "bank_card": "Карта",
    "yoo_money": "ЮMoney",
    "sbp": "СБП",
    "sberbank": "SberPay",
    "tinkoff_bank": "T-Pay",
}


@pages.errorhandler(ApiProblem)
def not_found(problem: ApiProblem):
    """Say that there is no such payment."""
    return render_template("missing.html"), 404


@pages.get("/checkout/<payment_id>")
def checkout(payment_id):
    """Ask for a card, or show how the payment ended."""
    payment = _open(payment_id)
    if payment["status"] != "pending":
        return _result(payment)
    here = _place_of(payment)
    return redirect(here, 303) if here != request.path else _card_page(payment, None)


@pages.post("/checkout/<payment_id>")
def pay(payment_id):
    """Take a card."""
    payment = _open(payment_id)
    bank = current_app.bank
    form = read_card_form(request.form, moment_of(bank.clock.now()))
    if form.problems and _place_of(payment) == request.path:
        return _card_page(payment, form), 422
    if not form.problems:
        token = request.form.get("token", "")
        payment = payer.pay_by_card(bank, payment_id, token, form)
    return redirect(_place_of(payment), 303)


@pages.post("/checkout/<payment_id>/cancellation")
def abandon(payment_id):
    """Stop paying and go back to the shop."""
    payment = _open(payment_id)
    payer.abandon(current_app.bank, payment_id, request.form.get("token", ""))
    return redirect(payment["return_url"], 303)


@pages.get("/3ds/<payment_id>")
def code_page(payment_id):
    """Ask for the code the issuer has sent."""
    payment = _open(payment_id)
    if not payer.is_waiting_for_code(payment):
        return redirect(_place_of(payment), 303)
    return _code_page(payment, None)


@pages.post("/3ds/<payment_id>")
def type_code(payment_id):
    """Take the code."""
    _open(payment_id)
    bank = current_app.bank
    token, typed = request.form.get("token", ""), digits_of(request.form.get("code", ""))
    problem = payer.type_code(bank, payment_id, token, typed)
    payment = payment_of(bank, payment_id)
    if problem:
        return _code_page(payment, problem), 422
    return redirect(_place_of(payment), 303)


@pages.post("/3ds/<payment_id>/code")
def resend_code(payment_id):
    """Send another code."""
    payment = _open(payment_id)
    payer.resend_code(current_app.bank, payment_id, request.form.get("token", ""))
    return redirect(_place_of(payment), 303)


@pages.post("/3ds/<payment_id>/cancellation")
def fail_code(payment_id):
    """Give up on the code."""
    _open(payment_id)
    payment = payer.fail_code(current_app.bank, payment_id, request.form.get("token", ""))
    return redirect(_place_of(payment), 303)


@pages.get("/<any(yoomoney, sbp, sberpay, tpay):wallet>/<payment_id>")
def wallet_page(wallet, payment_id):
    """Ask the wallet's owner for a yes or a no."""
    payment = _open(payment_id)
    if payment["status"] != "pending" or payer.is_waiting_for_code(payment):
        return redirect(_place_of(payment), 303)
    if WALLETS[wallet] not in payer.ways_to_pay(payment):
        return redirect(_place_of(payment), 303)
    return render_template(
        "wallet.html", **_common(payment), way=WALLETS[wallet], title=TITLES[WALLETS[wallet]]
    )


@pages.post("/<any(yoomoney, sbp, sberpay, tpay):wallet>/<payment_id>")
def pay_by_wallet(wallet, payment_id):
    """Take the owner's yes or no."""
    _open(payment_id)
    payment = payer.pay_by_wallet(
        current_app.bank,
        payment_id,
        request.form.get("token", ""),
        WALLETS[wallet],
        "paid" if request.form.get("answer") == "yes" else "insufficient_funds",
    )
    return redirect(_place_of(payment), 303)


def _open(payment_id: str) -> dict:
    """Return the payment as time has left it, and let its forms end up in its shop."""
    bank = current_app.bank
    bank.let_time_work()
    payment = payment_of(bank, payment_id)
    shop = urlsplit(payment["return_url"])
    allow_form_to(f"{shop.scheme}://{shop.netloc}")
    return payment


def _place_of(payment: dict) -> str:
    """Return where the payer of this payment belongs now."""
    if payment["status"] in ("succeeded", "waiting_for_capture"):
        return payment["return_url"]
    if payer.is_waiting_for_code(payment):
        return f"/3ds/{payment['id']}"
    if payment["status"] == "pending" and payment["is_fixed_method"]:
        for wallet, way in WALLETS.items():
            if way == payment["method"]:
                return f"/{wallet}/{payment['id']}"
    return f"/checkout/{payment['id']}"


def _common(payment: dict) -> dict:
    """Return what every page of a payment shows."""
    bank = current_app.bank
    addresses = {way: f"/{wallet}/{payment['id']}" for wallet, way in WALLETS.items()}
    addresses["bank_card"] = f"/checkout/{payment['id']}"
    return {
        "payment": payment,
        "merchant": bank.settings.merchant,
        "seconds_left": max(0, payment["confirm_by"] - bank.clock.now()) // 1000,
        "ways": [(way, TITLES[way], addresses[way]) for way in payer.ways_to_pay(payment)],
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


def _code_page(payment: dict, problem: str | None) -> str:
    return render_template("code.html", **_common(payment), problem=problem)


def _result(payment: dict) -> str:
    sentence, advice = explained(payment["cancel_reason"] or "")
    return render_template("result.html", **_common(payment), sentence=sentence, advice=advice)
