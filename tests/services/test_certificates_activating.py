"""Activating: once, by whoever is first, onto the right balance, and not by guessing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from certifying import ELSEWHERE, HERE, MARINA, code_of, free, letters, on, ordered, row, sold
from factories import NOON
from sqlalchemy import func, select

from shop.db import db
from shop.gateways import mail
from shop.models import AccountEvent, GuardedTry, LedgerEntry
from shop.rules.certificates import shown_code
from shop.rules.ledger import CERTIFICATES, PROMO_COST, balance, promo
from shop.services.auth import TooManyTries
from shop.services.certificates import (
    AlreadyActivated,
    NoLongerValid,
    TermIsOver,
    TooManyActivations,
    UnknownCode,
    activate,
    block,
    drop_unpaid,
    expire_due,
    look_at_code,
    redeem,
)

WRONG = "2222-3333-4444-5555"


def take(account, text, device=HERE, now=NOON):
    return redeem(account_id=account.id, text=text, device=device, now=now)


def look(account, text, device=HERE, now=NOON):
    return look_at_code(account_id=account.id, text=text, device=device, now=now)


def events(account, kind):
    found = select(AccountEvent).where(
        AccountEvent.account_id == account.id, AccountEvent.kind == kind
    )
    return db.session.scalars(found).all()


def tries():
    return db.session.scalar(select(func.count()).select_from(GuardedTry))


def test_its_sum_goes_onto_the_balance_of_who_activates_it(inside, make):
    anna, marina = make.account(), make.account("marina@example.ru")
    mine = sold(anna, gift=MARINA)
    later = NOON + timedelta(hours=1)

    came = take(marina, f"  {shown_code(code_of(mine)).lower()} ", now=later)

    assert (came.name, came.gives, came.amount) == (mine.serial, "balance", 3000_00)
    assert (on(CERTIFICATES), on(balance(marina.id)), on(promo(marina.id))) == (0, 3000_00, 0)
    kept = row(mine.serial)
    assert (kept.state, kept.activated_by, kept.activated_at) == ("activated", marina.id, later)
    assert events(marina, "certificate_activated")[0].facts == {
        "serial": mine.serial,
        "nominal_kopecks": 3000_00,
    }
    entry = db.session.scalars(
        select(LedgerEntry).where(LedgerEntry.once_key == f"cert:{mine.serial}:act")
    )
    assert entry.one().reference == mine.serial


def test_both_learn_of_it_and_the_buyer_not_who_it_was(inside, make):
    anna, marina = make.account("anna@example.ru"), make.account("marina@example.ru")
    mine = sold(anna)

    take(marina, code_of(mine))

    told = {to: facts for _, to, facts in letters("certificate_activated")}
    assert set(told) == {"anna@example.ru", "marina@example.ru"}
    assert told["anna@example.ru"]["is_buyer"] is True
    assert "marina" not in str(told["anna@example.ru"])
    assert told["anna@example.ru"]["by"] == "m•••a@example.ru"
    own = mail.render(
        letter="certificate_activated", language="ru", facts=told["marina@example.ru"]
    )
    for body in (own.text, own.html):
        assert "отметьте «Оплатить с баланса»: с него можно оплатить заказ" in body


def test_one_who_bought_it_for_oneself_gets_one_letter(inside, make):
    anna = make.account()
    mine = sold(anna)

    take(anna, code_of(mine))

    assert len(letters("certificate_activated")) == 1


def test_a_free_one_goes_onto_the_promo_balance(inside, make):
    igor = make.account()

    came = take(igor, code_of(free()))

    assert came.gives == "promo"
    assert (on(promo(igor.id)), on(balance(igor.id)), on(PROMO_COST)) == (500_00, 0, 500_00)


def test_looking_changes_nothing(inside, make):
    igor = make.account()
    mine = sold(make.account())

    seen = look(igor, code_of(mine))

    assert (seen.kind, seen.amount, seen.until) == ("certificate", 3000_00, mine.expires_at)
    assert (row(mine.serial).state, on(balance(igor.id)), tries()) == ("sold", 0, 0)


def test_a_second_time_it_says_when_it_was_and_whether_it_was_you(inside, make):
    igor, other = make.account(), make.account()
    mine = sold(make.account())
    take(igor, code_of(mine))

    for account, is_mine in ((igor, True), (other, False)):
        with pytest.raises(AlreadyActivated) as fault:
            take(account, code_of(mine), now=NOON + timedelta(days=1))
        assert (fault.value.activated_at, fault.value.is_mine) == (NOON, is_mine)

    assert (on(balance(igor.id)), on(balance(other.id))) == (3000_00, 0)


def test_of_two_at_once_one_gets_it(inside, make, app):
    people = [make.account() for _ in range(6)]
    code = code_of(sold(make.account()))
    db.session.rollback()

    def press(person):
        with app.app_context():
            try:
                return bool(take(person, code))
            except AlreadyActivated:
                return False

    with ThreadPoolExecutor(6) as pool:
        got = list(pool.map(press, people))

    assert got.count(True) == 1
    winner = people[got.index(True)]
    assert sum(on(balance(one.id)) for one in people) == on(balance(winner.id)) == 3000_00
    assert on(CERTIFICATES) == 0


def test_two_tabs_of_one_account_get_it_once(inside, make, app):
    igor = make.account()
    code = code_of(sold(make.account()))
    db.session.rollback()

    def press(_tab):
        with app.app_context():
            try:
                return bool(activate(account_id=igor.id, code=code, now=NOON))
            except AlreadyActivated:
                return False

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(press, range(4))).count(True) == 1
    assert on(balance(igor.id)) == 3000_00


def test_unknown_unpaid_and_dropped_read_the_same(inside, make):
    anna, igor = make.account(), make.account()
    unpaid = row(ordered(anna, 1000_00).serial)
    dropped = row(ordered(anna, 2000_00).serial)
    drop_unpaid(certificate_id=dropped.id)

    for text in (WRONG, code_of(unpaid), code_of(dropped)):
        with pytest.raises(UnknownCode):
            take(igor, text)

    assert (on(balance(igor.id)), tries()) == (0, 3)


def test_who_has_the_whole_number_of_a_blocked_one_is_told_and_it_counts_as_a_miss(inside, make):
    anna, igor = make.account(), make.account()
    blocked = sold(anna)
    code = code_of(blocked)
    block(serial=blocked.serial, reason="Жалоба", actor_id=anna.id, now=NOON)

    for deed in (look, take):
        with pytest.raises(NoLongerValid):
            deed(igor, code)
    with pytest.raises(UnknownCode):
        take(igor, code[:-1] + ("3" if code[-1] == "2" else "2"))

    assert (on(balance(igor.id)), tries()) == (0, 3)


def test_after_its_term_it_says_so(inside, make):
    igor = make.account()
    mine = sold(make.account())

    with pytest.raises(TermIsOver):
        take(igor, code_of(mine), now=mine.expires_at)
    expire_due(now=mine.expires_at)
    with pytest.raises(TermIsOver) as fault:
        take(igor, code_of(mine), now=mine.expires_at + timedelta(days=3))

    assert fault.value.ended_at == mine.expires_at
    assert on(balance(igor.id)) == 0


def test_three_a_day_are_enough(inside, make):
    igor, anna = make.account(), make.account()
    mine = [sold(anna, once_key=f"form-{number}") for number in range(4)]
    for one in mine[:3]:
        take(igor, code_of(one))

    with pytest.raises(TooManyActivations) as fault:
        take(igor, code_of(mine[3]), now=NOON + timedelta(hours=23))
    assert fault.value.wait_until == NOON + timedelta(hours=24)
    assert on(balance(igor.id)) == 9000_00

    take(igor, code_of(mine[3]), now=NOON + timedelta(hours=24))
    assert on(balance(igor.id)) == 12_000_00


def test_after_ten_misses_even_the_right_one_must_wait(inside, make, caplog):
    igor = make.account()
    mine = sold(make.account())
    for second in range(10):
        with pytest.raises(UnknownCode):
            look(igor, WRONG, now=NOON + timedelta(seconds=second))

    for _ in range(2):
        with pytest.raises(TooManyTries) as fault:
            take(igor, code_of(mine), now=NOON + timedelta(minutes=1))

    assert fault.value.wait == timedelta(minutes=59)
    assert (row(mine.serial).state, on(balance(igor.id))) == ("sold", 0)
    assert len(events(igor, "certificate_guessing")) == 1
    assert caplog.text.count(f"certificate_guessing account={igor.id}") == 1
    take(igor, code_of(mine), now=NOON + timedelta(minutes=61))
    assert on(balance(igor.id)) == 3000_00


def test_misses_from_one_address_count_together(inside, make):
    people = [make.account() for _ in range(11)]
    for number, person in enumerate(people[:10]):
        with pytest.raises(UnknownCode):
            take(person, WRONG, now=NOON + timedelta(seconds=number))

    with pytest.raises(TooManyTries):
        take(people[10], WRONG, now=NOON + timedelta(minutes=1))
    with pytest.raises(UnknownCode):
        take(people[10], WRONG, device=ELSEWHERE, now=NOON + timedelta(minutes=1))


def test_what_fits_does_not_count_and_does_not_forgive(inside, make):
    igor, anna = make.account(), make.account()
    mine = sold(anna)
    for second in range(9):
        with pytest.raises(UnknownCode):
            look(igor, WRONG, now=NOON + timedelta(seconds=second))
    for minute in range(1, 30):
        look(igor, code_of(mine), now=NOON + timedelta(minutes=minute))

    assert tries() == 9
    with pytest.raises(UnknownCode):
        look(igor, WRONG, now=NOON + timedelta(minutes=40))
    with pytest.raises(TooManyTries):
        look(igor, code_of(mine), now=NOON + timedelta(minutes=41))


def test_thirty_guesses_at_once_are_no_more_than_ten(inside, make, app):
    igor = make.account()
    db.session.rollback()

    def guess(_turn):
        with app.app_context():
            try:
                look(igor, WRONG)
            except UnknownCode:
                return "tried"
            except TooManyTries:
                return "refused"

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(guess, range(30)))

    assert (said.count("tried"), said.count("refused")) == (10, 20)
