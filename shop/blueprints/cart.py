"""The cart: what is in it, how it travels, and every change of it, with script and without."""

from datetime import UTC, datetime

from flask import Blueprint, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from shop.forms.cart import ChooseWay, PutInCart, TickLine
from shop.queries.cart import cart_of
from shop.queries.catalog import cards, deals
from shop.queries.delivery import ways_of
from shop.queries.favorites import favorites_among
from shop.rules.cart import quantity_of
from shop.services.cart import NotEnoughStock, NotSold, put_in_cart, take_out, tick
from shop.web.audience import everyone
from shop.web.cards import beside
from shop.web.filters import today
from shop.web.respond import go_to, render, safe_next, target, wants_partial
from shop.web.shopper import recount, shopper

blueprint = Blueprint("cart", __name__, url_prefix="/cart")
blueprint.before_request(everyone)


@blueprint.get("/")
def show():
    """What is in the cart, in parcels, with every cost."""
    quantity = quantity_of(request.args.get("quantity", ""))
    number = request.args.get("removed", "")
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    return _cart(removed=(int(number), quantity) if is_number and quantity else None)


@blueprint.post("/lines/<int:product_id>")
def put(product_id):
    """Let the cart hold so many of a product."""
    form = PutInCart()
    if not form.validate():
        return _changed(product_id, problem=form.first_problem)
    if form.number == 0:
        return remove(product_id)
    is_first = not shopper().cart_count
    owner = shopper().cart_to_fill()
    try:
        put_in_cart(**owner, product_id=product_id, quantity=form.number, now=datetime.now(UTC))
    except NotEnoughStock as fault:
        return _changed(product_id, problem=_too_many(fault.left))
    except NotSold:
        return _changed(product_id, problem=_("This product is no longer sold."))
    return _changed(product_id, toast=_("In the cart.") if is_first else "")


@blueprint.post("/lines/<int:product_id>/removal")
def remove(product_id):
    """Take a product out; the answer offers to put it back."""
    count = take_out(**shopper().cart, product_id=product_id)
    return _changed(product_id, removed=(product_id, count) if count else None)


@blueprint.post("/lines/<int:product_id>/tick")
def tick_line(product_id):
    """Let a line be part of the order, or leave it for later."""
    form = TickLine()
    if not form.validate():
        return _changed(product_id, problem=form.first_problem)
    tick(**shopper().cart, product_id=product_id, is_ticked=form.ticked.data == "1")
    return _changed(product_id)


@blueprint.post("/way")
def choose_way():
    """Sooner in more parcels, or together in fewer."""
    form = ChooseWay()
    if not form.validate():
        return _cart(problem=form.first_problem, status=422)
    session["together"] = form.together.data == "1"
    return _cart() if wants_partial() else go_to(url_for("cart.show"))


def _too_many(left: int) -> str:
    if not left:
        return _("Sold out: somebody has just bought the last one.")
    return ngettext(
        "There is only %(num)d, so that is the most one can have.",
        "There are only %(num)d, so that is the most one can have.",
        left,
    )


def _changed(product_id, *, problem="", removed=None, toast=""):
    """Answer a change: the cart or the card's button to htmx, the way back to a plain browser."""
    recount()
    if target() == "cart" or (problem and not wants_partial()):
        return _cart(problem=problem, removed=removed, status=422 if problem else 200)
    if wants_partial():
        return _button(product_id, problem, toast)
    if removed:
        return go_to(url_for("cart.show", removed=removed[0], quantity=removed[1]))
    return go_to(safe_next(request.form.get("next"), url_for("cart.show")))


def _button(product_id, problem, toast):
    """The button or stepper of a product's card, as it now stands."""
    line = cart_of(**shopper().cart).line_of(product_id)
    card = next(iter(cards([product_id])), None)
    news = {"text": problem, "kind": "err"} if problem else None
    if toast:
        news = {"text": toast, "href": url_for("cart.show"), "action": _("Open the cart")}
    return render(
        "cart/cart.html",
        "cart/_buy.html",
        also=("layouts/_badges.html",),
        status=422 if problem else 200,
        events={"toast": news} if news else None,
        product=card,
        product_id=product_id,
        quantity=line.wanted if line else 0,
    )


def _cart(*, problem="", removed=None, status=200):
    """The one place that answers with the cart."""
    person = shopper()
    cart = cart_of(**person.cart)
    if not person.is_signed_in:
        person.cart_count = sum(line.wanted for line in (*cart.lines, *cart.gone))
    ways = ways_of(lines=cart.ticked, place=person.place, today=today())
    ids = [line.product_id for line in (*cart.lines, *cart.gone)]
    offered = deals(5) if cart.is_empty else []
    return render(
        "cart/cart.html",
        "cart/_cart.html",
        also=("layouts/_badges.html", "cart/_news.html"),
        status=status,
        cart=cart,
        ways=ways,
        plan=ways.chosen(person.wants_together),
        favorites=favorites_among(account_id=person.account_id, product_ids=ids),
        problem=problem,
        removed=_removed(removed),
        offered=offered,
        around=beside(offered) if offered else {},
    )


def _removed(removed):
    """What was just taken out and can be put back: its card and how many there were."""
    card = next(iter(cards([removed[0]])), None) if removed else None
    return {"card": card, "quantity": removed[1]} if card else None
