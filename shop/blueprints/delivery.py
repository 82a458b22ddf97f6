"""Delivery: the town that days and prices are counted for."""

from flask import Blueprint, request, session
from flask_babel import gettext as _

from shop.forms.delivery import ChoosePlace
from shop.queries.delivery import place_with, places_like
from shop.web.audience import everyone
from shop.web.respond import go_to, render, safe_next
from shop.web.shopper import shopper

blueprint = Blueprint("delivery", __name__, url_prefix="/delivery")
blueprint.before_request(everyone)


@blueprint.get("/place")
def place():
    """Find a town; the largest ones are at hand."""
    return _places()


@blueprint.post("/place")
def choose_place():
    """Count for another town from now on, in this browser."""
    form = ChoosePlace()
    if not form.validate():
        return _places(problem=form.first_problem, status=422)
    chosen = place_with(form.place.data or 0)
    if chosen is None:
        return _places(problem=_("We don't know this town. Choose another one."), status=422)
    session["place"] = {
        "id": chosen.id,
        "name": chosen.name,
        "lat": chosen.latitude,
        "lon": chosen.longitude,
    }
    return go_to(safe_next(request.form.get("next")))


def _places(*, problem="", status=200):
    words = request.values.get("q", "")[:100]
    return render(
        "delivery/place.html",
        "delivery/_places.html",
        status=status,
        places=places_like(words),
        words=words,
        chosen=shopper().place,
        problem=problem,
        next=safe_next(request.values.get("next")),
    )
