"""What the doors of sign-in answer with: a form as a page or in the popup, and the welcome after it."""

from datetime import UTC, datetime

from flask import flash, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from shop.forms.auth import ConfirmByCode, ConfirmElsewhere
from shop.queries.auth import account_email, email_of_link
from shop.rules.auth import masked_email
from shop.services.auth import CodeIsOver, open_session, renew_session
from shop.services.cart import merge_carts
from shop.web.carry import carried_form
from shop.web.filters import in_words
from shop.web.known_devices import device_key, know_device
from shop.web.respond import current_page, go_to, render, safe_next, target, wants_partial
from shop.web.shopper import device, shopper, sign_in

# What of a page is a signed-in customer's at once, without loading it again.
HEADER = ("layouts/_quick.html", "layouts/_menu.html", "layouts/_tabbar.html", "layouts/_me.html")
# So many things are named; of more the number is told.
MOST_NAMED = 3


def next_page() -> str:
    """Where the person was going."""
    return safe_next(request.values.get("next"), url_for("profile.home"))


def show_form(name, form, status=200, **more):
    """One of the three forms, as a page or in the popup."""
    context = {
        "form": form,
        "next": next_page(),
        "carry": request.form.get("carry", ""),
        "in_popup": target() == "dlg-body",
        "masked": masked_email(shopper().email) if shopper().is_signed_in else "",
        "note": "",
    }
    return render(f"auth/{name}.html", f"auth/_{name}.html", status=status, **context | more)


def show_wait(name, form, field, fault, text=None):
    """The form again, with how long to wait."""
    text = text or _(
        "Too many tries. Please wait %(wait)s and try again.", wait=in_words(fault.wait)
    )
    form.blame(field, text)
    answer = show_form(name, form, status=429)
    answer.headers["Retry-After"] = str(int(fault.wait.total_seconds()) + 1)
    return answer


def show_link(token):
    """What the letter's link leads to: one button, or the way to a new letter."""
    email = email_of_link(token=token, now=datetime.now(UTC))
    return render("auth/link.html", status=200 if email else 410, token=token, email=email)


def code_form(asked=None):
    """The form of the code; elsewhere also of the address, which may have been given before."""
    if shopper().is_signed_in:
        return ConfirmByCode(formdata=None)
    form = ConfirmElsewhere(formdata=None, email=asked.email.data if asked else "")
    form.email.errors = list(asked.email.errors) if asked else []
    return form


def code_problem(fault) -> str:
    """Why a code didn't prove the mailbox. Who isn't signed in learns nothing of an account."""
    if not shopper().is_signed_in:
        return _(
            "This code doesn't fit or is too old. Look into the newest letter, or ask for one more."
        )
    if isinstance(fault, CodeIsOver):
        return _("This code is no longer valid. Ask for a new letter, the new code comes with it.")
    return _("This isn't the code from the letter. Check the six digits.")


def welcome(account_id, way):
    """Let the account in, with what the guest had put in the cart; `way` is how it came (models/auth.UserSession)."""
    told = let_in(account_id, way)
    if way != "registration":
        return go_on(told or _("Hello, %(name)s!", name=shopper().greeting))
    if not wants_partial():
        if told:
            flash(told)
        return go_to(url_for("auth.confirmation", next=next_page()))
    return show_form(
        "confirmation",
        code_form(),
        in_popup=True,
        also=HEADER,
        toast=told,
        events={"auth:changed": {"who": shopper().who}},
    )


def let_in(account_id, way) -> str:
    """Sign this browser in, with the guest's cart; return what became of the cart."""
    token, now = shopper().cart_token, datetime.now(UTC)
    merge = merge_carts(account_id=account_id, token=token, now=now) if token else None
    account = account_email(account_id=account_id)
    sign_in(
        open_session(
            account_id=account_id,
            way=way,
            device=device(),
            is_known_device=bool(device_key(account)),
            now=now,
        )
    )
    if shopper().is_confirmed:
        know_device(account)
    return cart_news(merge) if merge else ""


def proved(account_id):
    """After a mailbox is proved: go on in this browser if it is the account's, else sign in."""
    if shopper().account_id == account_id:
        sign_in(renew_session(session_id=shopper().session_id, now=datetime.now(UTC)))
        know_device(shopper().email)
        return go_on(_("Your e-mail is confirmed."))
    flash(_("The e-mail is confirmed. Now sign in."))
    return go_to(url_for("auth.login", next=next_page()))


def go_on(told):
    """Send the form that had to wait, stay on the page under the popup, or go where the person was going."""
    if waiting := carried_form():
        return render("auth/carry.html", waiting=waiting, told=told)
    if not wants_partial() or current_page().startswith("/auth/"):
        flash(told)
        return go_to(next_page())
    return render(
        "auth/login.html",
        "auth/_nothing.html",
        also=HEADER,
        toast=told,
        events={"auth:changed": {"who": shopper().who}, "dialog:close": True},
    )


def cart_news(merge) -> str:
    """What signing in did to the cart; nothing disappears unmentioned."""
    news = []
    if len(merge.added) > MOST_NAMED:
        count = len(merge.added)
        news.append(
            ngettext(
                "%(num)d product came to your cart.", "%(num)d products came to your cart.", count
            )
        )
    elif merge.added:
        news.append(_("In your cart now: %(names)s.", names=_names(merge.added)))
    news += [
        _(
            "%(name)s: only %(left)d left, so many are in the cart.",
            name=line.name,
            left=line.quantity,
        )
        for line in merge.cut
    ]
    if merge.gone:
        news.append(_("Not for sale now: %(names)s.", names=_names(merge.gone)))
    return " ".join(news)


def _names(lines) -> str:
    return ", ".join(line.name for line in lines)
