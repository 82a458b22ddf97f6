"""The pages of returns, for whoever has signed in and for whoever holds an order's code; each blueprint hangs them up."""

import secrets
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, flash, request, url_for
from flask_babel import gettext as _

from shop.blueprints.returns._holding import GUESTS, holder
from shop.forms.returns import AskToReturn, SendGoods, WriteMessage, pieces_of
from shop.queries.payments import payouts_of_order
from shop.queries.returns import choice_of, history_of, photo_of, return_of
from shop.rules.returns import MOST_PHOTO_BYTES, MOST_PHOTOS, REASONS, NotPossible
from shop.services.returns import (
    ReturnMovedOn,
    SplitChanged,
    TooLate,
    mark_in_transit,
    request_return,
    withdraw,
    write_to_shop,
)
from shop.services.returns.photos import (
    NotAPicture,
    TooLarge,
    TooManyPhotos,
    add_photos,
    open_photo,
)
from shop.web.context import config
from shop.web.filters import today
from shop.web.respond import go_to, render, wants_partial


def hang_up(blueprint: Blueprint) -> None:
    """Give a blueprint all these pages."""
    for rule, view, method in (
        ("/order/<number>", form, "GET"),
        ("/order/<number>", ask, "POST"),
        ("/order/<number>/sums", sums, "POST"),
        ("/<number>", show, "GET"),
        ("/<number>/withdrawal", take_back, "POST"),
        ("/<number>/dispatch", send, "POST"),
        ("/<number>/messages", write, "POST"),
        ("/<number>/photos", upload, "POST"),
        ("/<number>/photos/<name>", photo, "GET"),
    ):
        blueprint.add_url_rule(rule, view_func=view, methods=[method])


def form(number):
    """The lines that may be given back, the reasons, and what would come back."""
    asked = AskToReturn(formdata=None, once_key=secrets.token_urlsafe(16))
    return _form(number, asked, {})


def sums(number):
    """What would come back for what is chosen just now; without a script the whole page. Nothing is demanded."""
    return _form(number, AskToReturn(), None, partial="returns/_split.html")


def ask(number):
    """Demand it; whatever bars it is said, and nothing typed is lost."""
    account_id, asked = holder(number), AskToReturn()
    choice = choice_of(account_id=account_id, number=number)
    chosen = pieces_of(request.form, [line.id for line in choice.lines])
    asked.validate()
    if not chosen:
        asked.form_errors.append(_("Choose what you return."))
    if asked.errors:
        return _form(number, asked, chosen, status=422)
    try:
        made = request_return(
            account_id=account_id,
            number=number,
            chosen=chosen,
            reason=asked.reason.data,
            words=asked.words.data or "",
            note=asked.note.data or "",
            once_key=asked.once_key.data or secrets.token_urlsafe(16),
            now=datetime.now(UTC),
        )
    except (NotPossible, SplitChanged, TooLate) as fault:
        return _form(number, asked, chosen, problem=_fault(fault), status=422)
    return go_to(url_for(".show", number=made))


def _fault(fault: Exception) -> str:
    if isinstance(fault, SplitChanged):
        return _("Look at the sums once more: they are worked out for what you have chosen now.")
    if isinstance(fault, TooLate):
        return _("For this reason the goods can't be given back any more. Choose another reason.")
    return _("This can't be given back: it is on its way back already, or there is less of it.")


def _form(number, asked, chosen, *, partial=None, problem="", status=200):
    account_id = holder(number)
    choice = choice_of(account_id=account_id, number=number)
    days = {"today": today(), "zone": config().shop_time_zone, "return_days": config().return_days}
    lines = choice.returnable(**days)
    if chosen is None:
        chosen = pieces_of(request.form, [line.id for line in choice.lines])
    reasons = [choice.reasons([line], **days) for line in lines]
    split = None
    try:
        split = choice.taking_back(chosen, asked.reason.data or "") if chosen else None
    except NotPossible:
        problem = problem or _fault(NotPossible())
    asked.note.data = choice.note(split, chosen) if split else ""
    return render(
        "returns/form.html",
        partial,
        choice=choice,
        lines=lines,
        chosen=chosen,
        split=split,
        form=asked,
        reasons=[one for one in REASONS if any(one in some for some in reasons)],
        history=None if partial else history_of(order_id=choice.order_id),
        payouts=() if partial else payouts_of_order(order_id=choice.order_id),
        problem=problem,
        is_guest=request.blueprint == GUESTS,
        status=status,
    )


def show(number):
    """One return: how it stands, what comes back and by when, the photos, the thread."""
    return _one(number)


def take_back(number):
    """Withdraw the demand."""
    return _step(number, lambda who, now: withdraw(account_id=who, number=number, now=now))


def send(number):
    """Note that the goods are on their way, under a number where there is one."""
    parcel = SendGoods()
    if not parcel.validate():
        return _one(number, problem=parcel.first_problem, status=422)
    track = parcel.track.data or ""
    return _step(
        number,
        lambda who, now: mark_in_transit(account_id=who, number=number, track=track, now=now),
    )


def _step(number, deed):
    account_id = holder(number)
    return_of(account_id=account_id, number=number)
    try:
        deed(account_id, datetime.now(UTC))
    except ReturnMovedOn:
        told = _("It has moved on meanwhile. Here is how it stands.")
        return _one(number, problem=told, status=422)
    return go_to(url_for(".show", number=number))


def write(number):
    """Put a message into the thread."""
    message = WriteMessage()
    if not message.validate():
        return _one(number, message=message, status=422)
    write_to_shop(
        account_id=holder(number),
        number=number,
        text=message.text.data,
        once_key=message.once_key.data or secrets.token_urlsafe(16),
        now=datetime.now(UTC),
    )
    return go_to(url_for(".show", number=number, _anchor="thread-h"))


def upload(number):
    """Take photos of the goods."""
    account_id = holder(number)
    request.max_content_length = MOST_PHOTOS * MOST_PHOTO_BYTES + 1024 * 1024
    files = [one.stream.read(MOST_PHOTO_BYTES + 1) for one in request.files.getlist("photos")]
    contents = [content for content in files if content]
    return_of(account_id=account_id, number=number)
    if not contents:
        return _one(number, photo_problem=_("Choose the photos first."), status=422)
    try:
        add_photos(account_id=account_id, number=number, contents=contents, now=datetime.now(UTC))
    except (NotAPicture, TooLarge, TooManyPhotos) as fault:
        return _one(number, photo_problem=_photo_fault(fault), status=422)
    told = _("The photos are added.")
    if wants_partial():
        return _one(number, toast=told)
    flash(told)
    return go_to(url_for(".show", number=number, _anchor="photos-h"))


def _photo_fault(fault: Exception) -> str:
    if isinstance(fault, TooLarge):
        return _("A photo may be up to 8 MB large. Send a smaller one, please.")
    if isinstance(fault, TooManyPhotos):
        return _("There may be up to five photos in all. Send fewer, please.")
    return _("This file isn't a picture that we can read. Send a JPEG, PNG or WebP, please.")


def photo(number, name):
    """One photo, to the customer only."""
    return picture(photo_of(number=number, name=name, account_id=holder(number)))


def picture(name: str) -> Response:
    """Return a kept photo as an answer that nobody else keeps."""
    try:
        content = open_photo(name=name)
    except FileNotFoundError:
        abort(404)
    return Response(content, mimetype="image/webp", headers={"Cache-Control": "private, no-store"})


def _one(number, *, message=None, problem="", photo_problem="", toast="", status=200):
    found = return_of(account_id=holder(number), number=number)
    fresh = WriteMessage(formdata=None, once_key=secrets.token_urlsafe(16))
    return render(
        "returns/return.html",
        "returns/_photos_panel.html",
        found=found,
        row=found.row,
        return_address=config().seller_address,
        payouts=() if found.row.back.is_there else payouts_of_order(order_id=found.order_id),
        message=message or fresh,
        problem=problem,
        photo_problem=photo_problem,
        is_guest=request.blueprint == GUESTS,
        now=datetime.now(UTC),
        toast=toast,
        status=status,
    )
