"""The cabinet's first page, and personal data."""

from flask import Blueprint, flash, url_for
from flask_babel import gettext as _

from shop.forms.profile import Names
from shop.queries.profile import profile_of, recent_orders
from shop.services.profile import change_names
from shop.web.audience import shoppers
from shop.web.respond import go_to, render
from shop.web.shopper import shopper

blueprint = Blueprint("profile", __name__, url_prefix="/my")
blueprint.before_request(shoppers)


@blueprint.get("/")
def home():
    """Show what is going on, and where everything is."""
    mine = shopper().account_id
    return render(
        "profile/home.html",
        profile=profile_of(account_id=mine),
        orders=recent_orders(account_id=mine),
    )


@blueprint.get("/profile/")
def show():
    """Show personal data with the form that changes it."""
    profile = profile_of(account_id=shopper().account_id)
    return _form(Names(formdata=None, obj=profile))


@blueprint.post("/profile/")
def change():
    """Take the names as they are written."""
    form = Names()
    if not form.validate():
        return _form(form, status=422)
    change_names(account_id=shopper().account_id, **form.names)
    flash(_("Saved. This is how we shall address you from now on."))
    return go_to(url_for("profile.show"))


@blueprint.post("/profile/greeting")
def greeting():
    """Show how letters will begin with what is written in the form. Changes nothing."""
    return _form(Names())


def _form(form, status=200):
    return render(
        "profile/profile.html",
        "profile/_greeting.html",
        status=status,
        form=form,
        preview=form.preview,
        profile=profile_of(account_id=shopper().account_id),
    )
