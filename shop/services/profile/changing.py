"""Personal data, changed by the person they are about."""

from sqlalchemy import update

from shop.db import db, use_case
from shop.models.auth import Account


@use_case
def change_names(
    *, account_id: int, family_name: str, given_name: str, patronymic: str, greeting: str
) -> None:
    """Write the names down exactly as given, and how to address the person. Orders keep the names they were made with."""
    db.session.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(
            family_name=family_name,
            given_name=given_name,
            patronymic=patronymic,
            greeting=greeting,
        )
    )


@use_case
def choose_language(*, account_id: int, language: str) -> None:
    """Remember the language that letters to this person are written in."""
    db.session.execute(update(Account).where(Account.id == account_id).values(language=language))
