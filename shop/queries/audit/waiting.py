"""Rules 14 to 16: nothing waits that should have been done: notices, unknown payments, differences, money owed."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from shop.models.audit import GatewayCheck, PaymentDifference
from shop.models.certificates import Certificate
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt, PaymentNotice, PaymentRefund
from shop.models.returns import ReturnRequest
from shop.queries.audit.findings import Finding, all_of, joined, told
from shop.rules.payments import REFUND_ARRIVED
from shop.rules.returns import OPEN, URGENT_AFTER

NOTICES_WAIT = timedelta(minutes=10)
UNKNOWN_FOR = timedelta(hours=24)
# A gateway that couldn't be compared with for so long.
COMPARED_WITHIN = timedelta(days=3)


def notices_and_payments_left_alone(now: datetime) -> list[Finding]:
    """14: no notice lies unread for ten minutes; no payment is unknown for a day."""
    named = joined(PaymentNotice.gateway, " ", PaymentNotice.event, " ", PaymentNotice.gateway_ref)
    notices = (
        select(named)
        .where(PaymentNotice.handled_at.is_(None), PaymentNotice.received_at < now - NOTICES_WAIT)
        .order_by(PaymentNotice.id)
    )
    number = func.coalesce(Order.number, Certificate.serial)
    unknown = (
        select(joined(number, " / ", PaymentAttempt.id))
        .select_from(PaymentAttempt)
        .outerjoin(Order, Order.id == PaymentAttempt.order_id)
        .outerjoin(Certificate, Certificate.id == PaymentAttempt.certificate_id)
        .where(
            PaymentAttempt.state.in_(("sending", "unknown")),
            PaymentAttempt.opened_at < now - UNKNOWN_FOR,
        )
        .order_by(PaymentAttempt.id)
    )
    return all_of(told(14, "notice_unread", notices), told(14, "payment_unknown", unknown))


def differences_with_gateways(now: datetime) -> list[Finding]:
    """15: what the gateways have and what the shop has is the same, as of the last time they were compared."""
    differences = (
        select(
            joined(PaymentDifference.gateway, " ", PaymentDifference.gateway_ref),
            PaymentDifference.ours,
            PaymentDifference.theirs,
        )
        .where(PaymentDifference.solved_at.is_(None))
        .order_by(PaymentDifference.id)
    )
    silent = select(GatewayCheck.gateway).where(GatewayCheck.compared_at < now - COMPARED_WITHIN)
    return all_of(told(15, "difference", differences), told(15, "not_compared", silent))


def money_owed_for_long(now: datetime) -> list[Finding]:
    """16: nobody waits for eight of the ten days that the law gives for paying back."""
    number = func.coalesce(
        Order.number, Certificate.serial, joined("account ", PaymentRefund.account_id)
    )
    refunds = (
        select(number, PaymentRefund.amount_kopecks)
        .select_from(PaymentRefund)
        .outerjoin(PaymentAttempt, PaymentAttempt.id == PaymentRefund.attempt_id)
        .outerjoin(
            Order, Order.id == func.coalesce(PaymentRefund.order_id, PaymentAttempt.order_id)
        )
        .outerjoin(Certificate, Certificate.id == PaymentAttempt.certificate_id)
        .where(
            PaymentRefund.state.not_in(REFUND_ARRIVED),
            PaymentRefund.opened_at < now - URGENT_AFTER,
        )
        .order_by(PaymentRefund.opened_at)
    )
    demands = (
        select(ReturnRequest.number)
        .where(ReturnRequest.state.in_(OPEN), ReturnRequest.demanded_at < now - URGENT_AFTER)
        .order_by(ReturnRequest.demanded_at)
    )
    return all_of(told(16, "refund_late", refunds, in_money=True), told(16, "return_late", demands))
