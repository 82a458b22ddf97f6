"""The authenticator app: turned on anew, by support, new codes, and a lost key."""

from datetime import timedelta

import pytest
from factories import NOON
from signing import letters
from stepping import (
    HOME,
    begun,
    code,
    events,
    step,
    stepping,
    unused_codes,
    wrong_code,
)

from shop.db import db
from shop.services.security import (
    CodeDoesntFit,
    SecretIsUnreadable,
    drop_second_step,
    make_recovery_codes,
    secret_to_scan,
    turn_off,
)

LATER = NOON + timedelta(minutes=2)


@pytest.fixture
def igor(inside, make):
    return make.account("igor@example.ru").id


def off(account_id, typed, now=LATER, **more):
    turn_off(account_id=account_id, code=typed, now=now, **{"device": HOME} | more)


def renewed(account_id, typed, now=LATER):
    return make_recovery_codes(account_id=account_id, code=typed, device=HOME, now=now)


def test_turned_on_anew_it_has_another_secret_and_other_codes(igor):
    secret, codes = stepping(igor)
    off(igor, code(secret, LATER))

    again, new_codes = stepping(igor, LATER)

    assert again != secret
    assert not set(codes) & set(new_codes)


def test_support_turns_it_off_for_who_lost_both_and_the_log_tells_who_did_it(igor, make):
    stepping(igor)
    employee = make.employee("support").id

    assert drop_second_step(account_id=igor, actor_id=employee, now=LATER) is True
    assert drop_second_step(account_id=igor, actor_id=employee, now=LATER) is False

    assert step(igor) is None
    assert events(igor)[1:] == [("second_step_off", {"by": "support"})]
    assert [one["letter"] for one in letters()] == ["second_step_on", "second_step_off"]


def test_support_leaves_alone_what_was_only_begun(igor):
    secret = begun(igor)

    assert drop_second_step(account_id=igor, now=NOON) is False
    assert secret_to_scan(account_id=igor, now=NOON) == secret


def test_new_codes_void_the_old_ones(igor):
    secret, old = stepping(igor)

    new = renewed(igor, code(secret, LATER))

    assert len(set(new)) == 10 and not set(new) & set(old)
    assert unused_codes(igor) == 10
    with pytest.raises(CodeDoesntFit):
        off(igor, old[0])
    assert events(igor)[1:] == [("recovery_codes_made", {"count": 10})]


def test_new_codes_are_made_for_a_recovery_code_too(igor):
    _secret, old = stepping(igor)

    assert renewed(igor, old[0]) != old
    with pytest.raises(CodeDoesntFit):
        renewed(igor, old[0])


def test_without_a_code_there_are_no_new_codes(igor):
    secret, old = stepping(igor)

    with pytest.raises(CodeDoesntFit):
        renewed(igor, wrong_code(secret, LATER))

    off(igor, old[9])
    assert [kind for kind, _facts in events(igor)] == ["second_step_on", "second_step_off"]


def test_with_another_key_the_app_is_told_apart_from_a_wrong_code(inside, igor, monkeypatch):
    secret, codes = stepping(igor)
    monkeypatch.setitem(inside.config, "SECRET_KEY", "another key of thirty-two letters!")

    for typed in (code(secret, LATER), wrong_code(secret, LATER)):
        with pytest.raises(SecretIsUnreadable):
            off(igor, typed)
    with pytest.raises(CodeDoesntFit):
        off(igor, codes[0])
    assert step(igor).works_since == NOON

    drop_second_step(account_id=igor, now=LATER)
    again, _codes = stepping(igor, LATER)
    assert step(igor).works_since == LATER and again != secret


def test_with_a_spoilt_secret_a_recovery_code_still_helps(igor):
    secret, codes = stepping(igor)
    step(igor).sealed_secret = "spoilt"
    db.session.commit()

    with pytest.raises(SecretIsUnreadable):
        off(igor, code(secret, LATER))
    off(igor, codes[0])

    assert step(igor) is None


def test_with_another_key_one_begins_anew(inside, igor, monkeypatch):
    first = begun(igor)
    monkeypatch.setitem(inside.config, "SECRET_KEY", "another key of thirty-two letters!")

    assert secret_to_scan(account_id=igor, now=NOON) == ""
    assert begun(igor) not in {first, ""}
