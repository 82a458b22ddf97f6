"""What is said of codes: why one gives nothing, and what came of it."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from shop.queries.certificates import Preview
from shop.rules.certificates import ACTIVATIONS_A_DAY
from shop.rules.money import written as money
from shop.services.certificates import (
    AllGivenOut,
    AlreadyActivated,
    CertificateRefused,
    NoLongerValid,
    TermIsOver,
    TooManyActivations,
    WordIsUsed,
)
from shop.web.context import config
from shop.web.filters import day, moment


def refusal_words(fault: CertificateRefused) -> str:
    """Return why a code or a word gives nothing, and what to do; unknown and unpaid ones read the same."""
    if isinstance(fault, AlreadyActivated):
        return _already(fault)
    if isinstance(fault, NoLongerValid):
        return _(
            "This certificate is no longer valid: it was given back or blocked. Ask whoever gave it to you, or call us: %(hotline)s.",
            hotline=config().shop_hotline,
        )
    if isinstance(fault, TermIsOver):
        return _("It was to be used by %(day)s: its time is over.", day=day(fault.ended_at))
    if isinstance(fault, WordIsUsed):
        return _("You used this word on %(day)s. It works once.", day=day(fault.used_at))
    if isinstance(fault, AllGivenOut):
        return _("All presents of this word have been given out.")
    if isinstance(fault, TooManyActivations):
        return ngettext(
            "You have activated %(num)d certificate within a day. The next one can be activated from %(moment)s on.",
            "You have activated %(num)d certificates within a day. The next one can be activated from %(moment)s on.",
            ACTIVATIONS_A_DAY,
            moment=_soonest(fault.wait_until),
        )
    return _(
        "We know no such number or word. Look at it once more: it stands in the letter or on the card."
    )


def _soonest(wait_until: datetime) -> str:
    """Pages tell whole minutes: the first one that isn't too soon."""
    return moment(wait_until + timedelta(seconds=59))


def _already(fault: AlreadyActivated) -> str:
    when = moment(fault.activated_at)
    if fault.is_mine and fault.is_free:
        return _(
            "You activated this certificate on %(moment)s: its sum came onto your promo balance.",
            moment=when,
        )
    if fault.is_mine:
        return _(
            "You activated this certificate on %(moment)s: its sum is on your balance.", moment=when
        )
    return _(
        "This certificate was activated in another account on %(moment)s. If that wasn't you, call us and name its serial number %(serial)s.",
        moment=when,
        serial=fault.serial,
    )


def taken_words(found: Preview) -> str:
    """Return what came onto the account."""
    if found.gives == "points":
        return ngettext("%(num)d point is yours.", "%(num)d points are yours.", found.amount)
    if found.gives == "promo":
        return _("%(sum)s are on your promo balance.", sum=money(found.amount))
    return _("%(sum)s are on your balance.", sum=money(found.amount))
