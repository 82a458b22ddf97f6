"""For machines: is the shop alive, and can it serve?"""

from flask import Blueprint

from shop.queries.audit import migrations_missing
from shop.web.audience import everyone

blueprint = Blueprint("health", __name__)
blueprint.before_request(everyone)

_TEXT = {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.get("/healthz")
def alive():
    """Say that the process answers; asks nothing of anybody else."""
    return "alive\n", 200, _TEXT


@blueprint.get("/readyz")
def ready():
    """Say whether pages can be served: the database answers and has every table."""
    missing = migrations_missing()
    if missing:
        return f"not ready: {missing}\n", 503, _TEXT
    return "ready\n", 200, _TEXT
