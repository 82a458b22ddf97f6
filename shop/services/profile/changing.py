"""Personal data, changed by the person they are about."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import update

from shop.db import db, use_case
from shop.models.auth import Account
from shop.rules.devices import NO_DEVICE, Device
from shop.rules.profile import PersonalData
from shop.services.profile.events import note_event

_COLUMNS = tuple(field.name for field in fields(PersonalData))
# Column → the word by which the log tells of it; what it was and is stays out of the log.
_DETAILS = {"birth_on": "birthday", "sex": "sex", "phone": "phone"}


@use_case
def change_profile(
    *, account_id: int, told: PersonalData, now: datetime, device: Device = NO_DEVICE
) -> bool:
    """Write down what a person tells of themselves, exactly as given, and what of it is new into the account's log.

    Return False when nothing was new: then nothing is written. Orders keep the names they were made with.
    """
    account = db.session.get_one(Account, account_id, populate_existing=True)
    was = PersonalData(**{name: getattr(account, name) for name in _COLUMNS})
    if was == told:
        return False
    for name in _COLUMNS:
        setattr(account, name, getattr(told, name))
    for kind, facts in _news(was, told):
        note_event(account_id=account_id, kind=kind, facts=facts, now=now, device=device)
    return True


def _news(was: PersonalData, told: PersonalData) -> list[tuple[str, dict[str, Any]]]:
    """What the log says: names with old and new, the greeting as it is from now on, details by their names."""
    news: list[tuple[str, dict[str, Any]]] = []
    if _names(was) != _names(told):
        news.append(("name_changed", {"old": was.full_name, "new": told.full_name}))
    if was.greeting != told.greeting:
        news.append(("greeting_changed", {"new": told.addressed}))
    for column, field in _DETAILS.items():
        if getattr(was, column) != getattr(told, column):
            news.append(("details_changed", {"field": field}))
    return news


def _names(person: PersonalData) -> tuple[str, str, str]:
    return person.family_name, person.given_name, person.patronymic


@use_case
def choose_language(*, account_id: int, language: str) -> None:
    """Remember the language that letters to this person are written in."""
    db.session.execute(update(Account).where(Account.id == account_id).values(language=language))
