"""For tests of certificates: bought, paid, given, with the codes that their letters would tell."""

from datetime import UTC, datetime, timedelta

from factories import NOON
from sqlalchemy import select

from shop.db import db
from shop.models import Account, Certificate, LedgerAccount, OutboxItem, PaymentAttempt
from shop.rules.certificates import normal_code
from shop.rules.devices import device_of
from shop.services.certificates import (
    Gift,
    issue_free,
    make_campaign,
    mark_sold,
    order_certificate,
)
from shop.services.certificates._codes import opened
from shop.services.ledger import Came

HERE = device_of(user_agent="Firefox/133.0 (Windows NT 10.0)", address="203.0.113.7")
ELSEWHERE = device_of(user_agent="Firefox/133.0 (Windows NT 10.0)", address="198.51.100.9")
MARINA = Gift("Марина Сергеевна", "marina@example.ru", "С днём рождения!")


def ordered(buyer, kopecks=3000_00, once_key="form-1", gift=Gift(), now=NOON):
    """A certificate that waits for its money."""
    return order_certificate(
        buyer_id=buyer.id,
        once_key=once_key,
        nominal_kopecks=kopecks,
        gift=gift,
        pay_until=now + timedelta(minutes=30),
        now=now,
    )


def attempt_for(certificate_id, kopecks, now=NOON, state="succeeded"):
    """The attempt that paid for it."""
    attempt = PaymentAttempt(
        certificate_id=certificate_id,
        gateway="yookassa",
        method="bank_card",
        amount_kopecks=kopecks,
        state=state,
        idempotence_key=f"key-{certificate_id}-{state}",
        gateway_ref=f"ref-{certificate_id}-{state}",
        opened_at=now,
        settled_at=now,
    )
    db.session.add(attempt)
    db.session.commit()
    return attempt


def sold(buyer, kopecks=3000_00, once_key="form-1", gift=Gift(), now=NOON):
    """A certificate that is paid; give it back as it stands."""
    made = ordered(buyer, kopecks, once_key, gift, now)
    attempt = attempt_for(made.certificate_id, kopecks, now)
    assert mark_sold(
        certificate_id=made.certificate_id, came=Came(attempt.id, "yookassa", kopecks), now=now
    )
    return row(made.serial)


def free(employee=None, kopecks=500_00, once_key="free-1", gift=Gift(), now=NOON):
    """A certificate that the shop gives away."""
    serial = issue_free(
        actor_id=employee.id if employee else None,
        once_key=once_key,
        nominal_kopecks=kopecks,
        gift=gift,
        reason="Извинение",
        now=now,
    )
    return row(serial)


def row(serial):
    """A certificate as the table has it now."""
    found = select(Certificate).where(Certificate.serial == serial)
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def code_of(certificate):
    """Its code, as the letter tells it but for the dashes."""
    return normal_code(opened(certificate.sealed_code, certificate.id))


def autumn(word="осень", gives="promo", amount=300_00, most_uses=100, now=NOON, **more):
    """A campaign for a month."""
    dates = {"starts_at": now - timedelta(days=1), "ends_at": now + timedelta(days=30)}
    return make_campaign(
        name="Осенний подарок",
        word=word,
        gives=gives,
        amount=amount,
        most_uses=most_uses,
        made_by=None,
        now=now,
        **dates | more,
    )


def on(book):
    """What stands on an account of the books."""
    found = select(LedgerAccount.balance).where(LedgerAccount.code == book.code)
    return db.session.scalar(found) or 0


def letters(letter=None):
    """(letter, to, facts) of all that was written, in order."""
    items = db.session.scalars(
        select(OutboxItem).where(OutboxItem.kind == "letter").order_by(OutboxItem.id)
    )
    told = [(one.payload["letter"], one.payload["to"], one.payload["facts"]) for one in items]
    return [one for one in told if letter in {None, one[0]}]


def today():
    """A moment of the real clock, for pages."""
    return datetime.now(UTC)


def email_of(account_id):
    """Whose an account is."""
    return db.session.get_one(Account, account_id).email
