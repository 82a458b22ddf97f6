"""The end of a life: gateways answer, people do what waits for them, and then nothing is owed to anybody."""

from datetime import timedelta
from typing import Any

from machine.asked_again import SELDOM
from machine.bank import PAYER_LIFE
from machine.checks import all_is_well
from machine.oracle import ARRIVED
from machine.worker import come_to_rest
from machine.world import World

from shop.queries.audit import RULES

# Steps of a desk after which every return is at its end.
DESK = 5


def settle_everything(world: World, staff: Any) -> None:
    """Bring all that is under way to its end, and compare the gateways' money with the books to the kopeck."""
    _let_gateways_finish(world)
    all_is_well(world)
    for _ in range(DESK):
        for _each in world.facts.open_returns():
            staff.go_on_with_a_return(0, good=True, takes=3)
            all_is_well(world)
    for _each in world.facts.mismatches():
        staff.settle_a_mismatch(0)
        all_is_well(world)
    _let_gateways_finish(world)
    for _each in world.facts.refunds_by_hand():
        staff.pay_by_hand(0)
        all_is_well(world)
    come_to_rest(world)
    all_is_well(world)
    for _each in world.facts.receipts_by_hand():
        staff.print_a_receipt(0)
        all_is_well(world)
    _no_card_number_is_kept(world)
    _nothing_is_owed(world)


def _no_card_number_is_kept(world: World) -> None:
    with world.app.app_context():
        assert not [found for rule in SELDOM for found in RULES[rule](world.now)]


def _let_gateways_finish(world: World) -> None:
    """Nobody pays any more: what is pending ends, and what was sent back arrives."""
    for bank in world.bank_list:
        bank.recover()
    come_to_rest(world)
    world.pass_time(PAYER_LIFE + timedelta(days=7))
    for bank in world.bank_list:
        for ref in bank.refunds_in("pending"):
            bank.finish(ref, "succeeded")
    come_to_rest(world)


def _nothing_is_owed(world: World) -> None:
    facts = world.facts
    under_way = [one.id for one in facts.refunds if one.state not in ARRIVED]
    assert not under_way, f"money is still on its way back: refunds {under_way}"
    unprinted = [one.id for one in facts.receipts if one.state != "registered"]
    assert not unprinted, f"these receipts were never made: {unprinted}"
    undecided = [one.id for one in facts.attempts if one.settled_at is None]
    assert not undecided, f"nobody knows how these payments ended: {undecided}"
    owed = {
        code: row.balance
        for code, row in facts.books.items()
        if row.balance
        and (code == "unapplied" or code.endswith((":refund-due", ":held", ":payout")))
    }
    assert not owed, f"the books still owe: {owed}"
    for bank in world.bank_list:
        booked = sum(
            row.balance
            for code, row in facts.books.items()
            if code.startswith(f"gateway:{bank.code}:")
        )
        unheard = sum(
            bank.payments[ref].amount_kopecks - bank.gone_back(ref)
            for ref in bank.flipped
            if not _is_known(facts, ref)
        )
        assert booked == bank.net_kopecks - unheard, (
            f"{bank.code} holds {bank.net_kopecks} for the shop, the books say {booked}"
        )


def _is_known(facts: Any, ref: str) -> bool:
    return any(one.gateway_ref == ref and one.state == "succeeded" for one in facts.attempts)
