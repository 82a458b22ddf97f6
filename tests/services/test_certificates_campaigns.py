"""Code words: once each, within limits and dates."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from certifying import HERE, autumn, on
from factories import NOON
from sqlalchemy import func, select

from shop.db import db
from shop.models import AccountEvent, Campaign, CampaignUse, PointsLot
from shop.rules.ledger import PROMO_COST, points, promo
from shop.rules.points import last_day
from shop.services.auth import TooManyTries
from shop.services.certificates import (
    AllGivenOut,
    NotAWord,
    TermIsOver,
    UnknownCode,
    WordIsTaken,
    WordIsUsed,
    look_at_code,
    make_campaign,
    redeem,
    switch_campaign,
    use_word,
)


def take(account, text="осень", now=NOON):
    return redeem(account_id=account.id, text=text, device=HERE, now=now)


def uses():
    return db.session.scalar(select(func.count()).select_from(CampaignUse))


def test_a_word_gives_what_it_promises_once(inside, make):
    igor = make.account()
    autumn()

    seen = look_at_code(account_id=igor.id, text=" ОСЕНЬ ", device=HERE, now=NOON)
    came = take(igor, "«Осень»")

    assert seen == came
    assert (came.kind, came.gives, came.amount) == ("word", "promo", 300_00)
    assert (on(promo(igor.id)), on(PROMO_COST), uses()) == (300_00, 300_00, 1)
    with pytest.raises(WordIsUsed) as fault:
        take(igor, now=NOON + timedelta(days=2))
    assert fault.value.used_at == NOON
    assert (on(promo(igor.id)), uses()) == (300_00, 1)
    log = db.session.scalars(
        select(AccountEvent).where(AccountEvent.kind == "code_word_used")
    ).one()
    assert log.facts == {"word": "осень"}


def test_a_word_may_give_points_for_a_year(inside, make):
    igor = make.account()
    autumn("баллы", gives="points", amount=150)

    take(igor, "баллы")

    assert (on(points(igor.id)), on(promo(igor.id))) == (150, 0)
    lot = db.session.scalars(select(PointsLot)).one()
    assert (lot.source, lot.reference, lot.remaining) == ("campaign", "БАЛЛЫ", 150)
    # The 24th of November is over in Moscow then, as for every other lot.
    assert lot.expires_at == datetime(2027, 11, 24, 21, 0, tzinfo=UTC)


def test_two_tabs_use_a_word_once(inside, make, app):
    igor = make.account()
    autumn()
    db.session.rollback()

    def press(_tab):
        with app.app_context():
            try:
                return bool(use_word(account_id=igor.id, word="осень", now=NOON))
            except WordIsUsed:
                return False

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(press, range(6))).count(True) == 1
    assert (on(promo(igor.id)), uses()) == (300_00, 1)


def test_only_as_many_as_were_meant_to(inside, make, app):
    people = [make.account() for _ in range(8)]
    autumn(most_uses=3)
    db.session.rollback()

    def press(person):
        with app.app_context():
            try:
                return bool(use_word(account_id=person.id, word="осень", now=NOON))
            except AllGivenOut:
                return False

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(press, people)).count(True) == 3
    assert uses() == db.session.scalar(select(Campaign.uses)) == 3
    assert on(PROMO_COST) == 900_00


def test_before_its_time_and_switched_off_it_is_unknown_and_afterwards_over(inside, make):
    igor = make.account()
    early = autumn(starts_at=NOON + timedelta(days=1))

    with pytest.raises(UnknownCode):
        take(igor)
    switch_campaign(campaign_id=early, is_on=False)
    with pytest.raises(UnknownCode):
        take(igor, now=NOON + timedelta(days=2))
    switch_campaign(campaign_id=early, is_on=True)
    with pytest.raises(TermIsOver):
        take(igor, now=NOON + timedelta(days=30))

    assert (uses(), on(promo(igor.id))) == (0, 0)


def test_the_last_day_is_whole_and_the_next_one_is_told_that_day(inside, make):
    igor = make.account()
    midnight = datetime(2026, 11, 25, 21, tzinfo=UTC)  # In Moscow the 26th begins.
    make_campaign(
        name="Осень",
        word="ЛИСТОПАД",
        gives="promo",
        amount=100_00,
        most_uses=10,
        starts_at=midnight - timedelta(days=9),
        ends_at=midnight,
        made_by=None,
        now=NOON,
    )
    code = {"account_id": igor.id, "word": "листопад"}

    with pytest.raises(TermIsOver) as told:
        use_word(**code, now=midnight)
    assert told.value.ended_at == last_day(midnight)
    assert on(promo(igor.id)) == 0

    found = use_word(**code, now=midnight - timedelta(seconds=1))

    assert found.until == last_day(midnight)
    assert on(promo(igor.id)) == 100_00


def test_guessing_words_is_slowed_down_like_guessing_codes(inside, make):
    igor = make.account()
    autumn()
    for second in range(10):
        with pytest.raises(UnknownCode):
            take(igor, f"слово{second}", now=NOON + timedelta(seconds=second))

    with pytest.raises(TooManyTries):
        take(igor, now=NOON + timedelta(minutes=1))

    assert on(promo(igor.id)) == 0


def test_nothing_typed_is_unknown(inside, make):
    with pytest.raises(UnknownCode):
        take(make.account(), " — ")


def test_a_word_is_made_once_and_never_reads_as_a_code(inside, make):
    autumn("Осень")

    with pytest.raises(WordIsTaken):
        autumn(" ОСЕНЬ ")
    for word in ("я", "2222333344445555", "222233334444", "слово" * 9):
        with pytest.raises(NotAWord):
            autumn(word)

    assert db.session.scalars(select(Campaign.word)).all() == ["осень"]
