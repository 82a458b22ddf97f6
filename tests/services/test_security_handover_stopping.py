"""Handing an account over: said twice, too late, or stopped by either side."""

from datetime import timedelta

import pytest
from factories import NOON, PASSWORD
from moving import (
    OLD,
    PHONE,
    TAKER,
    email_of,
    events,
    facts_of,
    handovers,
    kept,
    offered,
    say_give,
    say_take,
    written,
)
from signing import NEW_PASSWORD, sign_in
from sqlalchemy import func, select

from shop.db import db
from shop.models import (
    Consent,
)
from shop.queries.security.moving import handover_of_giver, handover_of_taker, waiting_handover
from shop.rules.legal import DOCUMENTS
from shop.services.security.email import MoveIsOver
from shop.services.security.handover import (
    Newcomer,
    forget_old_handovers,
    stop_handover,
    stop_handover_by_link,
)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def igor(make):
    return make.account(OLD, patronymic="Валерьянович", greeting="name_and_patronymic")


def stop(link, now=NOON):
    stop_handover_by_link(token=link, device=PHONE, now=now)


def is_igors(account):
    one = kept(account.id)
    return sign_in(OLD, PASSWORD) == account.id and (
        one.email,
        one.given_name,
        one.family_name,
    ) == (OLD, "Игорь", "Секретов")


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def test_the_takers_consent_is_kept_with_its_moment(inside, igor):
    version = DOCUMENTS["personal-data"]
    db.session.add(
        Consent(account_id=igor.id, document="personal-data", version=version, given_at=NOON - DAY)
    )
    db.session.commit()
    giver, taker = offered(igor)
    say_take(taker, now=NOON + HOUR)
    say_give(giver, now=NOON + 2 * HOUR)

    kept_one = db.session.execute(select(Consent.document, Consent.version, Consent.given_at)).one()
    assert kept_one == ("personal-data", version, NOON + HOUR)
    assert facts_of(igor, "consent_given") == {
        "document": "personal-data",
        "version": version,
        "former": (NOON - DAY).isoformat(),
    }


def test_each_yes_twice_is_as_good_as_once(inside, igor):
    giver, taker = offered(igor)

    assert [say_give(giver), say_give(giver)] == [False, False]
    assert [say_take(taker), say_take(taker), say_give(giver)] == [True, True, True]

    assert [one[0] for one in written()].count("handed_over") == 2
    assert events(igor).count("handed_over") == 1


def test_a_taker_who_wrote_something_wrong_may_write_it_again_until_it_is_done(inside, igor):
    giver, taker = offered(igor)
    say_take(taker, Newcomer("Ольха", "Петрова", "", PASSWORD))
    say_take(taker)

    say_give(giver)
    say_take(taker, Newcomer("Ольха", "Петрова", "", PASSWORD))

    assert kept(igor.id).given_name == "Ольга"
    assert sign_in(TAKER, NEW_PASSWORD) == igor.id


def test_without_both_within_three_days_nothing_happens(inside, igor):
    giver, taker = offered(igor)
    say_take(taker)
    late = NOON + timedelta(hours=72)

    for deed, link in ((say_give, giver), (say_take, taker)):
        with pytest.raises(MoveIsOver):
            deed(link, now=late)
    assert handover_of_giver(token=giver, now=late) is None
    assert handover_of_taker(token=taker, now=late) is None
    assert waiting_handover(account_id=igor.id, now=late) is None
    assert is_igors(igor)
    # Nor is what the taker had written kept.
    assert forget_old_handovers(now=late - timedelta(seconds=1)) == 0
    assert [forget_old_handovers(now=late), forget_old_handovers(now=late)] == [1, 0]
    assert (handovers()[0].given_name, handovers()[0].password_hash) == ("", "")


@pytest.mark.parametrize("side", ["giver", "taker", "cabinet"])
def test_either_may_stop_it_until_it_is_done(inside, igor, side):
    giver, taker = offered(igor)
    say_take(taker)

    for _ in range(2):
        if side == "cabinet":
            stop_handover(account_id=igor.id, device=PHONE, now=NOON)
        else:
            stop({"giver": giver, "taker": taker}[side])

    with pytest.raises(MoveIsOver):
        say_give(giver)
    with pytest.raises(MoveIsOver):
        say_take(taker)
    assert is_igors(igor)
    assert (handovers()[0].given_name, handovers()[0].password_hash) == ("", "")
    assert events(igor) == ["handover_asked", "handover_stopped"]
    assert written()[2:] == [("handover_stopped", OLD)]


def test_when_it_is_done_nobody_stops_it(inside, igor):
    giver, taker = offered(igor)
    say_give(giver), say_take(taker)

    for link in (giver, taker):
        with pytest.raises(MoveIsOver):
            stop(link)
    assert not stop_handover(account_id=igor.id, device=PHONE, now=NOON)
    assert email_of(igor) == TAKER
