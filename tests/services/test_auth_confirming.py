from datetime import timedelta

import pytest
from factories import NOON
from signing import (
    NEW_PASSWORD,
    account,
    code_of,
    letters,
    registered,
    sign_in,
    together,
    token_of,
    wrong,
)
from sqlalchemy import func, select

from shop.db import db
from shop.models import Account, Confirmation
from shop.queries.auth import card_of_session
from shop.rules.devices import NO_DEVICE
from shop.services.auth import (
    CodeIsOver,
    LinkIsOver,
    TooManyTries,
    WrongCode,
    WrongCredentials,
    confirm_by_code,
    confirm_by_token,
    open_session,
    send_confirmation_again,
    write_again,
)
from shop.services.auth.confirming import AGAIN
from shop.services.notices import work_through


def worker(now):
    """The worker's part: the letters that were asked for."""
    errands = {
        AGAIN: lambda payload: write_again(
            asked=payload["asked"], account_id=payload["account_id"], **payload["facts"], now=now
        )
    }
    work_through(now=now, errands=errands, letters=False)


def sent_again(account_id, now):
    send_confirmation_again(account_id=account_id, now=now)
    worker(now)


def test_the_link_proves_the_mailbox_and_pressed_twice_is_as_good_as_once(inside):
    account_id = registered()
    token = token_of(letters()[0])

    assert confirm_by_token(token=token, now=NOON) == account_id
    assert confirm_by_token(token=token, now=NOON + timedelta(hours=1)) == account_id
    assert account(account_id).email_confirmed_at == NOON
    assert sign_in(password=NEW_PASSWORD) == account_id


@pytest.mark.parametrize("token", ["", "nonsense", "' OR 1=1 --", "я" * 500])
def test_a_made_up_link_proves_nothing(inside, token):
    account_id = registered()

    with pytest.raises(LinkIsOver):
        confirm_by_token(token=token, now=NOON)
    assert account(account_id).email_confirmed_at is None


def test_the_link_lives_a_day(inside):
    registered()
    token = token_of(letters()[0])

    with pytest.raises(LinkIsOver):
        confirm_by_token(token=token, now=NOON + timedelta(hours=24))
    assert confirm_by_token(token=token, now=NOON + timedelta(hours=23, minutes=59))


@pytest.mark.parametrize(
    "written", ["{0}{1}", "{0} {1}", "{0}-{1}", " {0}\u00a0{1}\n", "код: {0} {1}.", "{0}–{1}"]
)
def test_the_code_is_taken_as_people_type_and_paste_it(inside, written):
    account_id = registered()
    code = written.format(*code_of(letters()[0]).split())

    assert confirm_by_code(account_id=account_id, code=code, now=NOON) == account_id
    assert account(account_id).email_confirmed_at == NOON


def test_the_code_works_on_another_device_with_the_address(inside):
    account_id = registered()

    assert (
        confirm_by_code(
            account_id=None, email=" IGOR@example.ru", code=code_of(letters()[0]), now=NOON
        )
        == account_id
    )


def test_the_code_lives_half_an_hour_and_then_says_so(inside):
    account_id = registered()
    code = code_of(letters()[0])

    with pytest.raises(CodeIsOver):
        confirm_by_code(account_id=account_id, code=code, now=NOON + timedelta(minutes=30))
    assert confirm_by_code(account_id=account_id, code=code, now=NOON + timedelta(minutes=29))


def test_after_ten_wrong_codes_the_right_one_is_refused_too_until_a_new_letter(inside):
    account_id = registered()
    code = code_of(letters()[0])
    for _ in range(10):
        with pytest.raises(WrongCode):
            confirm_by_code(account_id=account_id, code=wrong(code), now=NOON)

    with pytest.raises(CodeIsOver):
        confirm_by_code(account_id=account_id, code=code, now=NOON)
    assert account(account_id).email_confirmed_at is None

    later = NOON + timedelta(minutes=2)
    sent_again(account_id, later)
    assert (
        confirm_by_code(account_id=account_id, code=code_of(letters()[1]), now=later) == account_id
    )


def test_codes_tried_at_once_are_all_counted(inside):
    account_id = registered()
    code = code_of(letters()[0])

    together(
        inside, *[lambda: confirm_by_code(account_id=account_id, code=wrong(code), now=NOON)] * 6
    )

    assert db.session.scalar(select(Confirmation.wrong_tries)) == 6


def test_an_older_code_stays_valid_after_a_new_letter(inside):
    account_id = registered()
    later = NOON + timedelta(minutes=2)
    sent_again(account_id, later)

    assert (
        confirm_by_code(account_id=account_id, code=code_of(letters()[0]), now=later) == account_id
    )


def test_a_letter_is_sent_again_once_a_minute_and_five_times_an_hour(inside):
    account_id = registered()
    with pytest.raises(TooManyTries) as soon:
        send_confirmation_again(account_id=account_id, now=NOON + timedelta(seconds=20))
    for number in range(1, 5):
        sent_again(account_id, NOON + timedelta(minutes=2 * number))
    with pytest.raises(TooManyTries) as enough:
        send_confirmation_again(account_id=account_id, now=NOON + timedelta(minutes=12))

    assert soon.value.wait == timedelta(seconds=40)
    assert enough.value.wait == timedelta(minutes=48)
    assert len(letters()) == 5


def test_asking_for_a_letter_by_address_is_counted_alike_for_addresses_nobody_has(inside):
    for email in ("nobody@example.ru", "igor@example.ru"):
        send_confirmation_again(account_id=None, email=email, now=NOON)
        with pytest.raises(TooManyTries):
            send_confirmation_again(account_id=None, email=email, now=NOON)

    worker(NOON)
    assert letters() == []


def test_a_letter_asked_for_by_address_is_written_by_the_worker_to_whoever_waits_for_it(inside):
    registered()
    later = NOON + timedelta(minutes=2)
    send_confirmation_again(account_id=None, email="igor@example.ru", now=later)
    assert len(letters()) == 1

    worker(later)

    assert [one["to"] for one in letters("confirmation")] == ["igor@example.ru"] * 2


def test_the_worker_writes_one_letter_for_one_asking_though_told_of_it_twice(inside):
    account_id = registered()
    for _ in range(2):
        write_again(asked="once", account_id=account_id, email="", now=NOON)

    assert len(letters()) == 2
    assert db.session.scalar(select(func.count(Confirmation.id))) == 2


def test_a_letter_asked_for_before_the_mailbox_was_proved_is_not_written_any_more(inside):
    account_id = registered()
    send_confirmation_again(account_id=account_id, now=NOON + timedelta(minutes=2))
    confirm_by_code(
        account_id=account_id, code=code_of(letters()[0]), now=NOON + timedelta(minutes=2)
    )

    worker(NOON + timedelta(minutes=2))

    assert len(letters()) == 1


def test_whoever_proves_the_mailbox_owns_it_and_every_other_claim_ends(inside):
    thief = registered(password="the thief's own")
    owner = registered()
    thiefs, owners = letters()
    tokens = [
        open_session(account_id=claim, way="registration", device=NO_DEVICE, now=NOON)
        for claim in (thief, owner)
    ]

    assert confirm_by_code(account_id=owner, code=code_of(owners), now=NOON) == owner

    assert sign_in(password=NEW_PASSWORD) == owner
    with pytest.raises(WrongCredentials):
        sign_in(password="the thief's own")
    assert card_of_session(token=tokens[0]) is None
    assert card_of_session(token=tokens[1]).id == owner
    with pytest.raises(LinkIsOver):
        confirm_by_token(token=token_of(thiefs), now=NOON)
    with pytest.raises(CodeIsOver):
        confirm_by_code(account_id=thief, code=code_of(thiefs), now=NOON)


def test_one_claims_code_doesnt_prove_anothers(inside):
    registered(password="the thief's own")
    owner = registered()

    with pytest.raises(WrongCode):
        confirm_by_code(account_id=owner, code=code_of(letters()[0]), now=NOON)


def test_two_claims_proved_at_once_leave_one_owner(inside):
    registered(password="the first one")
    registered(password="the second one")
    first, second = (token_of(letter) for letter in letters())

    came = together(
        inside,
        lambda: confirm_by_token(token=first, now=NOON),
        lambda: confirm_by_token(token=second, now=NOON),
    )

    assert sorted(type(one) for one in came if not isinstance(one, int)) == [LinkIsOver]
    proved = db.session.scalars(
        select(Account).where(Account.email_confirmed_at.is_not(None))
    ).all()
    assert len(proved) == 1


def test_one_link_pressed_twice_at_once_is_one_confirmation(inside):
    account_id = registered()
    token = token_of(letters()[0])

    came = together(inside, *[lambda: confirm_by_token(token=token, now=NOON)] * 3)

    assert came == [account_id] * 3
