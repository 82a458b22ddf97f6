"""What the cabinet and the desk ask of certificates and campaigns."""

from datetime import timedelta

import pytest
from certifying import ELSEWHERE, HERE, autumn, code_of, free, ordered, sold
from factories import NOON

from shop.queries.certificates import (
    alarms_of_guessing,
    bought_by,
    bought_one,
    campaigns_at_desk,
    certificate_at_desk,
    certificate_by,
    certificates_at_desk,
    nth_last_activation,
    uses_of_campaign,
    word_by,
)
from shop.services.auth import TooManyTries
from shop.services.certificates import (
    UnknownCode,
    activate,
    block,
    drop_unpaid,
    open_card,
    redeem,
    refund_certificate,
    use_word,
)

WRONG = "2222-3333-4444-5555"


def test_a_certificate_is_found_by_its_hash_only(inside, make):
    mine = sold(make.account())

    found = certificate_by(code_hash=mine.code_hash)

    assert (found.serial, found.state, found.nominal_kopecks) == (mine.serial, "sold", 3000_00)
    assert certificate_by(code_hash=code_of(mine)) is None


def test_what_was_dropped_is_not_in_the_cabinet_and_the_newest_comes_first(inside, make):
    anna = make.account()
    serials = [sold(anna, once_key=f"form-{number}").serial for number in range(11)]
    dropped = ordered(anna, 500_00)
    drop_unpaid(certificate_id=dropped.certificate_id)
    sold(make.account())

    first, second = (
        bought_by(account_id=anna.id, now=NOON),
        bought_by(account_id=anna.id, now=NOON, page=2),
    )

    assert [row.serial for row in (*first.rows, *second.rows)] == serials[::-1]
    assert (first.pages, len(first.rows), len(second.rows)) == (2, 10, 1)
    assert bought_by(account_id=make.account().id, now=NOON).rows == ()


def test_one_is_its_buyers_alone(inside, make):
    anna = make.account()
    mine = sold(anna)

    assert bought_one(account_id=anna.id, serial=mine.serial, now=NOON).state == "sold"
    with pytest.raises(Exception, match="No row"):
        bought_one(account_id=make.account().id, serial=mine.serial, now=NOON)


def test_the_last_activation_but_some_is_found(inside, make):
    igor = make.account()
    for number in range(3):
        activate(
            account_id=igor.id,
            code=code_of(free(once_key=f"free-{number}")),
            now=NOON + timedelta(hours=number),
        )

    found = [nth_last_activation(account_id=igor.id, nth=nth) for nth in (1, 2, 3, 4)]
    assert found == [NOON + timedelta(hours=2), NOON + timedelta(hours=1), NOON, None]
    assert nth_last_activation(account_id=make.account().id, nth=1) is None


def test_a_word_is_told_with_ones_own_use_of_it(inside, make):
    igor, anna = make.account(), make.account()
    autumn()
    use_word(account_id=igor.id, word="осень", now=NOON)

    assert word_by(word="осень", account_id=igor.id).used_at == NOON
    assert word_by(word="осень", account_id=anna.id).used_at is None
    assert word_by(word="ОСЕНЬ", account_id=anna.id) is None


def test_the_desk_counts_states_and_pages_through(inside, make):
    anna = make.account("anna@example.ru")
    for number in range(51):
        ordered(anna, once_key=f"form-{number}")
    mine = sold(anna, once_key="paid")

    first = certificates_at_desk(now=NOON)
    assert (first.counts, len(first.rows), first.has_more) == (
        {"awaiting_payment": 51, "sold": 1},
        50,
        True,
    )
    assert len(certificates_at_desk(now=NOON, page=2).rows) == 2
    assert [row.serial for row in certificates_at_desk(now=NOON, state="sold").rows] == [
        mine.serial
    ]
    assert [row.serial for row in certificates_at_desk(now=NOON, words=mine.serial).rows] == [
        mine.serial
    ]
    assert len(certificates_at_desk(now=NOON, words="anna@example.ru").rows) == 50
    assert certificates_at_desk(now=NOON, words="%").rows == ()


def test_what_was_given_back_is_not_counted_as_blocked(inside, make):
    anna = make.account()
    back, blocked = (sold(anna, once_key=f"form-{number}").serial for number in range(2))
    refund_certificate(serial=back, account_id=anna.id, actor_id=None, now=NOON)
    block(serial=blocked, reason="Жалоба", actor_id=anna.id, now=NOON)

    assert certificates_at_desk(now=NOON).counts == {"given_back": 1, "blocked": 1}
    for state, serial in (("given_back", back), ("blocked", blocked)):
        assert [row.serial for row in certificates_at_desk(now=NOON, state=state).rows] == [serial]


def test_a_term_is_over_for_people_before_the_timer_has_ended_it(inside, make):
    anna = make.account()
    mine = sold(anna)
    before, at = mine.expires_at - timedelta(seconds=1), mine.expires_at

    for now, state in ((before, "sold"), (at, "expired")):
        assert certificates_at_desk(now=now).counts == {state: 1}
        assert certificate_at_desk(serial=mine.serial, now=now).state == state
        assert bought_by(account_id=anna.id, now=now).rows[0].state == state
        assert open_card(account_id=anna.id, serial=mine.serial, now=now).state == state


def test_alarms_name_the_account_and_the_address_and_grow_old(inside, make):
    igor = make.account("igor@example.ru")
    for second in range(11):
        with pytest.raises((UnknownCode, TooManyTries)):
            redeem(
                account_id=igor.id, text=WRONG, device=HERE, now=NOON + timedelta(seconds=second)
            )
    for _ in range(3):
        with pytest.raises(UnknownCode):
            redeem(account_id=make.account().id, text=WRONG, device=ELSEWHERE, now=NOON)

    alarms = alarms_of_guessing(now=NOON + timedelta(minutes=1))

    assert [(one.email, one.network) for one in alarms.accounts] == [
        ("igor@example.ru", "203.0.113.0/24")
    ]
    assert [(one.address, one.misses) for one in alarms.addresses] == [("203.0.113.7", 10)]
    later = alarms_of_guessing(now=NOON + timedelta(days=2))
    assert (len(later.accounts), later.addresses) == (1, ())
    assert alarms_of_guessing(now=NOON + timedelta(days=8)).accounts == ()


def test_campaigns_and_their_uses_newest_first(inside, make):
    igor = make.account("igor@example.ru")
    first, second = autumn(), autumn("зима")
    use_word(account_id=igor.id, word="осень", now=NOON)

    rows, has_more = campaigns_at_desk()
    campaign, uses, _ = uses_of_campaign(campaign_id=first)

    assert ([row.id for row in rows], has_more) == ([second, first], False)
    assert (campaign.uses, uses) == (1, [("igor@example.ru", NOON)])
    with pytest.raises(Exception, match="No row"):
        uses_of_campaign(campaign_id=99)
