from datetime import timedelta

from browser import open_session_row
from factories import NOON

from shop.db import db
from shop.models import (
    Account,
    AccountEvent,
    DataExport,
    EmailChange,
    Passkey,
    RecoveryCode,
    SecondStep,
)
from shop.queries.security import devices_of, last_events, log_of, overview_of
from shop.queries.security.overview import Overview
from shop.queries.security.sessions import MOST_SHOWN
from shop.rules.devices import Device
from shop.services.auth import end_session
from shop.services.profile import note_event

PHONE = Device("203.0.113.7", "Chrome, Android", "RU", "203.0.113.0/24")


def session(account, seen_at=NOON, **values):
    """Open a session; return its id."""
    from sqlalchemy import func, select

    from shop.models import UserSession

    token = f"token-{db.session.scalar(select(func.count(UserSession.id)))}"
    open_session_row(account.id, token, opened_at=seen_at, seen_at=seen_at, **values)
    return db.session.scalar(select(func.max(UserSession.id)))


def ids(devices):
    return [device.session_id for device in devices.shown]


def test_this_device_stands_first_then_the_one_used_last(inside, make):
    igor = make.account()
    here = session(igor, NOON - timedelta(days=3))
    long_ago = session(igor, NOON - timedelta(days=2))
    lately = session(igor, NOON, **PHONE.kept, way="passkey")

    devices = devices_of(account_id=igor.id, session_id=here)

    assert ids(devices) == [here, lately, long_ago]
    assert [device.is_here for device in devices.shown] == [True, False, False]
    phone = devices.shown[1]
    assert (phone.name, phone.country, phone.network, phone.way) == (
        "Chrome, Android",
        "RU",
        "203.0.113.•",
        "passkey",
    )
    assert (phone.opened_at, phone.seen_at) == (NOON, NOON)
    assert (devices.count, devices.hidden, devices.has_others) == (3, 0, True)


def test_what_has_ended_and_what_is_somebody_elses_is_not_there(inside, make):
    igor, anna = make.account(), make.account()
    here, over = session(igor), session(igor)
    session(anna)
    end_session(account_id=igor.id, session_id=over, now=NOON)

    devices = devices_of(account_id=igor.id, session_id=here)

    assert ids(devices) == [here]
    assert not devices.has_others


def test_more_devices_than_anybody_has_are_counted(inside, make, queries):
    igor = make.account()
    here = session(igor, NOON - timedelta(days=1))
    for _ in range(MOST_SHOWN + 1):
        session(igor)
    queries.clear()

    devices = devices_of(account_id=igor.id, session_id=here)

    assert len(queries) == 1
    assert (len(devices.shown), devices.count, devices.hidden) == (30, 32, 2)
    assert devices.shown[0].session_id == here


def note(account, kind, minutes=0, **more):
    now = NOON + timedelta(minutes=minutes)
    note_event(account_id=account.id, kind=kind, now=now, **more)


def test_the_log_is_read_newest_first(inside, make):
    igor, employee = make.account(), make.employee()
    note(igor, "registered")
    note(igor, "signed_in", 1, facts={"way": "password"}, device=PHONE)
    note(igor, "lost_mailbox_refused", 1, facts={"number": "7"}, actor_id=employee.id)
    note(make.account(), "signed_out", 2)

    found = log_of(account_id=igor.id)

    kinds = [event.kind for event in found.events]
    assert kinds == ["lost_mailbox_refused", "signed_in", "registered"]
    assert [event.is_by_staff for event in found.events] == [True, False, False]
    signed_in = found.events[1]
    assert signed_in.facts == {"way": "password"}
    assert (signed_in.device, signed_in.country, signed_in.network) == (
        "Chrome, Android",
        "RU",
        "203.0.113.•",
    )
    assert signed_in.happened_at == NOON + timedelta(minutes=1)
    assert (found.count, found.pages) == (3, 1)


def test_the_log_has_pages_of_thirty(inside, make, queries):
    igor = make.account()
    for minute in range(61):
        note(igor, "signed_in", minute)
    queries.clear()

    last = log_of(account_id=igor.id, page=3)

    assert len(queries) == 2
    assert (last.count, last.pages, last.page) == (61, 3, 3)
    assert [event.happened_at for event in last.events] == [NOON]
    assert len(log_of(account_id=igor.id, page=2).events) == 30
    assert log_of(account_id=igor.id, page=4).events == ()


def test_an_empty_log_has_one_page(inside, make):
    found = log_of(account_id=make.account().id)

    assert (found.events, found.count, found.pages) == ((), 0, 1)


def test_the_last_five_things_are_told_on_the_page(inside, make):
    igor = make.account()
    for minute in range(6):
        note(igor, "signed_in", minute)

    events = last_events(account_id=igor.id)

    assert [event.happened_at.minute for event in events] == [5, 4, 3, 2, 1]


def test_facts_that_are_no_more_than_nothing_are_an_empty_dictionary(inside, make):
    igor = make.account()
    db.session.add(
        AccountEvent(account_id=igor.id, kind="signed_out", facts=None, happened_at=NOON)
    )
    db.session.commit()

    assert last_events(account_id=igor.id)[0].facts == {}


def test_an_account_with_nothing_added_is_told_so(inside, make, queries):
    igor = make.account()
    queries.clear()

    overview = overview_of(account_id=igor.id, now=NOON)

    assert len(queries) == 1
    assert overview == Overview(0, False, 0, "", "", None, None)


def passkey(account, number):
    return Passkey(
        account_id=account.id,
        credential_id=bytes([number]),
        public_key=b"key",
        user_handle=b"handle",
        transports=[],
        name="Телефон",
        created_at=NOON,
    )


def change(account, token, new_email="new@example.ru", **more):
    values = {"expires_at": NOON + timedelta(hours=1), "asked_at": NOON}
    return EmailChange(
        account_id=account.id,
        old_email=account.email,
        new_email=new_email,
        token_hash=token,
        undo_token_hash=f"undo-{token}",
        **values | more,
    )


def test_an_overview_counts_what_keeps_an_account_safe(inside, make, queries):
    igor, anna = make.account(ends_at=NOON + timedelta(days=30)), make.account()
    until = NOON + timedelta(days=7)
    db.session.add_all(
        [
            *(passkey(igor, number) for number in (1, 2)),
            passkey(anna, 3),
            SecondStep(account_id=igor.id, sealed_secret="sealed", works_since=NOON),
            RecoveryCode(account_id=igor.id, code_hash="a"),
            RecoveryCode(account_id=igor.id, code_hash="b", used_at=NOON),
            change(igor, "1", "older@example.ru", ended_at=NOON),
            change(igor, "2"),
            DataExport(account_id=igor.id, state="gone", asked_at=NOON),
            DataExport(account_id=igor.id, state="ready", asked_at=NOON, expires_at=until),
        ]
    )
    db.session.commit()
    queries.clear()

    overview = overview_of(account_id=igor.id, now=NOON)

    assert len(queries) == 1
    assert overview == Overview(2, True, 1, "new@example.ru", "ready", until, igor.ends_at)
    assert overview_of(account_id=anna.id, now=NOON).passkeys == 1


def test_a_second_step_that_was_never_tried_does_not_count(inside, make):
    igor = make.account()
    db.session.add(SecondStep(account_id=igor.id, sealed_secret="sealed"))
    db.session.commit()

    assert not overview_of(account_id=igor.id, now=NOON).has_second_step


def test_a_change_of_address_that_is_over_is_not_pending(inside, make):
    igor = make.account()
    db.session.add_all(
        [
            change(igor, "1", expires_at=NOON),
            change(igor, "2", confirmed_at=NOON),
            change(igor, "3", ended_at=NOON),
        ]
    )
    db.session.commit()

    assert overview_of(account_id=igor.id, now=NOON).new_email == ""
    assert db.session.get_one(Account, igor.id).email == igor.email
