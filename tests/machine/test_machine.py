"""Customers, staff, gateways, time and crashes play against the real deeds; everything is looked at after each step.

The short run is part of every test run. `MACHINE_STEPS=10000 pytest tests/machine/test_machine.py -k whatever` is a long
one: so many steps on each database and more until every end was reached, other ones with `MACHINE_SEED=7`. A step is
one look at everything.
"""

import logging
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from auditing import broken
from factories import Make
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from machine.asked_again import AskedAgain
from machine.crashes import Fuse
from machine.ends import ENDS
from machine.machine import ShopMachine
from machine.stories import tell_everything
from machine.world import World

import shop.db
from shop.cli import jobs
from shop.gateways import mail
from shop.queries.audit import run_audit
from shop.services import audit

STEPS = int(os.environ.get("MACHINE_STEPS", "0"))
SEED = int(os.environ.get("MACHINE_SEED", "1"))
# Lives of the short run, and of one go of the long run; steps of one life.
SHORT, LONG, LIFE = 2, 5, 100 if STEPS else 30


@pytest.fixture
def tally() -> Counter[str]:
    """How often what was reached."""
    return Counter()


@pytest.fixture
def begin(make: Make, tally: Counter[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Begin a life: the returned function makes a machine of a new world."""
    app, fuse, asked = make.app, Fuse(shop.db._write_once), AskedAgain()
    worlds: list[World] = []
    monkeypatch.setattr(shop.db, "_write_once", fuse.write_once)
    monkeypatch.setattr(jobs, "_now", lambda: worlds[-1].now)
    monkeypatch.setattr(mail, "send", lambda **letter: worlds[-1].mail.append(letter["text"]))
    # The nightly audit asks what every look asks, and as cheaply.
    monkeypatch.setattr(audit, "run_audit", lambda now, **_files: asked.audit(now))
    monkeypatch.setitem(app.extensions, "shop_wake", lambda: None)
    monkeypatch.setitem(app.extensions, "shop_gateways", {})
    # Refusals and crashes are what is played here; the log would be long.
    logging.disable(logging.CRITICAL)

    def begin() -> ShopMachine:
        worlds[:] = [World(make, fuse, tally, asked)]
        return ShopMachine(worlds[-1])

    yield begin
    logging.disable(logging.NOTSET)


def played(begin, lives: int, number: int) -> None:
    """Play so many lives; the same number plays the same."""
    # Crashed transactions wait a random while before they are run again.
    random.seed(number)

    def life():
        return begin()

    run_state_machine_as_test(
        seed(number)(life),
        settings=settings(
            max_examples=lives,
            stateful_step_count=LIFE,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_whole_story_comes_to_every_end_and_loses_nothing(begin, tally):
    tell_everything(begin())

    assert not _never_reached(tally)


def test_the_questions_asked_again_find_what_the_audit_finds(begin):
    """Also those that time alone answers."""
    machine = begin()
    machine.people_have_something()
    machine.look()
    world = machine.world
    later = world.now + timedelta(days=400)
    raised = "UPDATE ledger_account SET balance = balance + 1 WHERE code = 'promo:cost'"

    with world.app.app_context():
        assert world.asked.audit(world.now) == run_audit(now=world.now) == []
        ended = world.asked.audit(later)
        assert ended == run_audit(now=later)
        assert {one.kind for one in ended} == {"lot_ended"}
        with broken(raised):
            assert world.asked.finds(world.now)
            assert world.asked.audit(world.now) == run_audit(now=world.now) != []


def test_whatever_is_played_nothing_is_lost_or_doubled(begin, database, tally, capsys):
    if not STEPS:
        played(begin, SHORT, SEED)
        return
    number = SEED
    # A rare end may need some more games; one that twice as many never come to has lost its way.
    while tally["steps"] < STEPS or (_never_reached(tally) and tally["steps"] < 2 * STEPS):
        played(begin, LONG, number)
        with capsys.disabled():
            sys.stdout.write(f"{database}, seed {number}: {dict(tally.most_common())}\n")
            sys.stdout.flush()
        number += 1
    assert not _never_reached(tally)


def _never_reached(tally: Counter[str]) -> list[str]:
    return [what for what in ENDS if not tally[what]]
