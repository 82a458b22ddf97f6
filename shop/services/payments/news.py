"""Notices of the gateways: kept as they came, answered at once, and only ever a reason to look for oneself."""

import hashlib
import logging
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update

from shop.db import db, errand, use_case
from shop.gateways.payments import PROVIDERS, GwPayment, Notice, Rejected, gateway_of
from shop.models.payments import PaymentAttempt, PaymentNotice, PaymentRefund
from shop.queries.payments import awaited_amount
from shop.services.notices import queue_errand
from shop.services.payments.looking import look_at
from shop.services.payments.refunds import send_back
from shop.services.payments.settling import settle

log = logging.getLogger("shop.payments")


class UnknownGateway(Exception):
    """No gateway of this shop is called so."""


class Stranger(Exception):
    """The sender is none of the gateway's."""


class NotANotice(Exception):
    """The text isn't what a gateway writes."""


# What a gateway reads that hasn't asked anything, and one whose payment nobody waits for.
THANKS, UNWELCOME = "ok\n", "NO\n"


@errand
def receive_notice(
    *, gateway: str, sender: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> str:
    """Take in what came through the door, and return what the gateway is to read.

    Only what comes from the gateway itself and is about a payment or refund is kept. Names of headers
    are in lower case.

    :raises UnknownGateway: when the shop has no such gateway.
    :raises Stranger: when it came from elsewhere; nothing is kept and nobody is asked.
    :raises NotANotice: when it cannot be read.
    """
    if gateway not in PROVIDERS:
        raise UnknownGateway
    speaker = gateway_of(gateway)
    if not speaker.is_sender(sender):
        log.warning("a notice of %s came from %s, which is none of its addresses", gateway, sender)
        raise Stranger
    try:
        hint = speaker.hint_in(Notice(headers, body))
    except ValueError as problem:
        raise NotANotice from problem
    if hint is None:
        return THANKS
    if hint.welcome is not None:
        return (
            hint.answer if _is_awaited(gateway=gateway, found=hint.welcome, now=now) else UNWELCOME
        )
    accept_notice(gateway=gateway, event=hint.event, ref=hint.ref, body=body, now=now)
    return hint.answer


def _is_awaited(*, gateway: str, found: GwPayment, now: datetime) -> bool:
    """True when somebody waits for just this payment, which the gateway hasn't taken yet."""
    amount = awaited_amount(gateway=gateway, ref=found.ref, now=now)
    return amount == found.amount_kopecks and found.currency == "RUB"


@use_case
def accept_notice(*, gateway: str, event: str, ref: str, body: bytes, now: datetime) -> None:
    """Keep a notice, and have somebody look into it afterwards; told twice, it is kept once."""
    digest = hashlib.sha256(body).hexdigest()
    known = select(PaymentNotice.id).where(
        PaymentNotice.gateway == gateway,
        PaymentNotice.event == event,
        PaymentNotice.gateway_ref == ref,
        PaymentNotice.body_hash == digest,
    )
    if db.session.scalar(known) is not None:
        return
    notice = PaymentNotice(
        gateway=gateway,
        event=event,
        gateway_ref=ref,
        body_hash=digest,
        body=body.decode("utf-8", "replace"),
        received_at=now,
    )
    db.session.add(notice)
    db.session.flush()
    # The number alone won't do: SQLite gives those of notices that were swept away to new ones.
    queue_errand(
        kind="payment-sync",
        payload={"notice_id": notice.id},
        once_key=f"notice-{notice.id}-{now:%Y%m%d%H%M%S%f}",
        now=now,
    )


@errand
def look_into(*, notice_id: int, now: datetime) -> None:
    """Ask the gateway about what a notice is about, and believe the answer only.

    :raises GatewayProblem: when the gateway cannot say; it must be asked again.
    """
    notice = db.session.get_one(PaymentNotice, notice_id)
    if notice.event.startswith("refund."):
        _look_into_refund(notice, now)
    else:
        _look_into_payment(notice, now)
    _note_handled(notice_id=notice_id, now=now)


def _look_into_refund(notice: PaymentNotice, now: datetime) -> None:
    refund_id = db.session.scalar(
        select(PaymentRefund.id)
        .join(PaymentAttempt, PaymentAttempt.id == PaymentRefund.attempt_id)
        .where(
            PaymentAttempt.gateway == notice.gateway,
            PaymentRefund.gateway_ref == notice.gateway_ref,
        )
    )
    if refund_id is not None:
        send_back(refund_id=refund_id, now=now)


def _look_into_payment(notice: PaymentNotice, now: datetime) -> None:
    attempt_id = db.session.scalar(
        select(PaymentAttempt.id).where(
            PaymentAttempt.gateway == notice.gateway,
            PaymentAttempt.gateway_ref == notice.gateway_ref,
        )
    )
    if attempt_id is not None:
        look_at(attempt_id=attempt_id, now=now, anew=notice.event == "payment.succeeded")
        return
    try:  # Perhaps one of ours whose opening was never answered.
        found = _fetched(notice.gateway, notice.gateway_ref)
    except Rejected:
        log.warning("a notice about payment %s, which the gateway doesn't know", notice.gateway_ref)
        return
    told = found.metadata.get("attempt_id", "")
    if told.isascii() and told.isdigit() and db.session.get(PaymentAttempt, int(told)) is not None:
        settle(attempt_id=int(told), found=found, now=now)
    else:
        log.warning("a notice about payment %s, which is of no order here", notice.gateway_ref)


@errand
def _fetched(gateway: str, ref: str) -> GwPayment:
    return gateway_of(gateway).fetch(ref)


@use_case
def _note_handled(*, notice_id: int, now: datetime) -> None:
    db.session.execute(
        update(PaymentNotice)
        .where(PaymentNotice.id == notice_id, PaymentNotice.handled_at.is_(None))
        .values(handled_at=now)
    )
