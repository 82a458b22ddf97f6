"""For tests of «my data» and of leaving: a customer with a row in every table, and all that the shop holds as text."""

import io
import json
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

from factories import NOON, Make
from flask import Flask
from sqlalchemy import select

from shop.db import db
from shop.gateways import exports
from shop.models import (
    Account,
    AccountEvent,
    Confirmation,
    Consent,
    DataExport,
    EmailChange,
    Handover,
    LostMailbox,
    Order,
    OutboxItem,
    Passkey,
    PaymentAttempt,
    PaymentNotice,
    PaymentRefund,
    Recipient,
    Recovery,
    RecoveryCode,
    SecondStep,
    UserSession,
)
from shop.rules.devices import device_of
from shop.services.notices import queue_letter
from shop.services.profile import note_event

EMAIL = "pelageya@example.ru"
PHONE = "Firefox/133.0 (Windows NT 10.0)"
HERE = device_of(user_agent=PHONE, address="203.0.113.7")
LATER = NOON + timedelta(hours=1)
# Nothing of this may be left once the account has ended.
TRACES = (
    *("Пелагея", "Черноглазова", "Мелентьевна", "pelageya", "9035550117", "Кривоколенный"),
    *("домофон", "Аркадий Укропов", "9035550118", "прежняя", "Квасов", "203.0.113", "4417"),
)


def pelageya(make: Make, **more: Any) -> Account:
    """A customer whose words are found nowhere else."""
    names = {
        "given_name": "Пелагея",
        "family_name": "Черноглазова",
        "patronymic": "Мелентьевна",
        "phone": "+79035550117",
        "birth_on": date(1979, 4, 14),
        "sex": "female",
    }
    return make.account(EMAIL, **names | more)


def full_life(app: Flask, make: Make, **more: Any) -> Account:
    """Pelageya with something of every kind, her order received."""
    person, employee = pelageya(make, **more), make.employee("support")
    kettle = make.product("Чайник со свистком")
    order = make.order(
        person,
        kettle,
        state="received",
        recipient_name="Черноглазова Пелагея",
        recipient_phone="+79035550117",
        address="Кривоколенный пер., 4, кв. 17",
        comment="домофон не работает",
    )
    make.favorite(person, kettle)
    make.in_cart(person, kettle, 2)
    with app.app_context():
        db.session.add_all((*_belongings(person.id), *_paid(order)))
        db.session.flush()
        db.session.add_all(_told(person.id, employee.id))
        db.session.commit()
        _refund(order)
        note_event(
            account_id=person.id,
            kind="name_changed",
            facts={"old": "Квасова", "new": "Черноглазова"},
            device=HERE,
            now=NOON,
        )
        queue_letter(
            letter="password_changed",
            to=EMAIL,
            language="ru",
            facts={"greeting": "Пелагея"},
            once_key="pelageya",
            now=NOON,
        )
    return person


def _belongings(mine: int) -> tuple[Any, ...]:
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


def _told(mine: int, employee: int) -> tuple[Any, ...]:
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


def _paid(order: Order) -> tuple[Any, ...]:
    return (
        PaymentAttempt(
            order_id=order.id,
            gateway="yookassa",
            method="bank_card",
            amount_kopecks=order.total_kopecks,
            state="succeeded",
            idempotence_key="k" * 36,
            request={"receipt": {"customer": {"email": EMAIL}}},
            gateway_ref="2d1f-ref",
            card_last4="4417",
            card_scheme="Mir",
            opened_at=NOON,
            settled_at=NOON,
        ),
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


def _refund(order: Order) -> None:
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


def letters(name: str) -> list[dict[str, Any]]:
    """What was written under this name and waits to be sent, oldest first."""
    waiting = select(OutboxItem.payload).where(OutboxItem.kind == "letter")
    return [
        one for one in db.session.scalars(waiting.order_by(OutboxItem.id)) if one["letter"] == name
    ]


def everything_kept() -> str:
    """All rows of all tables, as text."""
    kept = []
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            told = [
                json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
                for value in row
            ]
            kept.append(f"{table.name}: {told}")
    return "\n".join(kept)


def export_row(account_id: int) -> DataExport:
    """The newest export of an account."""
    newest = select(DataExport).where(DataExport.account_id == account_id)
    found = db.session.scalars(
        newest.order_by(DataExport.id.desc()).execution_options(populate_existing=True)
    ).first()
    assert found is not None
    return found


def unpacked(content: bytes) -> tuple[dict[str, Any], str]:
    """What a copy's two files say: the data, and the page."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        assert package.namelist() == ["data.json", "index.html", "style.css"]
        return json.loads(package.read("data.json")), package.read("index.html").decode()


def copy_of(account_id: int) -> tuple[dict[str, Any], str]:
    """What stands in the file of an account's newest export."""
    with exports.open_file(export_row(account_id).file) as file:
        return unpacked(file.read())
