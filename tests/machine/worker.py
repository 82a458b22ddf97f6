"""The shop's worker as `flask jobs once` runs it: whatever it learns to do, the machine makes it do."""

from datetime import timedelta
from threading import Event
from typing import Any

from machine.facts import Facts
from machine.world import World

from shop.cli.jobs import Worker
from shop.rules.payments import NOT_TOLD

MINUTE = timedelta(minutes=1)
# Timers of the worker that matter for money, one of which may run when the others are late.
TIMERS = ("poll", "expire", "keep_points", "see_to_certificates", "audit", "drain")
# After so many rounds with healthy gateways nothing may be left to do.
ROUNDS = 40


def run_timer(world: World, name: str) -> None:
    """Let one timer of the worker run."""
    deed = getattr(Worker(world.app, Event()), name)
    world.do(deed)


def run_all(world: World) -> None:
    """Let the worker do everything that is due."""
    world.do(_once, world=world)
    _note_rest(world)


def run_round(world: World) -> None:
    """Let the timers that matter for money run, and the outbox after them."""
    for timer in TIMERS:
        run_timer(world, timer)
    _note_rest(world)


def _once(world: World) -> None:
    ran = world.app.test_cli_runner().invoke(args=["jobs", "once"], catch_exceptions=False)
    assert ran.exit_code == 0, ran.output


def _note_rest(world: World) -> None:
    if world.are_gateways_well and not undone(world):
        world.rested_at = world.now


def undone(world: World) -> list[str]:
    """Return what the worker still has to do or to ask for, as sentences; money that a gateway is slow with left out."""
    with world.app.app_context():
        facts = world.facts = Facts()
    now = world.now
    waits = [
        f"{item.kind} {item.payload} ({item.last_problem})"
        for item in facts.waiting
        if not _is_slow_refund(world, facts, item)
    ]
    waits += [
        f"attempt {one.id} is {one.state}"
        for one in facts.attempts
        if one.state in NOT_TOLD and one.state != "new"
    ]
    waits += [f"order {one.number} is overdue" for one in facts.awaiting() if one.pay_until <= now]
    waits += [
        f"certificate {one.serial} is overdue"
        for one in facts.certificates
        if (one.state == "awaiting_payment" and one.pay_until <= now)
        or (one.state == "sold" and one.expires_at <= now)
    ]
    waits += [
        f"lot {one.id} ended" for one in facts.lots if one.remaining and one.expires_at <= now
    ]
    waits += [
        f"promise {one.id} is due"
        for one in facts.promises
        if one.matured_at is None and one.matures_at <= now
    ]
    return waits + _unheard(world, facts)


def _is_slow_refund(world: World, facts: Facts, item: Any) -> bool:
    if item.kind == "receipt":  # That of a refund waits for it.
        receipt = next(one for one in facts.receipts if one.id == item.payload["receipt_id"])
        refund_id = receipt.refund_id
    else:
        refund_id = item.payload.get("refund_id") if item.kind == "payment-refund" else None
    return any(
        one.state == "pending" and _is_pending(world, one)
        for one in facts.refunds
        if one.id == refund_id
    )


def _is_pending(world: World, refund: Any) -> bool:
    return any(
        bank.refunds[refund.gateway_ref].status == "pending"
        for bank in world.bank_list
        if refund.gateway_ref in bank.refunds
    )


def _unheard(world: World, facts: Facts) -> list[str]:
    """Payments that have ended at their gateway, and the shop doesn't know it yet."""
    return [
        f"attempt {one.id} is {one.state}, but its payment isn't"
        for one in facts.attempts
        if one.settled_at is None
        and one.gateway_ref
        and world.banks[one.gateway].payments[one.gateway_ref].status in {"succeeded", "canceled"}
    ]


def come_to_rest(world: World) -> None:
    """Let the gateways be well and the worker work until nothing is left that it could do.

    What was put off is waited for, so this may take hours of the shop's time, never more.
    """
    for bank in world.bank_list:
        bank.recover()
    for _ in range(ROUNDS):
        run_round(world)
        if not (left := undone(world)):
            return
        later = [item.due_at for item in world.facts.waiting if item.due_at > world.now]
        world.set_clock(min(later, default=world.now + MINUTE))
    raise AssertionError(f"the worker doesn't get done with: {left}")
