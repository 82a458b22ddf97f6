"""A new password, for who has just shown the old one."""

from datetime import UTC, datetime

from flask import Blueprint, flash, url_for
from flask_babel import gettext as _

from shop.forms.security import ChangePassword
from shop.services.security import change_password
from shop.web.audience import fresh_shoppers
from shop.web.respond import go_to, render
from shop.web.shopper import device, shopper

blueprint = Blueprint("security_password", __name__, url_prefix="/my/security/password")
blueprint.before_request(fresh_shoppers)


@blueprint.get("")
def show():
    """Show the field for a new password."""
    return render("security/password.html", form=ChangePassword(formdata=None))


@blueprint.post("")
def change():
    """Put the new password in place of the old one; every other device signs in anew."""
    card = shopper().card
    form = ChangePassword(personal=(card.given_name, card.family_name, card.patronymic, card.email))
    if not form.validate():
        return render("security/password.html", form=form, status=422)
    is_new = change_password(
        account_id=card.id,
        session_id=card.session_id,
        password=form.password.data,
        device=device(),
        now=datetime.now(UTC),
    )
    flash(
        _("The password is changed. Your other devices are signed out.")
        if is_new
        else _("This password is in force. Your other devices are signed out.")
    )
    return go_to(url_for("security.show"))
