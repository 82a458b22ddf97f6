"""Two at the same moment: whoever is second finds the door shut, and nothing is half done."""

import pytest
from factories import NOON, PASSWORD
from moving import (
    NEW,
    OLD,
    OLGA,
    PHONE,
    TAKER,
    asked,
    changes,
    confirm,
    email_of,
    events,
    handovers,
    kept,
    offered,
    say_give,
    say_take,
    token,
    undo,
    written,
)
from signing import NEW_PASSWORD, letters, registered, sign_in, together, token_of
from sqlalchemy import select

from shop.db import db
from shop.models import Account
from shop.services import recovery
from shop.services.auth import LinkIsOver, confirm_by_token
from shop.services.security.email import (
    AddressTaken,
    ChangeIsDone,
    MoveIsOver,
    stop_change,
    stop_change_by_link,
)
from shop.services.security.handover import stop_handover_by_link

ROUNDS = range(3)


@pytest.fixture
def igor(make):
    return make.account(OLD)


def kinds(came):
    return [type(one) if isinstance(one, Exception) else None for one in came]


def owners_of(email):
    return db.session.scalars(
        select(Account.id).where(Account.email == email, Account.email_confirmed_at.is_not(None))
    ).all()


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_confirmations(inside, igor, _round):
    link, _ = asked(igor)

    came = together(inside, *[lambda: confirm(link)] * 3)

    assert came == [igor.id] * 3
    assert [one[0] for one in written()].count("email_changed") == 1
    assert events(igor).count("email_changed") == 1
    assert email_of(igor) == NEW


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_confirmation_and_the_old_mailboxs_stop(inside, igor, _round):
    link, stop = asked(igor)

    came = together(
        inside,
        lambda: confirm(link),
        lambda: stop_change_by_link(token=stop, device=PHONE, now=NOON),
    )

    assert kinds(came) in ([None, ChangeIsDone], [MoveIsOver, None])
    (change,) = changes()
    if came[0] == igor.id:
        assert (email_of(igor), change.ended_at) == (NEW, None)
    else:
        assert (email_of(igor), change.confirmed_at) == (OLD, None)


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_confirmation_and_a_stop_in_the_cabinet(inside, igor, _round):
    link, _ = asked(igor)

    came = together(
        inside,
        lambda: confirm(link),
        lambda: stop_change(account_id=igor.id, device=PHONE, now=NOON),
    )

    confirmed = came[0] == igor.id
    assert came[1] is not confirmed
    assert email_of(igor) == (NEW if confirmed else OLD)


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_confirmation_pressed_again_and_the_undoing(inside, igor, _round):
    link, back = asked(igor)
    confirm(link)

    came = together(inside, lambda: confirm(link), lambda: undo(back))

    assert came[1] == igor.id
    assert kinds(came)[0] in {None, MoveIsOver}
    assert email_of(igor) == OLD
    assert sign_in(OLD, NEW_PASSWORD) == igor.id


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_undoings_by_the_two_letters(inside, igor, _round):
    link, back = asked(igor)
    confirm(link)
    later = token("email_changed")

    came = together(inside, lambda: undo(back, "пароль первый"), lambda: undo(later, "второй один"))

    assert sorted(map(str, kinds(came))) == sorted([str(None), str(MoveIsOver)])
    right = "пароль первый" if came[0] == igor.id else "второй один"
    assert sign_in(OLD, right) == igor.id


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_accounts_move_to_one_address(inside, igor, make, _round):
    anna = make.account("anna@example.ru")
    links = [asked(igor)[0], asked(anna)[0]]

    came = together(inside, *[lambda link=link: confirm(link) for link in links])

    assert sorted(map(str, kinds(came))) == sorted([str(None), str(AddressTaken)])
    winner = igor if came[0] == igor.id else anna
    assert owners_of(NEW) == [winner.id]
    loser = anna if winner is igor else igor
    assert email_of(loser) == {igor.id: OLD, anna.id: "anna@example.ru"}[loser.id]
    assert sign_in(email_of(loser), PASSWORD) == loser.id


@pytest.mark.parametrize("_round", ROUNDS)
def test_an_account_moves_to_an_address_that_somebody_is_registering(inside, igor, _round):
    link, _ = asked(igor)
    anna = registered(NEW)
    proof = token_of(letters("confirmation")[0])

    came = together(inside, lambda: confirm(link), lambda: confirm_by_token(token=proof, now=NOON))

    assert kinds(came) in ([None, LinkIsOver], [AddressTaken, None])
    assert owners_of(NEW) == [igor.id if came[0] == igor.id else anna]


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_confirmation_and_a_recovery_by_the_old_mailbox(inside, igor, _round):
    """Either the account is gone from the old mailbox, or the old mailbox has ended the change. Never both."""
    link, _ = asked(igor)
    recovery.send_link(email=OLD, now=NOON)
    old = token("recovery")

    came = together(
        inside,
        lambda: confirm(link),
        lambda: recovery.choose_password(token=old, password=NEW_PASSWORD, now=NOON),
    )

    assert kinds(came) in ([None, recovery.LinkIsOver], [MoveIsOver, None])
    moved = came[0] == igor.id
    login = (NEW, PASSWORD) if moved else (OLD, NEW_PASSWORD)
    assert sign_in(*login) == igor.id


@pytest.mark.parametrize("_round", ROUNDS)
def test_both_say_yes_to_a_handover(inside, igor, _round):
    giver, taker = offered(igor)

    came = together(inside, lambda: say_give(giver), lambda: say_take(taker))

    assert sorted(came) == [False, True]
    assert events(igor).count("handed_over") == 1
    assert [one[0] for one in written()].count("handed_over") == 2
    assert sign_in(TAKER, NEW_PASSWORD) == igor.id
    assert kept(igor.id).given_name == OLGA.given_name


@pytest.mark.parametrize("_round", ROUNDS)
def test_the_last_yes_and_a_no(inside, igor, _round):
    giver, taker = offered(igor)
    say_take(taker)

    came = together(
        inside,
        lambda: say_give(giver),
        lambda: stop_handover_by_link(token=taker, device=PHONE, now=NOON),
    )

    assert kinds(came) in ([None, MoveIsOver], [MoveIsOver, None])
    done = came[0] is True
    assert email_of(igor) == (TAKER if done else OLD)
    assert handovers()[0].password_hash == ""


@pytest.mark.parametrize("_round", ROUNDS)
def test_the_last_yes_and_a_change_of_address(inside, igor, _round):
    giver, taker = offered(igor)
    say_take(taker)
    link, _ = asked(igor)

    came = together(inside, lambda: say_give(giver), lambda: confirm(link))

    assert kinds(came) in ([None, MoveIsOver], [MoveIsOver, None])
    if came[0] is True:
        assert (email_of(igor), kept(igor.id).given_name) == (TAKER, OLGA.given_name)
    else:
        assert (email_of(igor), kept(igor.id).given_name) == (NEW, "Игорь")
