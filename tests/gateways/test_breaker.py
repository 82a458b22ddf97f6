import pytest

from shop.gateways.breaker import Breaker, Open


class Away(Exception):
    pass


def fail(breaker, problem=Away):
    with pytest.raises(problem), breaker:
        raise problem


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("shop.gateways.breaker.time.monotonic", lambda: now[0])
    return now


def test_opens_after_three_failures_running(clock):
    breaker = Breaker((Away,))
    fail(breaker)
    fail(breaker)
    with breaker:
        pass
    for _ in range(3):
        fail(breaker)

    with pytest.raises(Open), breaker:
        raise AssertionError


def test_lets_one_through_after_its_pause_which_decides(clock):
    breaker = Breaker((Away,), pause=10)
    for _ in range(3):
        fail(breaker)

    clock[0] += 10
    with breaker, pytest.raises(Open), breaker:
        raise AssertionError
    with breaker:
        pass


def test_other_faults_are_no_business_of_its(clock):
    breaker = Breaker((Away,))
    for _ in range(5):
        fail(breaker, KeyError)

    with breaker:
        pass
