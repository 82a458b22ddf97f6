"""A payment that isn't what was asked for: a person looks at it in the gateway's own cabinet, and says what came of it."""

from datetime import datetime

from sqlalchemy import func, select, update

from shop.db import db, use_case
from shop.db.guarded import changed
from shop.models.auth import Account
from shop.models.certificates import Certificate
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt
from shop.rules.names import greeting
from shop.rules.staff import refuse_own
from shop.services.ledger import tell
from shop.services.notices import queue_letter


@use_case
def sort_out(*, attempt_id: int, words: str, actor_id: int, now: datetime) -> bool:
    """Note that nothing of such a payment is open any more, and write to its payer; False when that was done before.

    None of its money is in the books: what came is sent back where it came to, in the gateway's cabinet. `words` tell
    the payer what was found. The order or the certificate can be paid in another way meanwhile and afterwards.

    :raises NoResultFound: when there is no such payment.
    :raises OwnMoney: when the employee is the payer.
    """
    payer, number, is_certificate = _mismatch(attempt_id)
    refuse_own(customer_id=payer.id, employee_id=actor_id)
    is_mine = changed(
        update(PaymentAttempt)
        .where(
            PaymentAttempt.id == attempt_id,
            PaymentAttempt.state == "mismatch",
            PaymentAttempt.sorted_at.is_(None),
        )
        .values(sorted_at=now, sorted_words=words)
    )
    if not is_mine:
        return False
    tell(event="payment_sorted", facts={"attempt": attempt_id, "by": f"staff:{actor_id}"})
    queue_letter(
        letter="payment_sorted",
        to=payer.email,
        language=payer.language,
        facts={
            "greeting": greeting(payer.given_name, payer.patronymic, payer.greeting),
            "number": number,
            "is_certificate": is_certificate,
            "words": words,
        },
        once_key=f"payment-sorted-{attempt_id}",
        now=now,
    )
    return True


def _mismatch(attempt_id: int) -> tuple[Account, str, bool]:
    """Who paid, for which order or certificate, and whether it is a certificate."""
    row = db.session.execute(
        select(
            Account,
            func.coalesce(Order.number, Certificate.serial).label("number"),
            PaymentAttempt.certificate_id.is_not(None).label("is_certificate"),
        )
        .select_from(PaymentAttempt)
        .outerjoin(Order, Order.id == PaymentAttempt.order_id)
        .outerjoin(Certificate, Certificate.id == PaymentAttempt.certificate_id)
        .join(Account, Account.id == func.coalesce(Order.account_id, Certificate.buyer_id))
        .where(PaymentAttempt.id == attempt_id, PaymentAttempt.state == "mismatch")
    ).one()
    return row.Account, row.number, row.is_certificate
