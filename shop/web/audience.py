"""Who may come through a door. Every blueprint names its audience in one line; closed unless opened."""

from collections.abc import Callable

from flask import Flask, abort, current_app, request, url_for
from werkzeug.wrappers import Response

from shop.forms.auth import LogIn, ProveAgain
from shop.web.carry import carried
from shop.web.context import config
from shop.web.respond import VARY, current_page, go_to, render, retarget, wants_partial
from shop.web.shopper import shopper

Answer = Response | None


def init_app(app: Flask) -> None:
    """Refuse to serve a door that forgot to name its audience."""
    app.before_request(_closed_unless_opened)


def _closed_unless_opened() -> None:
    name = request.blueprint
    if name is None:  # Static files and addresses that aren't there.
        return
    hooks = current_app.blueprints[name].before_request_funcs.get(None, ())
    if not any(getattr(hook, "is_audience", False) for hook in hooks):
        raise RuntimeError(f"the blueprint {name} names no audience")


def everyone() -> Answer:
    """Anybody may come in."""
    return None


def shoppers() -> Answer:
    """Signed-in people only; others sign in first and come back to where they were."""
    return None if shopper().is_signed_in else _ask_to_sign_in()


def confirmed_shoppers() -> Answer:
    """Signed-in people whose mailbox is proved; others are shown how to prove it."""
    if not shopper().is_signed_in:
        return _ask_to_sign_in()
    if not shopper().is_confirmed:
        return go_to(url_for("auth.confirmation", next=current_page()))
    return None


def fresh_shoppers() -> Answer:
    """Confirmed customers who have shown the password or a passkey a short while ago; others are asked for it again."""
    answer = confirmed_shoppers()
    if answer is not None or shopper().is_fresh:
        return answer
    back = current_page()
    if request.method == "GET" and not wants_partial():
        return go_to(url_for("again.show", next=back))
    response = render(
        "auth/again.html",
        "auth/_again.html",
        form=ProveAgain(formdata=None),
        next=back,
        carry="" if wants_partial() else carried(),
        in_popup=wants_partial(),
        status=401,
    )
    return retarget(response, "#dlg-body") if wants_partial() else response


def staff(*roles: str) -> Callable[[], Answer]:
    """Employees with one of these roles (or the owner) only; without any, all of them. For others the door isn't there."""

    def check() -> Answer:
        if not shopper().is_signed_in:
            return _ask_to_sign_in()
        is_one = any(shopper().may(role) for role in roles) if roles else shopper().is_staff
        if not is_one:
            abort(403 if shopper().is_staff else 404)
        return _ask_for_second_step()

    check.is_audience = True  # type: ignore[attr-defined]
    check.roles = roles  # type: ignore[attr-defined]
    return check


for _audience in (everyone, shoppers, confirmed_shoppers, fresh_shoppers):
    _audience.is_audience = True  # type: ignore[attr-defined]


def _ask_for_second_step() -> Answer:
    """Where the owner wishes so, employees see nothing of other people's by a password alone."""
    if shopper().is_proved_twice or not config().staff_second_step:
        return None
    return go_to(url_for("second_step_sign_in.for_staff"))


def _ask_to_sign_in() -> Response:
    """The popup over the page one is on, or the page of sign-in, each leading back; a form that was sent goes along."""
    back = current_page()
    if request.method == "GET" and not wants_partial():
        return go_to(url_for("auth.login", next=back))
    response = render(
        "auth/login.html",
        "auth/_login.html",
        form=LogIn(formdata=None),
        next=back,
        carry="" if wants_partial() else carried(),
        in_popup=wants_partial(),
        status=401,
    )
    response.vary.update(VARY)
    return retarget(response, "#dlg-body") if wants_partial() else response
