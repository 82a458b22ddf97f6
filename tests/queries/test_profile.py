from datetime import date, timedelta

from factories import NOON
from ordering import kept

from shop.db import db
from shop.models import AccountEvent, Consent
from shop.queries.profile import (
    Profile,
    consents_of,
    former_names,
    profile_of,
    recipient_of,
    recipients_of,
)

LONG_AGO = NOON - timedelta(days=300)


def note(account, kind="name_changed", at=NOON, **facts):
    db.session.add(AccountEvent(account_id=account.id, kind=kind, facts=facts, happened_at=at))
    db.session.commit()


def test_a_profile_is_what_its_owner_told(inside, make):
    account = make.account("igor@example.ru", birth_on=date(1985, 3, 8), phone="+79161234567")

    assert profile_of(account_id=account.id) == Profile(
        family_name="Секретов",
        given_name="Игорь",
        patronymic="",
        greeting="name",
        birth_on=date(1985, 3, 8),
        sex="",
        phone="+79161234567",
        email="igor@example.ru",
        email_confirmed_at=NOON,
    )


def test_former_names_are_told_newest_first_and_only_ones_own(inside, make):
    anna, other = make.account(), make.account()
    note(anna, at=LONG_AGO, old="Ли Анна", new="Ю Анна")
    note(anna, at=NOON, old="Ю Анна", new="Ёлкина Анна")
    note(anna, "details_changed", field="phone")
    note(other, old="Чужая Анна", new="Другая Анна")

    assert former_names(account_id=anna.id) == [("Ю Анна", NOON), ("Ли Анна", LONG_AGO)]


def test_former_names_have_an_end(inside, make):
    anna = make.account()
    for number in range(12):
        note(anna, at=NOON + timedelta(hours=number), old=f"Ли {number}")

    assert [one.full_name for one in former_names(account_id=anna.id)][:2] == ["Ли 11", "Ли 10"]
    assert len(former_names(account_id=anna.id)) == 10


def test_consents_are_told_with_version_and_moment(inside, make):
    anna, other = make.account(), make.account()
    for account, version, at in (
        (anna, "2026-11-24", NOON),
        (anna, "2026-01-28", LONG_AGO),
        (other, "2026-11-24", NOON),
    ):
        db.session.add(
            Consent(account_id=account.id, document="personal-data", version=version, given_at=at)
        )
    db.session.commit()

    assert consents_of(account_id=anna.id) == [
        ("personal-data", "2026-01-28", LONG_AGO),
        ("personal-data", "2026-11-24", NOON),
    ]


def test_recipients_are_told_in_the_order_they_were_written(inside, make):
    igor, other = make.account(), make.account()
    olga, lee = kept(inside, igor), kept(inside, igor, full_name="Ли Ю")
    kept(inside, other, full_name="Ибн Сина")

    assert [(one.id, one.full_name) for one in recipients_of(account_id=igor.id)] == [
        (olga, "О'Коннор Ольга"),
        (lee, "Ли Ю"),
    ]
    assert recipient_of(account_id=other.id, recipient_id=olga) is None
    assert recipient_of(account_id=igor.id, recipient_id=0) is None
