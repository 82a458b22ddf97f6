"""The time an answer takes doesn't tell whether there is an account, or an order.

Known and unknown ones are asked in turn, so that whatever else the machine does slows both alike; their medians may
differ by no more than two halves of the same group do by chance. Where few tries on a busy machine leave a doubt, more
are made, and all count: chance evens out, a real difference stays. TIMING_TRIES=200 for a measurement.
"""

import gc
import os
import time
from statistics import median

import pytest
from browser import Browser
from signing import LOG_IN, PERSON, asking

from shop.rules import auth

TRIES = int(os.environ.get("TIMING_TRIES", "24"))
ROUNDS = 8
# What chance alone does to a median of few tries on a busy machine, as a share of the answer's own time.
LEAST_NOISE = 0.15 if TRIES < 100 else 0.1
# The number of an order for each address, there or not.
NUMBERS = {}


@pytest.fixture(autouse=True)
def no_limits(monkeypatch):
    """Nobody may ask so often; here it is what is measured that counts."""
    monkeypatch.setattr(auth, "LIMITS", {name: auth.Limits() for name in auth.LIMITS})
    monkeypatch.setattr("shop.services.auth.tries.LIMITS", auth.LIMITS)


def sign_in(browser, email):
    return "/auth/login", {**LOG_IN, "email": email, "password": "wrong password"}


def recover(browser, email):
    return "/auth/recovery", asking(browser, email)


def register(browser, email):
    return "/auth/register", {**PERSON, "email": email}


def send_again(browser, email):
    return "/auth/confirmation/letter", {"email": email}


def seconds(app, deed, email):
    browser = Browser(app)
    address, form = deed(browser, email)
    headers = browser._headers(None)
    gc.collect()
    started = time.perf_counter()
    answer = browser.client.post(address, data=form, headers=headers)
    took = time.perf_counter() - started
    assert answer.status_code < 500
    return took, answer.status_code


def find_order(browser, email):
    return "/returns/find", {"number": NUMBERS[email], "once_key": email}


class Asked:
    """How long the answers took, of known and of unknown ones."""

    def __init__(self):
        self.times = {"known": [], "unknown": []}
        self.statuses = set()

    def ask(self, app, deed, numbers):
        """Ask in turn, now the known one first, now the other."""
        for number in numbers:
            for who in sorted(self.times, reverse=bool(number % 2)):
                took, status = seconds(app, deed, f"{who}{number}@example.ru")
                self.times[who].append(took)
                self.statuses.add(status)

    @property
    def are_alike(self):
        """Whether the medians differ by no more than chance makes of them."""
        chance = max(abs(median(one[::2]) - median(one[1::2])) for one in self.times.values())
        return self.difference <= max(chance, LEAST_NOISE * min(map(median, self.times.values())))

    @property
    def difference(self):
        return abs(median(self.times["known"]) - median(self.times["unknown"]))

    def __str__(self):
        told = ", ".join(f"{who} {median(took):.5f} s" for who, took in self.times.items())
        return (
            f"{told}, difference {self.difference:.5f} s of {len(self.times['known'])} tries each"
        )


@pytest.mark.parametrize(
    ("deed", "confirmed"),
    [
        (sign_in, True),
        (recover, True),
        (register, True),
        (send_again, True),
        (send_again, False),
        (find_order, True),
    ],
)
def test_a_known_one_takes_as_long_as_an_unknown_one(app, make, deed, confirmed, record_property):
    asked = Asked()
    for turn in range(ROUNDS):
        numbers = range(turn * TRIES, (turn + 1) * TRIES)
        for number in numbers:
            whose = make.account(f"known{number}@example.ru", confirmed=confirmed)
            NUMBERS[whose.email] = make.order(whose).number if deed is find_order else ""
            NUMBERS[f"unknown{number}@example.ru"] = f"0000-{number:04}"
        asked.ask(app, deed, numbers)
        if asked.are_alike:
            break

    record_property("timing", f"{deed.__name__}: {asked}")
    assert len(asked.statuses) == 1
    assert asked.are_alike, f"{deed.__name__}: {asked}"
