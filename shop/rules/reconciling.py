"""Comparing payments with a gateway's own list: what is the same, and what a person must look at."""

from dataclasses import dataclass

from shop.rules.money import written

# So many days are compared every night.
DAYS = 3
# Gateways that list no payments: each of ours is asked about by itself, and one that we don't know is found by nobody.
WITHOUT_A_LIST = frozenset({"paypal", "webmoney", "qiwi"})
# Gateways that tell with a payment how much of it has gone back.
TELL_REFUNDS = frozenset({"yookassa", "sber", "paypal"})
# What a payment we dropped may be at the gateway without being wrong: it is watched until that ends.
_OPEN_THERE = frozenset({"pending", "held"})


@dataclass(frozen=True, slots=True)
class Side:
    """A payment as one side has it; for ours, `under_way_kopecks` may have gone back or not."""

    state: str
    amount_kopecks: int
    refunded_kopecks: int
    under_way_kopecks: int = 0


@dataclass(frozen=True, slots=True)
class Differs:
    """One thing that the two sides tell differently, in words for a person."""

    ref: str
    number: str
    kind: str
    ours: str
    theirs: str


def differing(
    *, gateway: str, ref: str, number: str, ours: Side | None, theirs: Side | None
) -> list[Differs]:
    """Return what two sides of a payment tell differently; None is a side that doesn't know it.

    A payment that only the gateway knows is a difference while it holds anybody's money; one that only we know,
    when we believe that it lives or has brought money.
    """
    if ours is None:
        held = theirs is not None and theirs.state in {"succeeded", "held"}
        if theirs is None or not held or theirs.refunded_kopecks >= theirs.amount_kopecks:
            return []
        return [Differs(ref, number, "unknown_here", "", written(theirs.amount_kopecks))]
    if theirs is None:
        if ours.state not in {"pending", "held", "succeeded"}:
            return []
        return [Differs(ref, number, "unknown_there", ours.state, "")]
    found = []
    if not _same_state(ours.state, theirs.state):
        found.append(Differs(ref, number, "status", ours.state, theirs.state))
    if ours.amount_kopecks != theirs.amount_kopecks:
        found.append(_sums(ref, number, "amount", ours.amount_kopecks, theirs.amount_kopecks))
    most = ours.refunded_kopecks + ours.under_way_kopecks
    if gateway in TELL_REFUNDS and not ours.refunded_kopecks <= theirs.refunded_kopecks <= most:
        found.append(_sums(ref, number, "refunded", ours.refunded_kopecks, theirs.refunded_kopecks))
    return found


def _same_state(ours: str, theirs: str) -> bool:
    return ours == theirs or (ours in {"canceled", "rejected"} and theirs in _OPEN_THERE)


def _sums(ref: str, number: str, kind: str, ours: int, theirs: int) -> Differs:
    return Differs(ref, number, kind, written(ours), written(theirs))
