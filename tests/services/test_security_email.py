"""Another e-mail: asked, confirmed, stopped."""

from datetime import timedelta

import pytest
from factories import NOON, PASSWORD
from moving import (
    NEW,
    OLD,
    PHONE,
    asked,
    changes,
    confirm,
    email_of,
    events,
    facts_of,
    kept,
    open_sessions,
    undo,
    written,
)
from signing import NEW_PASSWORD, letters, registered, sign_in, token_of

from shop.queries.security.moving import change_to_confirm, change_to_stop, waiting_change
from shop.rules.auth import token_hash
from shop.services.auth import WrongCredentials, confirm_by_token, open_session
from shop.services.security.email import (
    AddressTaken,
    MoveIsOver,
    SameAddress,
    ask_for_change,
    stop_change,
    stop_change_by_link,
)

DAY = timedelta(days=1)


@pytest.fixture
def igor(make):
    return make.account(OLD, patronymic="Валерьянович", greeting="name_and_patronymic")


def session(account, now=NOON):
    return open_session(account_id=account.id, way="password", device=PHONE, now=now)


def nothing_changed(account):
    return email_of(account) == OLD and sign_in(OLD, PASSWORD) == account.id


def test_the_new_mailbox_is_asked_and_the_old_one_warned(inside, igor):
    ask_for_change(account_id=igor.id, new_email=" Igor@NEW.example ", device=PHONE, now=NOON)

    assert written() == [("email_change_confirm", NEW), ("email_change_warning", OLD)]
    ask, warning = (one["facts"] for one in letters())
    assert ask["greeting"] == warning["greeting"] == "Игорь Валерьянович"
    assert ask["old_email"] == "i•••r@example.ru" and ask["hours"] == 24
    assert (warning["device"], warning["country"]) == ("Chrome, Android", "RU")
    assert (warning["new_email"], warning["days"]) == (NEW, 7)
    assert events(igor) == ["email_change_asked"]
    assert facts_of(igor, "email_change_asked") == {"old": OLD, "new": NEW}
    assert waiting_change(account_id=igor.id, now=NOON).new_email == NEW
    assert nothing_changed(igor)


def test_tokens_are_kept_as_hashes_only(inside, igor):
    link, stop = asked(igor)

    (change,) = changes()
    assert (change.token_hash, change.undo_token_hash) == (token_hash(link), token_hash(stop))
    assert len({link, stop, change.token_hash, change.undo_token_hash}) == 4


def test_the_link_makes_the_new_address_the_login(inside, igor):
    link, _ = asked(igor)

    assert confirm(link, now=NOON + DAY - timedelta(seconds=1)) == igor.id

    assert email_of(igor) == NEW
    assert kept(igor.id).email_confirmed_at == NOON + DAY - timedelta(seconds=1)
    assert sign_in(NEW, PASSWORD) == igor.id
    with pytest.raises(WrongCredentials):
        sign_in(OLD, PASSWORD)
    assert written()[2:] == [("email_changed", OLD)]
    assert events(igor) == ["email_change_asked", "email_changed"]
    assert facts_of(igor, "email_changed") == {"old": OLD, "new": NEW}
    assert waiting_change(account_id=igor.id, now=NOON) is None


def test_every_session_ends_but_the_one_that_confirms(inside, igor):
    session(igor), session(igor)
    here = open_sessions(igor)[1]
    link, _ = asked(igor)

    confirm(link, but=here)

    assert open_sessions(igor) == [here]


def test_a_session_of_another_account_saves_none_of_this_one(inside, igor, make):
    session(igor)
    other = make.account()
    session(other)
    link, _ = asked(igor)

    confirm(link, but=open_sessions(other)[0])

    assert open_sessions(igor) == []
    assert len(open_sessions(other)) == 1


def test_pressed_twice_is_as_good_as_once(inside, igor):
    link, _ = asked(igor)
    confirm(link)
    session(igor)

    assert confirm(link, now=NOON + timedelta(hours=1)) == igor.id

    assert len(open_sessions(igor)) == 1
    assert [one[0] for one in written()].count("email_changed") == 1
    assert change_to_confirm(token=link, now=NOON + 3 * DAY).is_done


def test_the_link_lives_a_day(inside, igor):
    link, _ = asked(igor)

    assert change_to_confirm(token=link, now=NOON + DAY) is None
    with pytest.raises(MoveIsOver):
        confirm(link, now=NOON + DAY)
    assert nothing_changed(igor)


@pytest.mark.parametrize("link", ["", "nonsense", "' OR 1=1 --", "я" * 500])
def test_a_made_up_link_changes_nothing(inside, igor, link):
    asked(igor)

    for deed in (
        lambda: confirm(link),
        lambda: undo(link),
        lambda: stop_change_by_link(token=link, device=PHONE, now=NOON),
    ):
        with pytest.raises(MoveIsOver):
            deed()
    assert nothing_changed(igor)
    assert waiting_change(account_id=igor.id, now=NOON)


def test_one_letters_token_doesnt_do_the_others_deed(inside, igor):
    link, stop = asked(igor)

    with pytest.raises(MoveIsOver):
        confirm(stop)
    with pytest.raises(MoveIsOver):
        stop_change_by_link(token=link, device=PHONE, now=NOON)
    with pytest.raises(MoveIsOver):
        undo(stop)
    assert nothing_changed(igor)


def test_a_newer_change_ends_the_older(inside, igor):
    older, older_stop = asked(igor)
    newer, _ = asked(igor, "igor@newest.example", now=NOON + timedelta(minutes=1))

    with pytest.raises(MoveIsOver):
        confirm(older)
    assert change_to_stop(token=older_stop, now=NOON) is None
    confirm(newer)
    assert email_of(igor) == "igor@newest.example"


def test_the_same_address_is_no_change(inside, igor):
    with pytest.raises(SameAddress):
        ask_for_change(account_id=igor.id, new_email="IGOR@example.ru", device=PHONE, now=NOON)

    assert (written(), changes(), events(igor)) == ([], [], [])


def test_of_an_address_that_is_somebodys_only_its_mailbox_is_told(inside, igor, make):
    anna = make.account(NEW, given_name="Анна")

    ask_for_change(account_id=igor.id, new_email=NEW, device=PHONE, now=NOON)

    assert written() == [("email_change_taken", NEW), ("email_change_warning", OLD)]
    assert letters()[0]["facts"] == {"greeting": "Анна"}
    # The giver's cabinet looks as with an address that is nobody's.
    assert waiting_change(account_id=igor.id, now=NOON).new_email == NEW
    assert events(igor) == ["email_change_asked"]
    assert events(anna) == []
    assert nothing_changed(igor)


def test_an_address_that_has_become_somebodys_meanwhile_isnt_given(inside, igor):
    link, _ = asked(igor)
    anna = registered(NEW)
    confirm_by_token(token=token_of(letters("confirmation")[0]), now=NOON)

    with pytest.raises(AddressTaken):
        confirm(link)

    assert nothing_changed(igor)
    assert sign_in(NEW, NEW_PASSWORD) == anna
    assert changes()[0].confirmed_at is None


def test_who_had_only_registered_with_the_address_has_no_claim_to_it_any_more(inside, igor):
    claim = registered(NEW)
    session(kept(claim))
    link, _ = asked(igor)

    confirm(link)

    assert kept(claim).password_hash == ""
    assert open_sessions(kept(claim)) == []
    from shop.services.auth import LinkIsOver

    with pytest.raises(LinkIsOver):
        confirm_by_token(token=token_of(letters("confirmation")[0]), now=NOON)
    assert sign_in(NEW, PASSWORD) == igor.id


def test_the_cabinet_stops_a_change(inside, igor):
    link, stop = asked(igor)

    assert stop_change(account_id=igor.id, device=PHONE, now=NOON)
    assert not stop_change(account_id=igor.id, device=PHONE, now=NOON)

    for deed in (lambda: confirm(link), lambda: undo(stop)):
        with pytest.raises(MoveIsOver):
            deed()
    assert events(igor) == ["email_change_asked", "email_change_stopped"]
    assert nothing_changed(igor)


def test_the_old_mailbox_stops_a_change_and_twice_is_as_good_as_once(inside, igor):
    link, stop = asked(igor)

    for _ in range(2):
        stop_change_by_link(token=stop, device=PHONE, now=NOON)

    with pytest.raises(MoveIsOver):
        confirm(link)
    assert events(igor) == ["email_change_asked", "email_change_stopped"]
    assert nothing_changed(igor)
