"""What a life of the shop has come to: counted, so that a machine that reaches nothing is seen."""

from typing import Any

from machine.facts import Facts
from machine.world import World

# Each must be reached by the stories of the short run; the long run tells how often.
ENDS = (
    "paid",
    "paid by points and balance alone",
    "mixed: points, balance and outside",
    "paid at the door",
    "expired",
    "canceled unpaid",
    "canceled by the customer",
    "canceled by the shop",
    "not taken, and back in the warehouse",
    "partly canceled",
    "received",
    "surplus came",
    "late success of a dropped order",
    "paid another way",
    "refunded by a gateway",
    "surplus went back",
    "another sum came, and went back",
    "another sum settled outside",
    "paid out by hand",
    "taken onto the balance",
    "balance paid out",
    "returned in part",
    "returned as a whole",
    "return rejected",
    "return withdrawn",
    "certificate activated",
    "certificate refunded",
    "certificate expired",
    "certificate dropped",
    "code word used",
    "points matured",
    "points expired",
    "points in debt",
    "bonuses of a bank",
    "crashed",
    "opened by a code",
    "large sum sent by two",
)


def count_ends(world: World, facts: Facts) -> None:
    """Count what has been reached at the end of a life."""
    for what in (*_of_orders(facts), *_of_money(facts), *_of_gifts(facts)):
        world.count(what)


def _of_orders(facts: Facts) -> list[str]:
    found = []
    for order in facts.orders:
        found += _of_order(facts, order)
    return found


def _of_order(facts: Facts, order: Any) -> list[str]:
    lines = facts.lines_of[order.id]
    canceled, returned = (
        sum(getattr(one, what) for one in lines) for what in ("canceled", "returned")
    )
    is_taken, by_shop = order.id in facts.taken, _called_off_by(facts, order.id)
    given = order.points and order.promo_kopecks + order.balance_kopecks
    tests = {
        "paid": order.paid_at is not None,
        "paid by points and balance alone": is_taken and not order.outside_kopecks,
        "mixed: points, balance and outside": is_taken and given and order.outside_kopecks,
        "paid at the door": order.state == "received" and order.payment_method == "on_receipt",
        "expired": order.state == "expired",
        "canceled unpaid": order.state == "canceled" and not is_taken,
        "canceled by the customer": "customer" in by_shop,
        "canceled by the shop": any(actor.startswith("staff") for actor in by_shop),
        "not taken, and back in the warehouse": order.id in facts.back,
        "partly canceled": canceled and order.state != "canceled",
        "received": order.state == "received",
        "returned in part": returned and returned < sum(one.quantity for one in lines),
        "returned as a whole": returned and returned == sum(one.quantity for one in lines),
    }
    return [what for what, is_so in tests.items() if is_so]


def _called_off_by(facts: Facts, order_id: int) -> set[str]:
    return {one.actor for one in facts.cancellations if one.order_id == order_id}


def _of_money(facts: Facts) -> list[str]:
    found = []
    for attempt in facts.attempts:
        order = facts.order.get(attempt.order_id)
        is_dropped = order is not None and order.state in {"expired", "canceled"}
        tests = {
            "surplus came": attempt.is_surplus,
            "late success of a dropped order": attempt.is_surplus and is_dropped,
            "paid another way": order is not None and order.paid_at and _tried(facts, order) > 1,
            "bonuses of a bank": attempt.bonus_kopecks,
            "another sum came, and went back": attempt.sorted_at and attempt.is_surplus,
            "another sum settled outside": attempt.sorted_at and not attempt.is_surplus,
        }
        found += [what for what, is_so in tests.items() if is_so]
    for refund in facts.refunds:
        went = {
            "succeeded": "refunded by a gateway",
            "paid_manually": "paid out by hand"
            if refund.account_id is None
            else "balance paid out",
            "to_balance": "taken onto the balance",
        }
        if refund.state in went:
            found.append(went[refund.state])
            found += ["surplus went back"] if facts.is_surplus(refund) else []
    states = {"rejected": "return rejected", "withdrawn": "return withdrawn"}
    return found + [states[one.state] for one in facts.returns if one.state in states]


def _tried(facts: Facts, order: Any) -> int:
    return len({one.method for one in facts.attempts if one.order_id == order.id})


def _of_gifts(facts: Facts) -> list[str]:
    states = {"activated": "activated", "expired": "expired", "dropped": "dropped"}
    found = [
        f"certificate {states[one.state]}" for one in facts.certificates if one.state in states
    ]
    found += ["certificate refunded" for one in facts.certificates if one.refunded_at]
    found += ["code word used" for _ in facts.uses]
    found += ["points matured" for one in facts.promises if one.matured_at and one.points]
    for code, row in facts.books.items():
        if code == "points:expired" and row.balance:
            found.append("points expired")
    return found
