"""The second step of sign-in, in the cabinet: turning it on and off, and the codes on paper."""

from datetime import UTC, datetime

from flask import Blueprint, flash, url_for
from flask_babel import gettext as _

from shop.blueprints.auth.second_step import refused
from shop.forms.second_step import AppCode, EitherCode
from shop.queries.security.second_step import second_step_of
from shop.rules.second_step import address_to_scan, in_groups
from shop.services.auth import TooManyTries, renew_session
from shop.services.security import (
    StepIsOver,
    StepNotTaken,
    begin_second_step,
    make_recovery_codes,
    secret_to_scan,
    turn_off,
    turn_on,
)
from shop.web.audience import fresh_shoppers
from shop.web.context import config
from shop.web.filters import day
from shop.web.known_devices import device_key
from shop.web.qr import square_code
from shop.web.respond import go_to, render
from shop.web.shopper import device, shopper, sign_in

blueprint = Blueprint("second_step", __name__, url_prefix="/my/security/second-step")
blueprint.before_request(fresh_shoppers)


@blueprint.get("/")
def show():
    """How the second step stands, and what can be done about it."""
    return _page()


@blueprint.post("/secret")
def begin():
    """Make a secret for the app."""
    try:
        begin_second_step(account_id=shopper().customer_id, now=datetime.now(UTC))
    except StepIsOver:
        flash(_("The second step is on already."))
    return go_to(url_for(".show"))


@blueprint.post("/")
def start():
    """Turn the second step on, and show the recovery codes this once."""
    form = AppCode()
    if not form.validate():
        return _page(422, app=form)
    try:
        codes = turn_on(
            account_id=shopper().customer_id,
            session_id=shopper().session_id,
            code=form.typed,
            device=device(),
            now=datetime.now(UTC),
        )
    except StepNotTaken as fault:
        return refused(form, fault, lambda form, status: _page(status, app=form))
    except StepIsOver:
        return _as_it_stands()
    # This sign-in counts for more now: whoever may have had its token stays with the old one, which ends.
    sign_in(renew_session(session_id=shopper().session_id, now=datetime.now(UTC)))
    return _codes(codes, is_new=True)


@blueprint.post("/recovery-codes")
def renew():
    """Make new recovery codes and show them this once; the old ones open nothing any more."""
    form = EitherCode()
    if not form.validate():
        return _page(422, renewal=form)
    try:
        codes = make_recovery_codes(**_owner(), code=form.typed)
    except (StepNotTaken, TooManyTries) as fault:
        return refused(form, fault, lambda form, status: _page(status, renewal=form))
    except StepIsOver:
        return _as_it_stands()
    return _codes(codes, is_new=False)


@blueprint.post("/removal")
def remove():
    """Turn the second step off."""
    form = EitherCode()
    if not form.validate():
        return _page(422, removal=form)
    try:
        turn_off(**_owner(), code=form.typed)
    except (StepNotTaken, TooManyTries) as fault:
        return refused(form, fault, lambda form, status: _page(status, removal=form))
    except StepIsOver:
        return _as_it_stands()
    flash(_("The second step is off: the password alone opens your account."))
    return go_to(url_for(".show"))


def _owner():
    """Who asks, as services/security takes it."""
    return {
        "account_id": shopper().customer_id,
        "device_key": device_key(shopper().email),
        "device": device(),
        "now": datetime.now(UTC),
    }


def _as_it_stands():
    """The page anew: it was changed in another window, or was left open for too long."""
    flash(_("Something has changed meanwhile. Here is how it stands."))
    return go_to(url_for(".show"))


def _page(status=200, *, app=None, renewal=None, removal=None):
    account_id = shopper().customer_id
    card = second_step_of(account_id=account_id)
    secret = secret_to_scan(account_id=account_id, now=datetime.now(UTC)) if card.is_begun else ""
    address = ""
    if secret:
        address = address_to_scan(secret, shop_name=config().shop_name, email=shopper().email)
    return render(
        "security/second_step.html",
        status=status,
        card=card,
        secret=in_groups(secret),
        address=address,
        picture=square_code(address) if address else "",
        app=app or AppCode(formdata=None),
        renewal=renewal or EitherCode(formdata=None),
        removal=removal or EitherCode(formdata=None),
    )


def _codes(codes, *, is_new):
    now = datetime.now(UTC)
    owner = {"shop": config().shop_name, "email": shopper().email}
    file = "\r\n".join(
        (
            _("Recovery codes: %(shop)s, %(email)s", **owner),
            _("Made on %(day)s. Each opens the account once, after the password.", day=day(now)),
            "",
            *codes,
        )
    )
    return render("security/recovery_codes.html", codes=codes, is_new=is_new, file=file, now=now)
