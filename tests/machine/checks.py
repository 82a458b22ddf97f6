"""What must be true after every step: the whole audit, the books, the gateways' memory, the shelves, and what people are told."""

from collections import Counter
from datetime import timedelta
from typing import Any

from machine import oracle
from machine.bank import Bank
from machine.facts import Facts
from machine.world import World

from shop.queries.audit import Finding
from shop.queries.payments import Paying, certificate_payment_of, payment_of
from shop.rules.payments import OPEN
from shop.rules.receipts import LATE

# A finding that only says that something waits is in order while a person has to do it. What the worker does in time
# may be late only when the worker stood still, and then not sooner than so long after it last had nothing left to do.
STOOD_STILL = {
    "waits_too_long": timedelta(minutes=90),
    "lot_ended": timedelta(days=1),
    "notice_unread": timedelta(minutes=10),
    "payment_unknown": timedelta(hours=24),
    "receipt_late": LATE,
    # Nights without the gateways, less the one between two looks.
    "not_compared": timedelta(days=3) - timedelta(hours=26),
}


def all_is_well(world: World) -> None:
    """Look at everything, and keep it as the world's facts; an assertion that fails says what is wrong."""
    world.tally["steps"] += 1
    before = world.facts
    with world.app.app_context():
        facts = world.facts = Facts()
        found = world.asked.audit(world.now)
    wrong = [one for one in found if not _may_wait(world, facts, one)]
    assert not wrong, f"the audit has found: {wrong}"
    _count_lost(world, before, facts)
    must = oracle.books_of(facts, world.banks)
    differs = oracle.unlike(must, oracle.told_by(facts))
    assert not differs, f"the books say something else than orders and gateways: {differs}"
    _gateways_agree(world, facts)
    _shelves_agree(world, facts)
    _nobody_is_told_failed(world, facts)
    if any(code.endswith(":points") and row.balance < 0 for code, row in facts.books.items()):
        world.count("points in debt")


def _may_wait(world: World, facts: Facts, one: Finding) -> bool:
    asleep = world.now - world.rested_at
    if one.kind in STOOD_STILL:
        return asleep > STOOD_STILL[one.kind] or (
            one.kind == "not_compared" and one.about in facts.uncompared
        )
    if one.kind in {"return_late", "receipt_not_printed"}:  # Only people move these.
        return True
    if one.kind == "refund_late":
        late = [refund for refund in facts.refunds if facts.number_of(refund) == one.about]
        return asleep > timedelta(days=8) or any(
            refund.state in {"manual_due", "pending"} for refund in late
        )
    return False


def _count_lost(world: World, before: Facts, facts: Facts) -> None:
    """Note which pieces the shop has called off that lie on no shelf, and aren't on their way to one."""
    was = {line.id: line for line in before.lines}
    for line in facts.lines:
        if old := was.get(line.id):
            shelf = line.product_id, line.warehouse_id
            called_off = line.canceled - old.canceled
            if world.is_losing:
                world.lost[shelf] += max(called_off - line.on_way_back, 0)
            if world.is_breaking:
                world.lost[shelf] += max(old.on_way_back - line.on_way_back, 0)
    world.is_losing = world.is_breaking = False


def _gateways_agree(world: World, facts: Facts) -> None:
    """What a gateway took is booked, or the shop goes on watching for it; nothing else is believed to have come."""
    alarms = [alarm for bank in world.bank_list for alarm in bank.alarms]
    assert not alarms, f"no honest shop does this: {alarms}"
    by_ref = {(one.gateway, one.gateway_ref): one for one in facts.attempts if one.gateway_ref}
    unread = {notice.gateway_ref for notice in facts.notices if notice.handled_at is None}
    for bank in world.bank_list:
        for ref in bank.in_state("succeeded"):
            attempt = by_ref.get((bank.code, ref)) or _meant(facts, bank.payments[ref])
            unheard = ref in unread or _is_unheard_of(facts, bank, ref)
            assert _is_known_or_watched(attempt, ref) or unheard, (
                f"{bank.code} took {ref}, and attempt {attempt.id} is {attempt.state} for good"
            )
    for attempt in facts.attempts:
        if attempt.state == "succeeded":
            payment = world.banks[attempt.gateway].payments[attempt.gateway_ref]
            assert payment.status == "succeeded", f"attempt {attempt.id} brought nothing"
            assert payment.bonus_kopecks == attempt.bonus_kopecks
    for refund in facts.refunds:
        if refund.state == "succeeded":
            gateway = facts.attempt[refund.attempt_id].gateway
            sent = world.banks[gateway].refunds[refund.gateway_ref]
            assert sent.status == "succeeded", f"refund {refund.id} hasn't arrived: {sent.status}"


def _is_unheard_of(facts: Facts, bank: Bank, ref: str) -> bool:
    """True of a payment that had failed for good, and of whose second thoughts no notice has been read."""
    return ref in bank.flipped and not any(
        notice.gateway_ref == ref
        and notice.event == "payment.succeeded"
        and notice.handled_at is not None
        and notice.handled_at > bank.flipped[ref]
        for notice in facts.notices
    )


def _meant(facts: Facts, payment: Any) -> Any:
    return facts.attempt[int(payment.metadata["attempt_id"])]


def _is_known_or_watched(attempt: Any, ref: str) -> bool:
    if attempt.state == "succeeded":
        return bool(attempt.gateway_ref == ref)
    is_open = attempt.state in OPEN and attempt.state != "new"
    # A person looks at what isn't as it was asked for, and at last all of it is gone: the end of a life shows that.
    return (
        is_open
        or attempt.state == "mismatch"
        or (attempt.state == "canceled" and attempt.settled_at is None)
    )


def _shelves_agree(world: World, facts: Facts) -> None:
    """Every piece that was stocked lies on its shelf, was sold, or is lost; none was made of nothing."""
    gone = Counter(world.lost)
    for line in facts.lines:
        gone[line.product_id, line.warehouse_id] += line.on_way_back
    for order in facts.orders:
        for shelf, pieces in oracle.pieces_of(facts, order):
            gone[shelf] += pieces
    for shelf, stocked in world.stocked.items():
        left = facts.stock[shelf]
        assert left >= 0
        assert left == stocked - gone[shelf], (
            f"{shelf}: {left} lie there, {gone[shelf]} of {stocked} left it"
        )


def _nobody_is_told_failed(world: World, facts: Facts) -> None:
    """The page of a payment that went through says nothing of a refusal, and of one that came in says so."""
    for attempt in facts.attempts:
        if not attempt.gateway_ref:
            continue
        bank = world.banks[attempt.gateway]
        payment = bank.payments[attempt.gateway_ref]
        if payment.status != "succeeded" or payment.ref in bank.flipped:
            continue
        thing = facts.order.get(attempt.order_id) or facts.certificate[attempt.certificate_id]
        stands = (attempt.id, attempt.state, thing.state)
        if stands in world.told:
            continue
        world.told.add(stands)
        page = _page_of(world, facts, attempt)
        number = page.number
        if page.attempt_id == attempt.id:
            assert page.stands != "refused", f"{number} is told to have failed, and was paid"
        if attempt.state == "succeeded" and not attempt.is_surplus:
            assert page.stands in {"paid", "called_off"}, f"{number} was paid: {page.stands}"


def _page_of(world: World, facts: Facts, attempt: Any) -> Paying:
    if attempt.order_id is not None:
        order = facts.order[attempt.order_id]
        return world.read(payment_of, account_id=order.account_id, number=order.number)
    bought = facts.certificate[attempt.certificate_id]
    return world.read(certificate_payment_of, account_id=bought.buyer_id, serial=bought.serial)
