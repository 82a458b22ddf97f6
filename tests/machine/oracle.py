"""What the books must say, worked out afresh from orders, certificates, refunds and the gateways' own memory.

Nothing here reads an entry of the ledger, and nothing is shared with the deeds that write entries but the one rule
of how a line's sum falls on its pieces. So a deed that books twice, too little or to the wrong account is seen.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from machine.bank import Bank
from machine.facts import Facts

from shop.rules.funding import share_of_units
from shop.rules.returns import FAULTS

PARTS = ("points", "promo", "balance", "outside")
PAID_BACK = ("refunded", "closed")
ARRIVED = ("succeeded", "paid_manually", "to_balance")


def books_of(facts: Facts, banks: Mapping[str, Bank]) -> Counter[str]:
    """Return what must stand on each account that can be worked out, by its code."""
    must = Counter[str]()
    for order in facts.orders:
        _order(must, facts, order)
    for certificate in facts.certificates:
        _certificate(must, certificate)
    for use in facts.uses:
        if use.gives == "points":
            must["points:issued"] += use.amount
        else:
            must[f"customer:{use.account_id}:promo"] += use.amount
            must["promo:cost"] += use.amount
    _outside(must, facts, banks)
    return must


def _of(thing: Any, part: str) -> int:
    return int(thing.points if part == "points" else getattr(thing, f"{part}_kopecks"))


def _share(line: Any, part: str, before: int, units: int) -> int:
    return share_of_units(_of(line, part), line.quantity, before, units)


def _order(must: Counter[str], facts: Facts, order: Any) -> None:
    mine = f"customer:{order.account_id}"
    if order.id not in facts.taken:
        if order.state == "awaiting_payment":
            for part in ("points", "promo", "balance"):
                must[f"{mine}:{part}:held"] += _of(order, part)
                if part != "points":
                    must[f"{mine}:{part}"] -= _of(order, part)
        return
    for part in ("promo", "balance"):
        must[f"{mine}:{part}"] -= _of(order, part)
    must["points:redeemed"] += order.points
    for line in facts.lines_of[order.id]:
        _line(must, facts, order, line)
    for parcel in facts.parcels_of[order.id]:
        _carriage(must, facts, order, parcel)


def _line(must: Counter[str], facts: Facts, order: Any, line: Any) -> None:
    state, at_the_door = facts.parcel[line.parcel_id].state, order.payment_method == "on_receipt"
    kept = line.quantity - line.canceled
    _back(must, order, line, 0, line.canceled, with_outside=not at_the_door)
    _back(must, order, line, line.canceled, line.returned, with_outside=True)
    if state == "received":
        stays = kept - line.returned
        for part in ("promo", "balance", "outside"):
            must["revenue:goods"] += _share(line, part, line.canceled + line.returned, stays)
        if at_the_door:
            must["cash-desk"] += _share(line, "outside", line.canceled, kept)
        earned = share_of_units(line.earns_points, line.quantity, line.canceled, kept)
        clawed = share_of_units(line.earns_points, line.quantity, line.canceled, line.returned)
        must["points:issued"] += earned - clawed
    elif state != "canceled":
        for part in ("promo", "balance") if at_the_door else ("promo", "balance", "outside"):
            must[f"order:{order.number}:advance"] += _share(line, part, line.canceled, kept)


def _back(
    must: Counter[str], order: Any, line: Any, before: int, units: int, *, with_outside: bool
) -> None:
    """Pieces called off or given back: each part goes to where it came from."""
    for part in ("promo", "balance"):
        must[f"customer:{order.account_id}:{part}"] += _share(line, part, before, units)
    must["points:redeemed"] -= _share(line, "points", before, units)
    if with_outside:
        must[f"order:{order.number}:refund-due"] += _share(line, "outside", before, units)


def _carriage(must: Counter[str], facts: Facts, order: Any, parcel: Any) -> None:
    at_the_door = order.payment_method == "on_receipt"
    promo, balance = parcel.delivery_promo_kopecks, parcel.delivery_balance_kopecks
    outside = parcel.delivery_kopecks - promo - balance
    is_received = parcel.state == "received"
    if parcel.state == "canceled" or (is_received and _came_back_by_fault(facts, parcel)):
        must[f"customer:{order.account_id}:promo"] += promo
        must[f"customer:{order.account_id}:balance"] += balance
        if is_received or not at_the_door:
            must[f"order:{order.number}:refund-due"] += outside
    elif is_received:
        must["revenue:delivery"] += parcel.delivery_kopecks
    else:
        must[f"order:{order.number}:advance"] += promo + balance + (0 if at_the_door else outside)
    if is_received and at_the_door:
        must["cash-desk"] += outside


def _came_back_by_fault(facts: Facts, parcel: Any) -> bool:
    """True when nothing of a parcel stayed, and all that came back did so for what the shop or the carrier has done."""
    lines = [line for line in facts.lines_of[parcel.order_id] if line.parcel_id == parcel.id]
    if any(line.quantity > line.canceled + line.returned for line in lines):
        return False
    reasons = {
        facts.return_[back.return_id].reason
        for line in lines
        for back in facts.back_of[line.id]
        if back.accepted
    }
    return bool(reasons) and reasons <= FAULTS


def _certificate(must: Counter[str], certificate: Any) -> None:
    nominal = certificate.nominal_kopecks
    if certificate.state == "activated":
        bucket = "promo" if certificate.is_free else "balance"
        must[f"customer:{certificate.activated_by}:{bucket}"] += nominal
        must["promo:cost"] += nominal if certificate.is_free else 0
    if certificate.is_free or certificate.sold_at is None:
        return
    if certificate.refunded_at is not None:
        must[f"order:{certificate.serial}:refund-due"] += nominal
    elif certificate.state == "expired":
        must["revenue:breakage"] += nominal
    elif certificate.state != "activated":
        must["certificates:unactivated"] += nominal


def _outside(must: Counter[str], facts: Facts, banks: Mapping[str, Bank]) -> None:
    """What came and went through gateways is what the gateways themselves remember of it."""
    for attempt in facts.attempts:
        if attempt.state != "succeeded":
            continue
        came = banks[attempt.gateway].payments[attempt.gateway_ref].amount_kopecks
        must[f"gateway:{attempt.gateway}"] += came
        if attempt.is_surplus:
            must["unapplied"] += came
    for refund in facts.refunds:
        if refund.account_id is not None:
            must[f"customer:{refund.account_id}:balance"] -= refund.amount_kopecks
            must[f"customer:{refund.account_id}:payout"] += refund.amount_kopecks
        if refund.state in ARRIVED:
            must[_owed_in(facts, refund)] -= refund.amount_kopecks
            _arrived(must, facts, refund, banks)


def _arrived(must: Counter[str], facts: Facts, refund: Any, banks: Mapping[str, Bank]) -> None:
    """Where money went that isn't owed any more."""
    if refund.state == "paid_manually":
        must["bank"] -= refund.amount_kopecks
    elif refund.state == "to_balance":
        must[f"customer:{facts.owner_of(refund)}:balance"] += refund.amount_kopecks
    else:
        gateway = facts.attempt[refund.attempt_id].gateway
        must[f"gateway:{gateway}"] -= banks[gateway].refunds[refund.gateway_ref].amount_kopecks


def _owed_in(facts: Facts, refund: Any) -> str:
    if refund.account_id is not None:
        return f"customer:{refund.account_id}:payout"
    if facts.is_surplus(refund):
        return "unapplied"
    return f"order:{facts.number_of(refund)}:refund-due"


def told_by(facts: Facts) -> Counter[str]:
    """Return what the books say, with what gateways owe for money and for their own bonuses together."""
    says = Counter[str]()
    for code, row in facts.books.items():
        parts = code.split(":")
        says[":".join(parts[:2]) if parts[0] == "gateway" else code] += row.balance
    return says


def unlike(must: Counter[str], says: Counter[str]) -> list[str]:
    """Return each account on which something else stands than must, as a sentence."""
    own = {code for code in says if _is_its_own(code)}
    return [
        f"{code}: {says[code]}, must be {must[code]}"
        for code in sorted((must.keys() | says.keys()) - own)
        if says[code] != must[code]
    ]


def _is_its_own(code: str) -> bool:
    """True of points that count, wait or have ended: time alone moves them, and the audit's lots watch them."""
    return code.endswith((":points", ":points:pending")) or code == "points:expired"


def pieces_of(facts: Facts, order: Any) -> Iterable[tuple[tuple[int, int], int]]:
    """Yield (product, warehouse) and how many pieces an order has taken out of it."""
    if order.state in {"expired", "canceled"} and order.id not in facts.taken:
        return
    for line in facts.lines_of[order.id]:
        good = sum(back.accepted or 0 for back in facts.back_of[line.id] if back.is_good)
        yield (line.product_id, line.warehouse_id), line.quantity - line.canceled - good
