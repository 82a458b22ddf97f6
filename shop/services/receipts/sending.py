"""Having a receipt made by a gateway's cash desk: asked for under a key kept before, looked for when the answer was lost."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from shop.db import db, errand, use_case
from shop.db.guarded import changed
from shop.gateways.payments import (
    CashDesk,
    GwReceipt,
    ReceiptWish,
    Rejected,
    cash_desk_of,
)
from shop.models.receipts import Receipt
from shop.queries.receipts import Hangs, hangs_on, refs_taken
from shop.rules.farewell import is_nowhere
from shop.rules.payments import KEY_LIFE, REFUND_BY_HAND, REFUND_UNDER_WAY
from shop.rules.receipts import LATE, UNDER_WAY, lines_in, settlements_in
from shop.services.ledger import tell
from shop.services.notices import NotYet
from shop.services.receipts._rows import queue_receipt


class NotToBeSent(Exception):
    """The receipt hasn't failed, or no gateway could make it."""


@errand
def send_receipt(*, receipt_id: int, now: datetime) -> str:
    """Have a receipt made, or look how it is getting on; return its state when that is final.

    :raises NotYet: while the gateway, or the refund that it is of, is at it.
    :raises GatewayProblem: when nobody knows whether it was made; it must be asked again.
    """
    receipt = _fresh(receipt_id)
    if receipt.state not in UNDER_WAY:
        return receipt.state
    hangs = hangs_on(receipt_id=receipt_id)
    problem = _for_people(receipt, hangs)
    if problem:
        return _leave_to_people(receipt_id=receipt_id, problem=problem, now=now)
    if hangs.refund_state in REFUND_UNDER_WAY:
        raise NotYet(f"the refund of receipt {receipt_id} is under way")
    desk = cash_desk_of(receipt.gateway)
    try:
        found = (
            _inside(desk, receipt, hangs)
            if receipt.is_inside
            else _apart(desk, receipt, hangs, now)
        )
    except Rejected as refusal:
        return _fail(receipt_id=receipt_id, problem=str(refusal), now=now)
    if found is None:
        return _wait_for(receipt, hangs, now)
    state = _settle(receipt_id=receipt_id, found=found, now=now)
    if state in UNDER_WAY:
        raise NotYet(f"receipt {receipt_id} is being registered")
    return state


def _fresh(receipt_id: int) -> Receipt:
    which = select(Receipt).where(Receipt.id == receipt_id)
    return db.session.scalars(which.execution_options(populate_existing=True)).one()


def _for_people(receipt: Receipt, hangs: Hangs) -> str:
    """Return why no gateway can make this receipt after all; nothing when one can."""
    if hangs.refund_state in REFUND_BY_HAND:
        return "refund_by_hand"
    is_asked = receipt.is_inside or receipt.request is not None
    if not is_asked and is_nowhere(hangs.email):
        return "no_mailbox"
    return ""


def _inside(desk: CashDesk, receipt: Receipt, hangs: Hangs) -> GwReceipt | None:
    """Return the receipt that went with a payment or a refund."""
    if receipt.gateway_ref:
        return desk.fetch_receipt(receipt.gateway_ref)
    return _ours(desk, receipt, hangs)


def _apart(desk: CashDesk, receipt: Receipt, hangs: Hangs, now: datetime) -> GwReceipt | None:
    """Return the receipt that is asked for by itself, asking for it where that isn't certain yet."""
    if receipt.gateway_ref:
        return desk.fetch_receipt(receipt.gateway_ref)
    is_forgotten = receipt.sent_at is not None and now - receipt.sent_at >= KEY_LIFE
    if is_forgotten:  # The gateway knows the key no more: only its list tells whether it was made.
        made = _ours(desk, receipt, hangs)
        if made is not None:
            return made
    call = _begin(
        receipt_id=receipt.id,
        request=desk.receipt_request_of(_wish(receipt, hangs)),
        renew=receipt.idempotence_key if is_forgotten else "",
        now=now,
    )
    return desk.register_receipt(*call) if call else None


def _wish(receipt: Receipt, hangs: Hangs) -> ReceiptWish:
    return ReceiptWish(
        payment_ref=hangs.payment_ref,
        refund_ref=hangs.refund_ref if receipt.refund_id is not None else "",
        email=hangs.email,
        lines=lines_in(receipt.lines),
        settlements=settlements_in(receipt.settlements),
    )


def _ours(desk: CashDesk, receipt: Receipt, hangs: Hangs) -> GwReceipt | None:
    """Return the gateway's receipt that has just our lines and is none of another row's, the oldest."""
    wanted = sorted(
        (one.name, one.quantity, one.price_kopecks, one.mode) for one in lines_in(receipt.lines)
    )
    refund_ref = hangs.refund_ref if receipt.refund_id is not None else ""
    about = {"refund_ref": refund_ref} if refund_ref else {"payment_ref": hangs.payment_ref}
    like = [
        one
        for one in desk.receipts_of(**about)
        if one.refund_ref == refund_ref and sorted(one.lines) == wanted
    ]
    return _first_free(receipt.gateway, like)


def _first_free(gateway: str, found: Iterable[GwReceipt]) -> GwReceipt | None:
    ones = list(found)
    taken = refs_taken(gateway=gateway, refs=[one.ref for one in ones])
    return next((one for one in ones if one.ref not in taken), None)


def _wait_for(receipt: Receipt, hangs: Hangs, now: datetime) -> str:
    """Look again later for a receipt that isn't there; after a day it is somebody's business.

    Where another worker has done it meanwhile there is nothing left to wait for.
    """
    state = _fresh(receipt.id).state
    if state not in UNDER_WAY:
        return state
    since = hangs.refund_settled_at or receipt.created_at
    if receipt.is_inside and now - since >= LATE:
        return _fail(receipt_id=receipt.id, problem="not_found", now=now)
    raise NotYet(f"receipt {receipt.id} isn't there yet")


@use_case
def _begin(
    *, receipt_id: int, request: dict[str, Any], renew: str, now: datetime
) -> tuple[dict[str, Any], str] | None:
    """Keep what will be asked for before it is asked; what was asked before is asked again, word for word.

    `renew` is the key that the gateway has forgotten: whoever comes first replaces it. None when somebody else is done.
    """
    receipt = db.session.get_one(Receipt, receipt_id)
    if receipt.state not in UNDER_WAY or receipt.gateway_ref:
        return None
    if renew and receipt.idempotence_key == renew:
        receipt.idempotence_key, receipt.sent_at, receipt.request = str(uuid.uuid4()), now, None
    receipt.state = "sending"
    receipt.sent_at = receipt.sent_at or now
    receipt.request = receipt.request or request
    db.session.flush()
    return receipt.request, receipt.idempotence_key


@use_case
def _settle(*, receipt_id: int, found: GwReceipt, now: datetime) -> str:
    """Note how a receipt stands at the gateway; whoever makes it move does, whoever comes second finds it moved."""
    if found.status == "canceled":
        return _fail(receipt_id=receipt_id, problem=found.cancel_reason or "canceled", now=now)
    if found.status != "succeeded" or found.marks is None:
        _move(receipt_id, UNDER_WAY, state="sending", gateway_ref=found.ref)
    else:
        _move(
            receipt_id,
            UNDER_WAY,
            state="registered",
            gateway_ref=found.ref,
            request=None,
            problem="",
            document_number=found.marks.document_number,
            storage_number=found.marks.storage_number,
            fiscal_attribute=found.marks.fiscal_attribute,
            registered_at=found.marks.registered_at,
            settled_at=now,
        )
    return _fresh(receipt_id).state


@use_case
def _fail(*, receipt_id: int, problem: str, now: datetime) -> str:
    """Leave it for a person to decide: the gateway will not make it."""
    values = {"state": "failed", "problem": problem[:60], "request": None, "settled_at": now}
    if _move(receipt_id, UNDER_WAY, **values):
        tell(
            event="receipt_failed",
            facts={"receipt": receipt_id, "problem": problem},
            is_trouble=True,
        )
    return _fresh(receipt_id).state


@use_case
def _leave_to_people(*, receipt_id: int, problem: str, now: datetime) -> str:
    _move(receipt_id, UNDER_WAY, state="by_hand", problem=problem, request=None)
    return _fresh(receipt_id).state


@use_case
def send_again(*, receipt_id: int, now: datetime) -> None:
    """Ask a gateway anew for a receipt that it has refused; now it goes apart, under a key of its own.

    :raises NotToBeSent: when it hasn't failed (any more), or no gateway could make it.
    """
    receipt = db.session.get_one(Receipt, receipt_id)
    if not receipt.gateway:
        raise NotToBeSent
    is_mine = _move(
        receipt_id,
        ("failed",),
        state="queued",
        problem="",
        is_inside=False,
        gateway_ref=None,
        idempotence_key=str(uuid.uuid4()),
        sent_at=None,
        settled_at=None,
    )
    if not is_mine:
        raise NotToBeSent
    queue_receipt(_fresh(receipt_id), now)


def _move(receipt_id: int, states: tuple[str, ...], **values: Any) -> bool:
    which = (Receipt.id == receipt_id, Receipt.state.in_(states))
    return bool(changed(update(Receipt).where(*which).values(**values)))
