"""The cabinet's first page, and personal data."""

from datetime import UTC, datetime

from flask import Blueprint, flash, url_for
from flask_babel import gettext as _

from shop.blueprints.legal import TITLES
from shop.forms.profile import AboutMe
from shop.queries.profile import consents_of, former_names, profile_of, recent_orders
from shop.rules.legal import DOCUMENTS
from shop.rules.profile import PersonalData
from shop.services.profile import change_profile
from shop.web.audience import shoppers
from shop.web.filters import today
from shop.web.respond import go_to, render, wants_partial
from shop.web.shopper import device, shopper

blueprint = Blueprint("profile", __name__, url_prefix="/my")
blueprint.before_request(shoppers)

# The form sends all it holds, so the preview, asked for at each letter, needs nothing from the database.
NOBODY = PersonalData("", "")


@blueprint.get("/")
def home():
    """Show what is going on, and where everything is."""
    mine = shopper().customer_id
    return render(
        "profile/home.html",
        profile=profile_of(account_id=mine),
        orders=recent_orders(account_id=mine),
    )


@blueprint.get("/profile/")
def show():
    """Show personal data with the form that changes it."""
    profile = _profile()
    return _page(AboutMe(formdata=None, known=profile, today=today()), profile)


@blueprint.post("/profile/")
def change():
    """Take what is written, as it is written."""
    profile = _profile()
    form = AboutMe(known=profile, today=today())
    if not form.validate():
        return _page(form, profile, status=422)
    is_new = change_profile(
        account_id=shopper().customer_id, told=form.told, now=datetime.now(UTC), device=device()
    )
    if is_new:
        flash(_("Saved. This is how we shall address you from now on."))
    else:
        flash(_("Nothing was changed: all stands as it stood."))
    return go_to(url_for("profile.show"))


@blueprint.post("/profile/greeting")
def greeting():
    """Show how letters will begin with what is written in the form. Changes nothing."""
    if wants_partial():
        form = AboutMe(known=NOBODY, today=today())
        return render("profile/profile.html", "profile/_greeting.html", preview=form.preview)
    profile = _profile()
    return _page(AboutMe(known=profile, today=today()), profile)


def _profile():
    return profile_of(account_id=shopper().customer_id)


def _page(form, profile, status=200):
    mine = shopper().customer_id
    return render(
        "profile/profile.html",
        status=status,
        form=form,
        preview=form.preview,
        profile=profile,
        former=former_names(account_id=mine),
        consents=consents_of(account_id=mine),
        titles=TITLES,
        versions=DOCUMENTS,
    )
