"""Employees: what each role is for, and which money is not for the hands of just one of them."""

from collections.abc import Collection

# The owner may do everything the others may.
ROLES = ("owner", "catalog", "fulfilment", "support", "moderator")


class OwnMoney(Exception):
    """It is the employee's own money: another one decides about it. That goes for owners too."""


class NeedsAnother(Exception):
    """The sum is so large that who has decided about it can't also be the one who sends it."""


def refuse_own(*, customer_id: int, employee_id: int) -> None:
    """Let an employee decide about other people's money only.

    :raises OwnMoney: when it is their own.
    """
    if customer_id == employee_id:
        raise OwnMoney


def refuse_alone(
    *,
    kopecks: int,
    two_from: int,
    decided_by: Collection[int | None],
    employee_id: int,
    is_owner: bool,
) -> None:
    """Let a sum of `two_from` roubles and more be sent by somebody else than those who have decided about it; 0: any sum by anybody.

    The owner may do both: it is the owner's own money that leaves, and a shop may have nobody else.

    :raises NeedsAnother: when this employee has decided about it.
    """
    is_large = 0 < two_from * 100 <= kopecks
    if is_large and employee_id in decided_by and not is_owner:
        raise NeedsAnother
