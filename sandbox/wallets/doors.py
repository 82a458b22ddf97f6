"""A door of a wallet's API: it meets the faults that tests have ordered."""

from functools import wraps

from flask import Response, current_app, request

from ..bank.faults import play


def operation(act):
    """Make a door of `act`, which gets the house and what stands in the address."""

    @wraps(act)
    def door(**ids) -> Response:
        house = current_app.house
        house.let_time_work()
        fault = house.faults.take(f"{request.method} {request.path}", act.__name__)
        return play(fault, house.stopping, lambda: current_app.make_response(act(house, **ids)))

    return door


def base_url(house) -> str:
    """Return the address people reach this house at."""
    return house.settings.public_url or request.url_root.rstrip("/")
