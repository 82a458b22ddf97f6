"""The authenticator app: turned on and off."""

from datetime import timedelta

import pytest
from factories import NOON
from signing import letters
from sqlalchemy import select
from stepping import (
    HALF_A_MINUTE,
    HOME,
    begun,
    code,
    events,
    session_id,
    step,
    stepping,
    unused_codes,
    wrong_code,
)

from shop.db import db
from shop.models import RecoveryCode, SecondStep, UserSession
from shop.queries.security.second_step import mark_to_remember
from shop.services.auth import TooManyTries
from shop.services.security import (
    CodeDoesntFit,
    CodeWasUsed,
    StepIsOver,
    begin_second_step,
    secret_to_scan,
    turn_off,
    turn_on,
)

LATER = NOON + timedelta(minutes=2)


@pytest.fixture
def igor(inside, make):
    return make.account("igor@example.ru").id


def on(account_id, typed, now=NOON, **more):
    values = {"session_id": more.pop("session", 0), "device": HOME}
    return turn_on(account_id=account_id, code=typed, now=now, **values | more)


def off(account_id, typed, now=LATER, **more):
    turn_off(account_id=account_id, code=typed, now=now, **{"device": HOME} | more)


def ways(account_id):
    """The ways of the sign-ins that are open."""
    rows = select(UserSession.way).where(
        UserSession.account_id == account_id, UserSession.ended_at.is_(None)
    )
    return list(db.session.scalars(rows))


def test_a_secret_alone_asks_nobody_for_anything(igor):
    secret = begun(igor)

    assert len(secret) == 32
    assert mark_to_remember(account_id=igor) == ""
    assert step(igor).works_since is None
    assert (events(igor), letters()) == ([], [])


def test_the_secret_stays_while_the_page_is_loaded_again_and_is_another_after_an_hour(igor):
    first = begun(igor)

    assert begun(igor, NOON + timedelta(minutes=59)) == first
    assert secret_to_scan(account_id=igor, now=NOON + timedelta(hours=1)) == ""
    assert begun(igor, NOON + timedelta(hours=1)) not in {first, ""}


def test_the_database_holds_the_secret_and_the_codes_sealed(igor):
    secret, codes = stepping(igor)

    assert secret not in step(igor).sealed_secret
    kept = {one.code_hash for one in db.session.scalars(select(RecoveryCode))}
    assert len(kept) == 10 and not kept & {one.replace("-", "") for one in codes}
    assert {len(one) for one in kept} == {64}


def test_the_first_right_code_turns_it_on_and_gives_ten_recovery_codes(igor):
    secret, codes = stepping(igor)

    assert step(igor).works_since == NOON
    assert mark_to_remember(account_id=igor) != ""
    assert len(set(codes)) == 10
    assert {tuple(len(part) for part in one.split("-")) for one in codes} == {(4, 4, 4)}
    assert events(igor) == [("second_step_on", {"ended": 0})]
    (letter,) = letters()
    assert (letter["letter"], letter["to"]) == ("second_step_on", "igor@example.ru")
    assert letter["facts"] == {
        "greeting": "Игорь",
        "at": NOON.isoformat(),
        "device": "Chrome, Android",
        "country": "RU",
        "network": "203.0.113.0/24",
    }
    assert not any(one in str(letter) for one in (*codes, secret))


def test_turning_on_signs_the_other_devices_out_and_counts_here_as_the_second_step(igor):
    session_id(igor), session_id(igor)
    here, secret = session_id(igor), begun(igor)

    on(igor, code(secret, NOON), session=here)

    assert ways(igor) == ["second_step"]
    assert events(igor) == [("second_step_on", {"ended": 2})]


def test_a_wrong_first_code_changes_nothing(igor):
    secret, other = begun(igor), session_id(igor)

    with pytest.raises(CodeDoesntFit):
        on(igor, wrong_code(secret, NOON))

    assert step(igor).works_since is None
    assert ways(igor) == ["password"] and other
    assert (events(igor), letters(), unused_codes(igor)) == ([], [], 0)
    assert secret_to_scan(account_id=igor, now=NOON) == secret


def test_without_a_beginning_or_long_after_it_there_is_nothing_to_turn_on(igor):
    with pytest.raises(StepIsOver):
        on(igor, "000000")
    secret, late = begun(igor), NOON + timedelta(hours=1)
    with pytest.raises(StepIsOver):
        on(igor, code(secret, late), now=late)

    assert step(igor).works_since is None


def test_turning_on_twice_keeps_the_first_secret_and_its_codes(igor):
    secret, _codes = stepping(igor)
    sealed = step(igor).sealed_secret

    with pytest.raises(StepIsOver):
        on(igor, code(secret, LATER), now=LATER)
    with pytest.raises(StepIsOver):
        begin_second_step(account_id=igor, now=LATER)

    assert step(igor).sealed_secret == sealed
    assert secret_to_scan(account_id=igor, now=LATER) == ""
    assert unused_codes(igor) == 10


def test_a_secret_copied_to_another_account_opens_nothing(igor, make):
    other = make.account("anna@example.ru").id
    begun(igor)
    copied = step(igor).sealed_secret
    db.session.add(SecondStep(account_id=other, sealed_secret=copied, last_interval=0))
    db.session.commit()

    assert secret_to_scan(account_id=other, now=NOON) == ""


@pytest.mark.parametrize("kind", ["app", "recovery_code"])
def test_a_code_of_either_kind_turns_it_off_and_leaves_nothing_behind(igor, kind):
    secret, codes = stepping(igor)

    off(igor, code(secret, LATER) if kind == "app" else codes[3].upper())

    assert step(igor) is None
    assert mark_to_remember(account_id=igor) == ""
    assert db.session.scalars(select(RecoveryCode)).all() == []
    assert ways(igor) == ["password"]
    assert events(igor)[1:] == [("second_step_off", {"by": kind})]
    assert [one["letter"] for one in letters()] == ["second_step_on", "second_step_off"]


def test_a_wrong_code_turns_nothing_off(igor):
    secret, _codes = stepping(igor)

    for typed in (wrong_code(secret, LATER), "abcd-efgh-jkmn", "", "код"):
        with pytest.raises(CodeDoesntFit):
            off(igor, typed)

    assert step(igor).works_since == NOON
    assert unused_codes(igor) == 10
    assert len(events(igor)) == len(letters()) == 1


def test_the_code_that_turned_it_on_doesnt_turn_it_off(igor):
    secret, _codes = stepping(igor)

    with pytest.raises(CodeWasUsed):
        off(igor, code(secret, NOON), now=NOON)
    off(igor, code(secret, NOON + HALF_A_MINUTE), now=NOON)

    assert step(igor) is None


def test_turning_off_what_is_off_changes_nothing(igor):
    with pytest.raises(StepIsOver):
        off(igor, "123456")

    assert (events(igor), letters()) == ([], [])


def test_guesses_at_turning_off_are_counted(igor):
    secret, _codes = stepping(igor)
    for _ in range(10):
        with pytest.raises(CodeDoesntFit):
            off(igor, wrong_code(secret, LATER))

    with pytest.raises(TooManyTries) as fault:
        off(igor, code(secret, LATER))

    assert fault.value.wait == timedelta(minutes=15)
    assert step(igor).works_since == NOON
