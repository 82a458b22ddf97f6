from datetime import timedelta

from factories import NOON
from signing import letters, together
from sqlalchemy import select

from shop.db import db
from shop.models import AccountEvent, SpentKey, UserSession
from shop.queries.auth import card_of_session
from shop.rules.auth import token_hash
from shop.rules.devices import NO_DEVICE, device_of
from shop.services.auth import (
    end_session,
    end_sessions,
    leave,
    note_seen,
    open_session,
    prove_again,
    renew_session,
    spend_key,
)

PHONE = device_of(user_agent="Chrome/140 Android", address="5.255.255.5")


def opened(account, way="password", **more):
    return open_session(account_id=account.id, way=way, **{"device": PHONE, "now": NOON} | more)


def events():
    return [
        (one.kind, one.facts) for one in db.session.scalars(select(AccountEvent).order_by("id"))
    ]


def test_a_browser_holds_the_token_and_the_shop_only_its_hash(inside, make):
    igor = make.account()

    token = opened(igor)

    kept = db.session.scalars(select(UserSession)).one()
    assert kept.token_hash == token_hash(token)
    assert (kept.device, kept.country, kept.network) == ("Chrome, Android", "RU", "5.255.255.0/24")
    card = card_of_session(token=token)
    assert (card.id, card.session_id, card.way) == (igor.id, kept.id, "password")
    assert (card.proved_at, card.seen_at) == (NOON, NOON)
    assert card_of_session(token="made up") is None
    assert events() == [("signed_in", {"way": "password"})]
    assert letters() == []


def test_the_mailbox_is_told_of_a_device_that_was_never_used(inside, make):
    igor = make.account("igor@example.ru")

    opened(igor, is_known_device=False)

    (letter,) = letters()
    assert (letter["letter"], letter["to"]) == ("new_device", "igor@example.ru")
    assert letter["facts"] == {
        "greeting": "Игорь",
        "device": "Chrome, Android",
        "country": "RU",
        "network": "5.255.255.0/24",
        "at": NOON.isoformat(),
    }
    assert events() == [("signed_in_on_new_device", {"way": "password"})]


def test_registering_isnt_told_as_a_sign_in(inside, make):
    opened(make.account(), way="registration", is_known_device=False)

    assert events() == []
    assert letters() == []


def test_a_session_is_ended_once_and_only_by_its_own_account(inside, make):
    igor, anna = make.account(), make.account()
    mine, other = opened(igor), opened(igor)
    number = card_of_session(token=mine).session_id

    assert end_session(account_id=anna.id, session_id=number, now=NOON) is False
    assert card_of_session(token=mine)
    assert end_session(account_id=igor.id, session_id=number, now=NOON) is True
    assert end_session(account_id=igor.id, session_id=number, now=NOON) is False
    assert card_of_session(token=mine) is None
    assert card_of_session(token=other)


def test_everywhere_else_means_not_here_and_nobody_elses(inside, make):
    igor, anna = make.account(), make.account()
    here, there, beyond, hers = opened(igor), opened(igor), opened(igor), opened(anna)

    ended = end_sessions(account_id=igor.id, but=card_of_session(token=here).session_id, now=NOON)

    assert ended == 2
    assert [bool(card_of_session(token=one)) for one in (here, there, beyond, hers)] == [
        True,
        False,
        False,
        True,
    ]
    assert end_sessions(account_id=igor.id, now=NOON) == 1
    assert card_of_session(token=here) is None


def test_going_out_is_written_down_once(inside, make):
    igor = make.account()
    number = card_of_session(token=opened(igor)).session_id

    for _ in range(2):
        leave(account_id=igor.id, session_id=number, device=PHONE, now=NOON)

    assert [kind for kind, _ in events()] == ["signed_in", "signed_out"]


def test_proving_again_being_seen_and_a_new_token(inside, make):
    token = opened(make.account())
    number, later = card_of_session(token=token).session_id, NOON + timedelta(hours=1)

    note_seen(session_id=number, device=NO_DEVICE, now=later)
    card = card_of_session(token=token)
    assert (card.proved_at, card.seen_at) == (NOON, later)

    prove_again(session_id=number, now=later)
    assert card_of_session(token=token).proved_at == later

    renewed = renew_session(session_id=number, now=later)
    assert card_of_session(token=token) is None
    assert card_of_session(token=renewed).session_id == number


def test_a_key_opens_once_whoever_is_first(inside):
    ends = NOON + timedelta(minutes=10)

    came = together(inside, *[lambda: spend_key(key="k", expires_at=ends, now=NOON)] * 6)

    assert sorted(came) == [False] * 5 + [True]
    assert spend_key(key="another", expires_at=ends, now=NOON) is True


def test_a_key_is_forgotten_when_its_signature_is_long_over(inside):
    spend_key(key="old", expires_at=NOON, now=NOON)

    spend_key(key="new", expires_at=NOON + timedelta(hours=3), now=NOON + timedelta(hours=2))

    assert [one.key_hash for one in db.session.scalars(select(SpentKey))] == [token_hash("new")]
