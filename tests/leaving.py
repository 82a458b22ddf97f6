"""For tests of «my data» and of leaving: a customer with a row in every table, and all that the shop holds as text."""

import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

from belongings import (
    EMAIL,
    HERE,
    belongings,
    give_back,
    lost_mailbox,
    paid,
    points,
    presents,
    refund,
)
from factories import NOON, Make
from flask import Flask
from sqlalchemy import select

from shop.db import db
from shop.gateways import exports
from shop.models import Account, DataExport, OutboxItem
from shop.services.notices import queue_letter
from shop.services.profile import note_event

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
        db.session.add_all((*belongings(person.id), *paid(order)))
        db.session.flush()
        db.session.add_all(lost_mailbox(person.id, employee.id))
        db.session.commit()
        refund(order)
        give_back(order)
        points(order)
        presents(person.id)
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
    with exports.FOLDER.open(export_row(account_id).file) as file:
        return unpacked(file.read())
