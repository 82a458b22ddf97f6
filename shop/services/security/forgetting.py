"""Forgetting a person: what goes, what is emptied, and what the law wants kept without the person."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select, update

from shop.db import db, use_case
from shop.models.auth import Account, Confirmation, Recovery, UserSession
from shop.models.cart import Cart
from shop.models.certificates import Certificate
from shop.models.favorites import Favorite
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt, PaymentNotice
from shop.models.profile import AccountEvent, Recipient
from shop.models.receipts import Receipt
from shop.models.recovery import LostMailbox
from shop.models.returns import ReturnCode, ReturnMessage, ReturnPhoto, ReturnRequest
from shop.models.security import (
    DataExport,
    EmailChange,
    Handover,
    Passkey,
    RecoveryCode,
    SecondStep,
)
from shop.rules.farewell import emptied_email
from shop.rules.recovery import OPEN

# What goes with the account.
GONE: tuple[Any, ...] = (
    UserSession,
    Passkey,
    SecondStep,
    RecoveryCode,
    Confirmation,
    Recovery,
    EmailChange,
    Handover,
    DataExport,
    Recipient,
    Favorite,
    Cart,  # Its lines go with it.
)
# What stays, and why. A table that points at an account and is named neither here nor above fails a test.
KEPT = {
    "account": "its number, language and dates: orders hang on it",
    "consent": "which document was agreed to and when: the shop must be able to prove it had leave",
    "staff_role": "none: an account with a role doesn't end",
    "account_event": "what employees did, without what it was about; the person's own lines go",
    "lost_mailbox": "that it was asked and who decided, without anything that was told",
    "ledger_account": "how much money and how many points stood on it: the books must add up for ever",
    "certificate": "sums, days and serials for the books, without whom it was for; a present that is paid still goes out",
    "campaign": "which employee made a code word: no customer's",
    "campaign_use": "that a code word was used, so that limits and books add up",
    "points_lot": "how many points were given and used; what is left ends with the account",
    "points_promise": "how many points a parcel was to bring; they are given to nobody now",
    "payment_refund": "how much was paid out, and which employee paid by hand; not where to",
    "payout_details": "none: they go when the money is paid, and an account waits for that",
    "receipt": "which employee printed it: no customer's",
    "return_request": "what came back, why in a word, and what was paid for it; no words of the person's",
    "return_message": "none: the thread goes",
    "shop_order": "numbers, goods, sums and days for the books and the tax office, without a recipient",
}


@use_case
def forget_person(*, account_id: int, now: datetime) -> list[str]:
    """Empty an account of everything that says whose it was; return the files of its exports, to be removed.

    Run twice it finds nothing more to do.
    """
    files = db.session.scalars(
        select(DataExport.file).where(DataExport.account_id == account_id, DataExport.file != "")
    ).all()
    for model in GONE:
        db.session.execute(delete(model).where(model.account_id == account_id))
    _forget_log(account_id)
    _forget_requests(account_id, now)
    _forget_orders(account_id)
    _forget_returns(account_id)
    _forget_certificates(account_id)
    _empty(account_id, now)
    return list(files)


def _empty(account_id: int, now: datetime) -> None:
    db.session.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(
            email=emptied_email(account_id),
            email_confirmed_at=None,
            password_hash="",  # Fits nothing.
            given_name="",
            family_name="",
            patronymic="",
            greeting="name",
            phone="",
            birth_on=None,
            sex="",
            once_key=None,
            ended_at=now,
        )
    )


def _forget_log(account_id: int) -> None:
    mine = AccountEvent.account_id == account_id
    db.session.execute(delete(AccountEvent).where(mine, AccountEvent.actor_id.is_(None)))
    db.session.execute(update(AccountEvent).where(mine).values(facts={}))


def _forget_requests(account_id: int, now: datetime) -> None:
    """Nothing that was told of a lost mailbox stays; what was still open is over."""
    mine = LostMailbox.account_id == account_id
    db.session.execute(
        update(LostMailbox)
        .where(mine, LostMailbox.state.in_(OPEN))
        .values(state="refused", refusal="withdrawn", ended_at=now)
    )
    db.session.execute(
        update(LostMailbox)
        .where(mine)
        .values(
            family_name="",
            given_name="",
            patronymic="",
            old_email="",
            new_email="",
            order_number="",
            order_kopecks=None,
            knowledge="",
            note="",
            stop_token_hash=None,
            token_hash=None,
        )
    )


def _forget_orders(account_id: int) -> None:
    """Leave what was sold, for how much, and that it was paid; not to whom, nor where it went."""
    mine = Order.account_id == account_id
    _forget_payments(
        select(PaymentAttempt.id).join(Order, Order.id == PaymentAttempt.order_id).where(mine)
    )
    db.session.execute(
        update(Order)
        .where(mine)
        .values(
            recipient_name="",
            recipient_phone="",
            place_name="",
            address="",
            pickup_point_id=None,
            comment="",
        )
    )


def _forget_returns(account_id: int) -> None:
    """Leave what came back and what was paid for it; no words, photos or codes. Files without a row are swept."""
    mine = select(Order.id).where(Order.account_id == account_id)
    returns = select(ReturnRequest.id).where(ReturnRequest.order_id.in_(mine))
    db.session.execute(delete(ReturnMessage).where(ReturnMessage.return_id.in_(returns)))
    db.session.execute(delete(ReturnPhoto).where(ReturnPhoto.return_id.in_(returns)))
    db.session.execute(delete(ReturnCode).where(ReturnCode.order_id.in_(mine)))
    db.session.execute(
        update(ReturnRequest)
        .where(ReturnRequest.order_id.in_(mine))
        .values(words="", refusal="", track="")
    )


def _forget_certificates(account_id: int) -> None:
    """Leave what was bought and given; not to whom, but for a paid present whose day hasn't come."""
    mine = Certificate.buyer_id == account_id
    _forget_payments(
        select(PaymentAttempt.id)
        .join(Certificate, Certificate.id == PaymentAttempt.certificate_id)
        .where(mine)
    )
    is_to_be_sent = (
        (Certificate.state == "sold")
        & Certificate.send_on.is_not(None)
        & Certificate.sent_at.is_(None)
    )
    db.session.execute(
        update(Certificate)
        .where(mine, ~is_to_be_sent)
        .values(recipient_name="", recipient_email="", wish="")
    )


def _forget_payments(attempts: Select[int]) -> None:
    """Leave that it was paid, how much and when."""
    told = select(PaymentAttempt.gateway_ref).where(PaymentAttempt.id.in_(attempts))
    db.session.execute(
        update(PaymentNotice)
        .where(PaymentNotice.gateway_ref.in_(told), PaymentNotice.handled_at.is_not(None))
        .values(body="")
    )
    db.session.execute(
        update(PaymentAttempt)
        .where(PaymentAttempt.id.in_(attempts))
        # What was asked of the gateway names the mailbox that the receipt went to.
        .values(request=None, pay_at="", card_last4="", sorted_words="")
    )
    db.session.execute(update(Receipt).where(Receipt.attempt_id.in_(attempts)).values(request=None))
