"""Each event of money leaves one line in the log, when it is certain, and nothing in it says whose money it is."""

import logging
import re

import pytest
from factories import NOON
from returning import returning  # noqa: F401  (the fixture)

from shop.db import use_case
from shop.gateways.payments import Rejected
from shop.rules.ledger import BANK, POINTS_ISSUED, PROMO_COST, flow, points, promo
from shop.services.ledger import post, tell
from shop.services.payments import Whereto, open_details, settle_by_hand, tell_whereto

CARD = "2200000000000004"


@pytest.fixture
def lines(caplog):
    """The lines of money, oldest first."""
    caplog.set_level(logging.INFO, logger="shop.money")
    return lambda: [one.getMessage() for one in caplog.records if one.name == "shop.money"]


def test_the_whole_way_of_an_order_and_its_return_is_told_without_a_person(returning, lines):  # noqa: F811
    order = returning.order(stage="received")
    number = returning.give_back(order, {order.teapots: 1})
    returning.paying.bank.trouble("refund", Rejected("insufficient_funds"))
    returning.work()
    refund_id = 1
    tell_whereto(
        refund_id=refund_id,
        whereto=Whereto("account", "Петрова Анна", "044525225", "40817810838123456789"),
        now=NOON,
    )
    open_details(refund_id=refund_id, actor_id=returning.clerk.id, now=NOON)
    settle_by_hand(refund_id=refund_id, actor_id=returning.clerk.id, note="Анне П.", now=NOON)

    said = lines()
    events = [line.split(" ")[0] for line in said]
    for event in (
        "order_paid",
        "goods_returned",
        "refund_asked",
        "refund_failed",
        "refund_by_hand",
    ):
        assert events.count(event) == 1, event
    paid = said[events.index("order_paid")]
    assert f"key=ord:{order.number}:paid" in paid and "actor=gateway" in paid
    failed = said[events.index("refund_failed")]
    assert failed == f"refund_failed refund={refund_id} problem=insufficient_funds"
    assert f"key=ret:{number}:ok" in said[events.index("goods_returned")]
    everything = "\n".join(said)
    assert re.search(r"[^ -~\n]", everything) is None and "@" not in everything
    assert "40817810838123456789" not in everything and "?" not in everything


def test_what_is_undone_is_not_told(inside, make, lines):
    account = make.account()

    @use_case
    def fail():
        post(
            once_key="k",
            kind="test",
            lines=flow(PROMO_COST, promo(account.id), 100),
            reference="",
            actor="shop",
            now=NOON,
        )
        raise ValueError

    with pytest.raises(ValueError):
        fail()

    assert lines() == []


def test_what_was_posted_already_is_not_told_again(inside, make, lines):
    account = make.account()
    for _ in range(2):
        post(
            once_key="gift:1",
            kind="gift",
            lines=flow(BANK, promo(account.id), 100),
            reference="Игорь Секретов",
            actor="shop",
            now=NOON,
        )

    assert lines() == ["gift key=gift:1 actor=shop kopecks=100"]


def test_points_are_told_apart_from_kopecks(inside, make, lines):
    post(
        once_key="points:1",
        kind="gift",
        lines=flow(POINTS_ISSUED, points(make.account().id), 7),
        reference="",
        actor="shop",
        now=NOON,
    )

    assert lines() == ["gift key=points:1 actor=shop points=7"]


@pytest.mark.parametrize(
    "slip",
    ["igor@example.ru", "Игорь Секретов", "Igor Sekretov", CARD, f"card {CARD}", f"x-{CARD}"],
)
def test_what_might_be_a_persons_becomes_a_question_mark(inside, lines, slip):
    tell(event="slip", facts={"reason": slip, "sum": 5})

    assert lines() == ["slip reason=? sum=5"]


def test_what_a_person_must_see_to_is_an_error(inside, caplog):
    caplog.set_level(logging.INFO, logger="shop.money")

    tell(event="refund_failed", facts={"refund": 1}, is_trouble=True)
    tell(event="refund_asked", facts={"refund": 1})

    levels = [one.levelname for one in caplog.records if one.name == "shop.money"]
    assert levels == ["ERROR", "INFO"]
