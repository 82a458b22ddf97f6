"""«Certificates and balance» in the cabinet: what there is to spend, activating, what was bought, cards to print."""

from datetime import UTC, datetime

from flask import Blueprint, abort, flash, request, url_for
from flask_babel import gettext as _

from shop.blueprints.certificates.words import refusal_words, taken_words
from shop.forms.certificates import Redeem
from shop.queries.certificates import bought_by, bought_one
from shop.queries.ledger import balances_of, statement_of
from shop.rules import ledger
from shop.rules.certificates import may_be_refunded
from shop.rules.money import written as money
from shop.services.auth import TooManyTries
from shop.services.certificates import CertificateRefused, NotPossible, look_at_code, redeem
from shop.services.returns.certificates import take_certificate_back
from shop.web.audience import confirmed_shoppers
from shop.web.context import config
from shop.web.filters import in_words
from shop.web.respond import go_to, render
from shop.web.shopper import device, shopper

blueprint = Blueprint("my_certificates", __name__, url_prefix="/my/certificates")
blueprint.before_request(confirmed_shoppers)

# What stands on the first page; the rest is on the statement's own.
LAST_MOVEMENTS = 5


@blueprint.get("/")
def index():
    """Show balances and certificates. A code in the address is written into the field, and nothing more."""
    code = request.args.get("code", "")[:100]
    return _page(Redeem(formdata=None, code=code))


@blueprint.post("/preview")
def preview():
    """Say what a number or a word would give, before it is taken."""
    form = Redeem()
    found, answer = _tried(form, look_at_code)
    return answer or _page(form, preview=found)


@blueprint.post("/activation")
def activate():
    """Take it: once, for this account."""
    form = Redeem()
    found, answer = _tried(form, redeem)
    if answer:
        return answer
    flash(taken_words(found))
    return go_to(url_for("my_certificates.index"))


@blueprint.get("/statement")
def statement():
    """Every movement on one of the balances, newest first."""
    of, page = request.args.get("of", "balance"), request.args.get("page", 1, type=int)
    if of not in {"balance", "promo"} or not 1 <= page <= 10_000:
        abort(404)
    movements, pages = statement_of(books=_books(of), page=page)
    return render(
        "certificates/statement.html",
        balances=balances_of(account_id=shopper().customer_id),
        movements=movements,
        of=of,
        at_page=page,
        pages=pages,
        url=lambda number: url_for(
            "my_certificates.statement", of=of, page=number if number > 1 else None
        ),
    )


@blueprint.post("/<serial>/refund")
def give_back(serial):
    """Give an unused certificate back for its price."""
    now, account_id = datetime.now(UTC), shopper().customer_id
    mine = bought_one(account_id=account_id, serial=serial, now=now)
    try:
        back = take_certificate_back(serial=mine.serial, account_id=account_id, now=now)
    except NotPossible:
        told = _("This certificate can't be given back any more. Here is how it stands.")
        return _page(Redeem(formdata=None), problem=told, status=422)
    told = _("The certificate is annulled. %(sum)s go back the way you paid.", sum=money(back))
    flash(told)
    return go_to(url_for("my_certificates.index"))


def _tried(form, deed):
    """What a deed of guessing gave, or the page that says why it gave nothing."""
    if not form.validate():
        return None, _page(form, status=422)
    facts = {"text": form.code.data, "device": device(), "now": datetime.now(UTC)}
    try:
        return deed(account_id=shopper().customer_id, **facts), None
    except CertificateRefused as fault:
        form.blame("code", refusal_words(fault))
        return None, _page(form, status=422)
    except TooManyTries as fault:
        wait = in_words(fault.wait)
        form.blame(
            "code", _("Too many wrong numbers. One more can be tried in %(wait)s.", wait=wait)
        )
        answer = _page(form, status=429)
        answer.headers["Retry-After"] = str(int(fault.wait.total_seconds()) + 1)
        return None, answer


def _books(of: str):
    """A balance together with what of it waits for an order: nothing is gone until the order is paid."""
    mine = shopper().customer_id
    if of == "promo":
        return (ledger.promo(mine), ledger.promo_held(mine))
    return (ledger.balance(mine), ledger.balance_held(mine))


def _page(form, preview=None, problem="", status=200):
    mine = shopper().customer_id
    page = request.args.get("page", 1, type=int)
    if not 1 <= page <= 10_000:
        abort(404)
    now = datetime.now(UTC)
    balances = balances_of(account_id=mine)
    return render(
        "certificates/cabinet.html",
        "certificates/_activation.html",
        form=form,
        preview=preview,
        problem=problem,
        balances=balances,
        frozen_until=balances.frozen(now),
        movements=statement_of(books=_books("balance"))[0][:LAST_MOVEMENTS],
        bought=bought_by(account_id=mine, now=now, page=page),
        may_be_refunded=lambda row: may_be_refunded(
            row.state, row.sold_at, now, config().shop_time_zone
        ),
        url=lambda number: url_for("my_certificates.index", page=number if number > 1 else None),
        status=status,
    )
