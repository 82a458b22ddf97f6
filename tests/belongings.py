"""For tests of leaving: Pelageya's rows in every table that knows a customer, each with words found nowhere else."""

import json
from datetime import datetime, timedelta
from typing import Any

from factories import NOON
from sqlalchemy import select

from shop.db import db
from shop.models import (
    AccountEvent,
    Campaign,
    CampaignUse,
    Certificate,
    Confirmation,
    Consent,
    DataExport,
    EmailChange,
    Handover,
    LostMailbox,
    Order,
    Passkey,
    PaymentAttempt,
    PaymentNotice,
    PaymentRefund,
    Recipient,
    Recovery,
    RecoveryCode,
    ReturnCode,
    ReturnMessage,
    ReturnPhoto,
    ReturnRequest,
    SecondStep,
    UserSession,
)
from shop.rules.devices import device_of
from shop.services.points import grant

EMAIL = "pelageya@example.ru"
PHONE = "Firefox/133.0 (Windows NT 10.0)"
HERE = device_of(user_agent=PHONE, address="203.0.113.7")
CERTIFICATE = {
    "nominal_kopecks": 3000_00,
    "sealed_code": "sealed",
    "code_end": "X",
    "ordered_at": NOON,
}


def belongings(mine: int) -> tuple[Any, ...]:
    """What hangs on her account by itself."""
    soon = NOON + timedelta(days=1)
    return (
        Consent(account_id=mine, document="personal-data", version="2026-11-24", given_at=NOON),
        Recipient(
            account_id=mine, full_name="Аркадий Укропов", phone="+79035550118", created_at=NOON
        ),
        UserSession(
            account_id=mine,
            token_hash="a" * 64,
            way="password",
            opened_at=NOON,
            proved_at=NOON,
            seen_at=NOON,
            **HERE.kept,
        ),
        Confirmation(
            account_id=mine,
            email=EMAIL,
            token_hash="b" * 64,
            code_hash="c" * 64,
            sent_at=NOON,
            expires_at=soon,
            used_at=NOON,
        ),
        Recovery(account_id=mine, token_hash="d" * 64, asked_at=NOON, expires_at=soon),
        DataExport(account_id=mine, state="gone", asked_at=NOON, expires_at=soon),
        *_keys(mine),
        *_moves(mine, soon),
    )


def _keys(mine: int) -> tuple[Any, ...]:
    return (
        Passkey(
            account_id=mine,
            credential_id=b"credential",
            public_key=b"public",
            user_handle=b"handle",
            transports=["internal"],
            name="Телефон Пелагеи",
            created_at=NOON,
        ),
        SecondStep(account_id=mine, sealed_secret="sealed", works_since=NOON),
        RecoveryCode(account_id=mine, code_hash="e" * 64),
    )


def _moves(mine: int, soon: datetime) -> tuple[Any, ...]:
    return (
        EmailChange(
            account_id=mine,
            old_email="прежняя@example.ru",
            new_email=EMAIL,
            token_hash="f" * 64,
            undo_token_hash="g" * 64,
            asked_at=NOON,
            expires_at=soon,
            confirmed_at=NOON,
        ),
        Handover(
            account_id=mine,
            old_email=EMAIL,
            new_email="kvasov@example.ru",
            giver_token_hash="h" * 64,
            taker_token_hash="i" * 64,
            asked_at=NOON,
            expires_at=soon,
            given_name="Пётр",
            family_name="Квасов",
        ),
    )


def lost_mailbox(mine: int, employee: int) -> tuple[Any, ...]:
    """What was told of a lost mailbox, and an employee's look at it."""
    return (
        LostMailbox(
            number="482-177-304",
            account_id=mine,
            family_name="Черноглазова",
            given_name="Пелагея",
            patronymic="Мелентьевна",
            old_email=EMAIL,
            new_email="pelageya.new@example.ru",
            order_number="0042-1187",
            order_kopecks=149000,
            knowledge="живу в Кривоколенном, звать Пелагея",
            state="waiting",
            first_approval_by=employee,
            first_approval_at=NOON,
            waits_until=NOON + timedelta(days=3),
            stop_token_hash="j" * 64,
            note="Черноглазова звонила дважды",
            asked_at=NOON,
        ),
        AccountEvent(
            account_id=mine,
            kind="lost_mailbox_looked_at",
            facts={"number": "482-177-304", "to": "pelageya.new@example.ru"},
            actor_id=employee,
            happened_at=NOON,
        ),
    )


def paid(order: Order) -> tuple[Any, ...]:
    """What a gateway knows of who paid."""
    attempt = db.session.scalars(
        select(PaymentAttempt).where(PaymentAttempt.order_id == order.id)
    ).one()
    attempt.idempotence_key = "k" * 36
    attempt.request = {"receipt": {"customer": {"email": EMAIL}}}
    attempt.gateway_ref = "2d1f-ref"
    attempt.sorted_words = "Черноглазова предупреждена"
    attempt.card_last4 = "4417"
    attempt.card_scheme = "Mir"
    return (
        attempt,
        PaymentNotice(
            gateway="yookassa",
            event="payment.succeeded",
            gateway_ref="2d1f-ref",
            body_hash="l" * 64,
            body=json.dumps({"object": {"card": {"last4": "4417"}, "to": EMAIL}}),
            received_at=NOON,
            handled_at=NOON,
        ),
    )


def presents(mine: int) -> None:
    """A certificate that she bought, one that she activated, a word that she used."""
    campaign = Campaign(
        name="Осень",
        word="осень",
        gives="promo",
        amount=300_00,
        most_uses=10,
        uses=1,
        starts_at=NOON,
        ends_at=NOON + timedelta(days=30),
        made_at=NOON,
    )
    db.session.add_all((_bought(mine), _activated(mine), campaign))
    db.session.flush()
    db.session.add(CampaignUse(campaign_id=campaign.id, account_id=mine, used_at=NOON))
    db.session.commit()


def _bought(mine: int) -> Certificate:
    return Certificate(
        serial="G-0042-1187",
        code_hash="m" * 64,
        once_key="n" * 64,
        state="sold",
        buyer_id=mine,
        recipient_name="Аркадий Укропов",
        recipient_email="ukropov@example.ru",
        wish="С новосельем! Пелагея",
        sent_at=NOON,
        sold_at=NOON,
        expires_at=NOON + timedelta(days=365),
        **CERTIFICATE,
    )


def _activated(mine: int) -> Certificate:
    return Certificate(
        serial="G-0042-1188",
        code_hash="o" * 64,
        once_key="p" * 64,
        state="activated",
        is_free=True,
        activated_by=mine,
        activated_at=NOON,
        expires_at=NOON + timedelta(days=365),
        **CERTIFICATE,
    )


def points(order: Order) -> None:
    """Points given to whose order it is."""
    grant(
        account_id=order.account_id,
        points=50,
        source="gift",
        reference="",
        once_key="gift-1",
        now=NOON,
        expires_at=NOON + timedelta(days=100),
    )


def refund(order: Order) -> None:
    """A part of an order's money that went back."""
    attempt = db.session.scalars(
        select(PaymentAttempt).where(PaymentAttempt.order_id == order.id)
    ).one()
    db.session.add(
        PaymentRefund(
            attempt_id=attempt.id,
            amount_kopecks=29900,
            reason="delivery",
            state="succeeded",
            once_key=f"refund-{order.id}",
            opened_at=NOON,
            settled_at=NOON,
        )
    )
    db.session.commit()


def give_back(order: Order) -> None:
    """A kettle that came back, with what was said of it."""
    soon = NOON + timedelta(days=1)
    asked = ReturnRequest(
        number=f"{order.number}-1",
        order_id=order.id,
        once_key="kettle",
        state="closed",
        reason="defect",
        words="Пелагея просит забрать",
        refusal="Черноглазова предупреждена",
        demanded_at=NOON,
        pay_by=soon,
    )
    db.session.add(asked)
    db.session.flush()
    message = {"once_key": "m", "text": "Кривоколенный пер., 4", "written_at": NOON}
    picture = {"name": "прежняя.webp", "content_hash": "h", "added_at": NOON}
    code = {"code_hash": "c", "sent_at": NOON, "expires_at": soon}
    db.session.add_all(
        (
            ReturnMessage(return_id=asked.id, **message),
            ReturnPhoto(return_id=asked.id, **picture),
            ReturnCode(order_id=order.id, **code),
        )
    )
    db.session.commit()
