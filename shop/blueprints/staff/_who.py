"""Money that another employee must decide about or send: told beforehand, in place of a button that would be refused."""

from collections.abc import Collection

from flask_babel import gettext as _

from shop.rules.staff import NeedsAnother, OwnMoney, refuse_alone, refuse_own
from shop.web.context import config
from shop.web.shopper import shopper

ANOTHERS = (NeedsAnother, OwnMoney)


def barred(
    customer_id: int, *, kopecks: int = 0, decided_by: Collection[int | None] = frozenset()
) -> str:
    """Return why this employee must leave a step to another one; empty when they needn't."""
    me = shopper().customer_id
    try:
        refuse_own(customer_id=customer_id, employee_id=me)
        refuse_alone(
            kopecks=kopecks,
            two_from=config().two_people_from,
            decided_by=decided_by,
            employee_id=me,
            is_owner=shopper().may("owner"),
        )
    except ANOTHERS as problem:
        return why(problem)
    return ""


def why(problem: Exception) -> str:
    """Return a refusal in words."""
    if isinstance(problem, OwnMoney):
        return _("This is your own money. Another employee must decide about it.")
    return _(
        "Another employee must send this money: the sum is large, and you have decided about it yourself."
    )
