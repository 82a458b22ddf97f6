from datetime import timedelta

import pytest
from browser import open_session_row
from factories import NOON, PASSWORD
from signing import NEW_PASSWORD, account, letters, together
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from shop.db import db
from shop.models import Account, Recovery, UserSession
from shop.queries.security import log_of
from shop.rules.devices import Device
from shop.services.auth import PASSWORDS, end_session
from shop.services.recovery import send_link
from shop.services.security import change_password, end_device, end_other_devices

HERE = Device("203.0.113.7", "Chrome, Android", "RU", "203.0.113.0/24")
THE_REST = {"device": HERE, "now": NOON}


def session(who, device="Firefox, Linux", **values):
    """Open a session; return its id."""
    number = db.session.scalar(select(func.count(UserSession.id)))
    open_session_row(who.id, f"token-{number}", device=device, **values)
    return db.session.scalar(select(func.max(UserSession.id)))


def open_sessions(who):
    db.session.rollback()
    return set(
        db.session.scalars(
            select(UserSession.id).where(
                UserSession.account_id == who.id, UserSession.ended_at.is_(None)
            )
        )
    )


def log(who):
    return [(event.kind, event.facts) for event in log_of(account_id=who.id).events]


def test_one_device_is_signed_out_and_the_log_says_which(inside, make):
    igor = make.account()
    here, other, third = session(igor), session(igor, "Safari, iPhone"), session(igor)

    assert end_device(account_id=igor.id, session_id=other, **THE_REST)

    assert open_sessions(igor) == {here, third}
    event = log_of(account_id=igor.id).events[0]
    assert (event.kind, event.facts) == ("session_ended", {"device": "Safari, iPhone"})
    assert (event.device, event.happened_at) == ("Chrome, Android", NOON)


def test_pressed_twice_it_is_one_line_of_the_log(inside, make):
    igor = make.account()
    other = session(igor)

    came = [end_device(account_id=igor.id, session_id=other, **THE_REST) for _ in range(2)]

    assert came == [True, False]
    assert len(log(igor)) == 1


def test_somebody_elses_device_is_not_found_and_stays(inside, make):
    igor, anna = make.account(), make.account()
    hers = session(anna)

    with pytest.raises(NoResultFound):
        end_device(account_id=igor.id, session_id=hers, **THE_REST)

    assert open_sessions(anna) == {hers}
    assert log(igor) == log(anna) == []


def test_all_others_are_signed_out_at_once(inside, make):
    igor, anna = make.account(), make.account()
    here, hers = session(igor), session(anna)
    session(igor)
    session(igor)

    assert end_other_devices(account_id=igor.id, session_id=here, **THE_REST) == 2

    assert open_sessions(igor) == {here}
    assert open_sessions(anna) == {hers}
    assert log(igor) == [("sessions_ended", {"count": 2})]


def test_when_there_are_no_others_the_log_says_nothing(inside, make):
    igor = make.account()
    here = session(igor)

    assert end_other_devices(account_id=igor.id, session_id=here, **THE_REST) == 0

    assert log(igor) == []


def change(who, session_id, password=NEW_PASSWORD):
    return change_password(account_id=who.id, session_id=session_id, password=password, **THE_REST)


def fits(who, password):
    return PASSWORDS.fits(password, account(who.id).password_hash)


def test_a_new_password_signs_out_everywhere_else_and_tells_the_mailbox(inside, make):
    igor = make.account("igor@example.ru")
    here = session(igor)
    session(igor)

    assert change(igor, here)

    assert fits(igor, NEW_PASSWORD)
    assert not fits(igor, PASSWORD)
    assert open_sessions(igor) == {here}
    assert log(igor) == [("password_changed", {})]
    [letter] = letters()
    assert (letter["letter"], letter["to"]) == ("password_changed_here", "igor@example.ru")
    assert letter["facts"] == {
        "greeting": "Игорь",
        "device": "Chrome, Android",
        "country": "RU",
        "network": "203.0.113.0/24",
        "at": NOON.isoformat(),
    }


def test_a_form_sent_twice_is_one_change_and_one_letter(inside, make):
    igor = make.account()
    here = session(igor)

    assert [change(igor, here), change(igor, here)] == [True, False]

    assert fits(igor, NEW_PASSWORD)
    assert len(letters()) == len(log(igor)) == 1


def test_a_form_sent_twice_at_the_same_moment_is_one_letter(app, inside, make):
    igor = make.account()
    here = session(igor)

    came = together(app, *[lambda: change(igor, here)] * 2)

    assert sorted(came) == [False, True]
    assert fits(igor, NEW_PASSWORD)
    assert len(letters()) == len(log(igor)) == 1


def test_the_password_one_has_already_still_signs_the_others_out(inside, make):
    igor = make.account()
    here = session(igor)
    session(igor)

    assert not change(igor, here, PASSWORD)

    assert open_sessions(igor) == {here}
    assert log(igor) == [("sessions_ended", {"count": 1})]
    assert letters() == []


def test_a_link_to_a_new_password_ends_with_the_change(inside, make):
    igor = make.account("igor@example.ru")
    here = session(igor)
    send_link(email="igor@example.ru", now=NOON - timedelta(minutes=1))

    change(igor, here)

    assert db.session.scalars(select(Recovery.used_at)).all() == [NOON]


def test_a_device_that_was_signed_out_meanwhile_changes_nothing(inside, make):
    igor = make.account()
    stolen, other = session(igor), session(igor)
    end_session(account_id=igor.id, session_id=stolen, now=NOON)

    assert not change(igor, stolen)

    assert fits(igor, PASSWORD)
    assert open_sessions(igor) == {other}
    assert letters() == log(igor) == []


def test_somebody_elses_password_stays(inside, make):
    igor, anna = make.account(), make.account()

    change(igor, session(igor))

    assert fits(anna, PASSWORD)
    assert db.session.scalar(select(func.count(Account.id))) == 2
