"""The time an answer takes doesn't tell whether there is an account.

Known and unknown addresses are asked in turn, so that whatever else the machine does slows both alike; their medians
may differ by no more than two halves of the same group do by chance. TIMING_TRIES=200 for a measurement.
"""

import gc
import os
import statistics
import time

import pytest
from browser import Browser
from signing import LOG_IN, PERSON, asking

from shop.rules import auth

TRIES = int(os.environ.get("TIMING_TRIES", "24"))
# What chance alone does to a median of few tries on a busy machine, as a share of the answer's own time.
LEAST_NOISE = 0.25 if TRIES < 100 else 0.1


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


@pytest.mark.parametrize("deed", [sign_in, recover, register, send_again])
def test_a_known_address_takes_as_long_as_an_unknown_one(app, make, deed, record_property):
    for number in range(TRIES):
        make.account(f"known{number}@example.ru")
    times = {"known": [], "unknown": []}
    statuses = set()
    for number in range(TRIES):
        for who in sorted(times, reverse=bool(number % 2)):
            took, status = seconds(app, deed, f"{who}{number}@example.ru")
            times[who].append(took)
            statuses.add(status)

    medians = {who: statistics.median(took) for who, took in times.items()}
    halves = [
        abs(statistics.median(took[::2]) - statistics.median(took[1::2])) for took in times.values()
    ]
    difference = abs(medians["known"] - medians["unknown"])
    told = f"{deed.__name__}: {medians}, difference {difference:.5f}, halves {halves}"
    record_property("timing", told)
    assert len(statuses) == 1
    assert difference <= max(*halves, LEAST_NOISE * min(medians.values())), told
