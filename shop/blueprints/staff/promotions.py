"""The owner's presents: certificates given for nothing, and campaigns with their code words."""

import secrets
from datetime import UTC, datetime, time, timedelta

from flask import Blueprint, abort, flash, request, url_for
from flask_babel import gettext as _

from shop.forms.certificates import BeginCampaign, GiveCertificate
from shop.queries.certificates import campaigns_at_desk, uses_of_campaign
from shop.services.certificates import (
    Gift,
    WordIsTaken,
    issue_free,
    make_campaign,
    switch_campaign,
)
from shop.web.audience import staff
from shop.web.context import config
from shop.web.filters import today
from shop.web.respond import go_to, render
from shop.web.shopper import shopper

blueprint = Blueprint("staff_promotions", __name__, url_prefix="/staff/promotions")
blueprint.before_request(staff("owner"))


@blueprint.get("/certificate")
def gift():
    """The form of a certificate for nothing."""
    return _gift(GiveCertificate(formdata=None, today=today(), once_key=secrets.token_urlsafe(16)))


@blueprint.post("/certificate")
def give():
    """Give it, and send its letter."""
    form = GiveCertificate(today=today())
    if not form.validate():
        return _gift(form, status=422)
    serial = issue_free(
        actor_id=shopper().customer_id,
        once_key=form.once_key.data or "",
        nominal_kopecks=form.nominal_kopecks,
        gift=Gift(**form.gift),
        reason=form.reason.data,
        now=datetime.now(UTC),
    )
    flash(_("Certificate %(serial)s is made.", serial=serial))
    return go_to(url_for("staff_certificates.show", serial=serial))


@blueprint.get("/campaigns/")
def campaigns():
    """All campaigns, and the form of a new one."""
    day = today()
    form = BeginCampaign(formdata=None, starts_on=day, ends_on=day + timedelta(days=30))
    return _campaigns(form)


@blueprint.post("/campaigns/")
def begin():
    """Begin a campaign."""
    form = BeginCampaign()
    if not form.validate():
        return _campaigns(form, status=422)
    try:
        make_campaign(
            **form.told,
            starts_at=_midnight(form.starts_on.data),
            # The last day is whole.
            ends_at=_midnight(form.ends_on.data + timedelta(days=1)),
            made_by=shopper().customer_id,
            now=datetime.now(UTC),
        )
    except WordIsTaken:
        form.blame("word", _("There has been a campaign of this word. Think of another one."))
        return _campaigns(form, status=422)
    flash(_("The campaign is made."))
    return go_to(url_for(".campaigns"))


@blueprint.get("/campaigns/<int:campaign_id>")
def campaign(campaign_id):
    """One campaign, with who used its word and when."""
    page = _page_number()
    found, uses, has_more = uses_of_campaign(campaign_id=campaign_id, page=page)
    return render(
        "staff/certificates/campaign.html", found=found, uses=uses, has_more=has_more, at_page=page
    )


@blueprint.post("/campaigns/<int:campaign_id>/switch")
def switch(campaign_id):
    """Switch the word on or off; what was given stays given."""
    switch_campaign(campaign_id=campaign_id, is_on=request.form.get("on") == "1")
    return go_to(url_for(".campaign", campaign_id=campaign_id))


def _midnight(day):
    """When a day begins by the shop's clock."""
    return datetime.combine(day, time(), config().shop_time_zone)


def _page_number():
    page = request.args.get("page", 1, type=int)
    return page if 1 <= page <= 100_000 else abort(404)


def _gift(form, status=200):
    return render("staff/certificates/gift.html", form=form, status=status)


def _campaigns(form, status=200):
    rows, has_more = campaigns_at_desk(page=_page_number())
    return render(
        "staff/certificates/campaigns.html",
        form=form,
        rows=rows,
        has_more=has_more,
        at_page=_page_number(),
        now=datetime.now(UTC),
        status=status,
    )
