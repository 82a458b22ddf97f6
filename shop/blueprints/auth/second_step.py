"""The code that is asked for after the right password, where an account wishes so."""

from datetime import UTC, datetime

from flask import Blueprint, abort, request, session, url_for
from flask_babel import gettext as _

from shop.blueprints.auth.answers import next_page, show_form, welcome
from shop.forms.auth import LogIn
from shop.forms.second_step import AppCode, CodeForm, PaperCode
from shop.queries.auth import account_email
from shop.queries.security.second_step import mark_to_remember
from shop.rules.second_step import STEP_WAITS, is_recovery_code
from shop.services.auth import TooManyTries
from shop.services.security import (
    CodeWasUsed,
    SecretIsUnreadable,
    StepIsOver,
    StepNotTaken,
    pass_second_step,
)
from shop.web.audience import everyone
from shop.web.context import config
from shop.web.filters import in_words
from shop.web.known_devices import device_key
from shop.web.respond import go_to, render
from shop.web.shopper import device, shopper

blueprint = Blueprint("second_step_sign_in", __name__, url_prefix="/auth/second-step")
blueprint.before_request(everyone)

# Kept in the signed cookie between the right password and the code.
_WAITING = "second_step"


@blueprint.get("")
def show():
    """Show the form of the code to who has just shown the right password; others show it first."""
    if shopper().is_signed_in:
        return go_to(next_page())
    if _waiting() is None:
        return go_to(url_for("auth.login", next=next_page()))
    return _form(AppCode(formdata=None))


@blueprint.post("")
def take():
    """Let in who shows the code of this moment, or one of the recovery codes."""
    waiting = _waiting()
    if waiting is None:
        return _password_again()
    form = PaperCode() if PaperCode.FIELD in request.form else AppCode()
    if not form.validate():
        return _form(form, 422)
    try:
        pass_second_step(
            **waiting,
            code=form.typed,
            device_key=device_key(account_email(account_id=waiting["account_id"])),
            device=device(),
            now=datetime.now(UTC),
        )
    except StepIsOver:
        return _password_again()
    except (StepNotTaken, TooManyTries) as fault:
        return refused(form, fault, _form)
    return welcome(waiting["account_id"], "second_step")


@blueprint.get("/compulsory")
def for_staff():
    """Tell an employee why the back office is closed, and how to open it."""
    if not shopper().is_staff:
        abort(404)
    return render("auth/second_step_for_staff.html", card=shopper().card)


def second_step_or_welcome(account_id, way):
    """After the right password: ask for the code where the account has a second step, else let it in."""
    mark = mark_to_remember(account_id=account_id)
    if not mark:
        return welcome(account_id, way)
    session[_WAITING] = [account_id, mark, int(datetime.now(UTC).timestamp())]
    return _form(AppCode(formdata=None))


def refused(form: CodeForm, fault, show):
    """The form again by `show(form, status)`, with what is wrong with the code, or how long to wait."""
    if not isinstance(fault, TooManyTries):
        form.refuse(_problem(fault, form.typed))
        return show(form, 422)
    wait = in_words(fault.wait)
    form.refuse(_("Too many tries. Please wait %(wait)s and try again.", wait=wait))
    answer = show(form, 429)
    answer.headers["Retry-After"] = str(int(fault.wait.total_seconds()) + 1)
    return answer


def _problem(fault, typed) -> str:
    """Why a code opened nothing, and what to do."""
    if isinstance(fault, SecretIsUnreadable):
        return _(
            "We can't check the codes of your app any more. Write a recovery code, or call us: %(hotline)s. "
            "We will turn the second step off for you, and you turn it on anew.",
            hotline=config().shop_hotline,
        )
    if is_recovery_code(typed):
        if isinstance(fault, CodeWasUsed):
            return _("This recovery code was used already. Take another one from your list.")
        return _("This recovery code doesn't fit. Check the letters, or take another one.")
    if isinstance(fault, CodeWasUsed):
        return _("This code was used already. Wait half a minute until the app shows the next one.")
    return _(
        "This code doesn't fit. The app shows a new one every half a minute; "
        "if none fits, let your phone set its clock by itself."
    )


def _waiting():
    """Whose right password was shown here a short while ago, as services/security takes it; None for nobody's."""
    account_id, mark, at = session.get(_WAITING) or (0, "", 0)
    if datetime.fromtimestamp(at, UTC) + STEP_WAITS <= datetime.now(UTC):
        session.pop(_WAITING, None)
        return None
    return {"account_id": account_id, "mark": mark}


def _form(form, status=200):
    is_paper = isinstance(form, PaperCode)
    return show_form(
        "second_step",
        form,
        status,
        app=AppCode(formdata=None) if is_paper else form,
        paper=form if is_paper else PaperCode(formdata=None),
    )


def _password_again():
    session.pop(_WAITING, None)
    form = LogIn(formdata=None)
    form.blame("password", _("The code wasn't shown in time. Write your password once more."))
    return show_form("login", form, status=422)
