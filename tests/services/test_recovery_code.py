from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from factories import NOON
from PIL import Image
from signing import letters, together
from sqlalchemy import func, select

from shop.cli.jobs import ERRANDS
from shop.db import db
from shop.models import GuardedTry, OutboxItem, SpentKey
from shop.rules.captcha import KEY_LIVES, digits_of
from shop.services.auth import TooManyTries
from shop.services.notices import work_through
from shop.services.recovery import (
    CodeIsOver,
    NoSuchKey,
    WrongCode,
    ask_for_link,
    draw_code,
    new_key,
    speak_code,
    take_code,
)

HERE = "203.0.113.7"


@pytest.fixture
def key(inside):
    return new_key(now=NOON)


@pytest.fixture
def right(inside, key):
    return digits_of(key, secret=inside.config["SECRET_KEY"])


def wrong(code):
    return f"{(int(code) + 1) % 100000:05}"


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def asked():
    return [item.payload for item in db.session.scalars(select(OutboxItem)) if item.kind == "recovery-link"]  # fmt: skip


def ask(key, code="", now=NOON, **more):
    values = {"email": "igor@example.ru", "address": HERE} | more
    ask_for_link(key=key, code=code, now=now, **values)


def test_a_new_key_is_another_each_time_and_writes_nothing(inside, key, queries):
    assert new_key(now=NOON) != key
    assert queries == []


def test_the_right_code_is_taken_once(key, right):
    assert take_code(key=key, code=right, proof="", now=NOON) is None

    assert isinstance(take_code(key=key, code=right, proof="", now=NOON), CodeIsOver)
    assert count(SpentKey) == 1


def test_a_wrong_code_spends_the_key_too(key, right):
    assert isinstance(take_code(key=key, code=wrong(right), proof="", now=NOON), WrongCode)

    assert isinstance(take_code(key=key, code=right, proof="", now=NOON), CodeIsOver)


def test_a_code_lives_ten_minutes(key, right):
    late = take_code(key=key, code=right, proof="", now=NOON + KEY_LIVES)

    assert isinstance(late, CodeIsOver)
    assert count(SpentKey) == 0
    in_time = NOON + KEY_LIVES - timedelta(seconds=1)
    assert take_code(key=key, code=right, proof="", now=in_time) is None


@pytest.mark.parametrize("made_up", ["", "a.b.c", "я" * 300, "x.1.2"])
def test_a_made_up_key_opens_nothing_and_writes_nothing(inside, made_up):
    for code in ("", "12345"):
        assert isinstance(take_code(key=made_up, code=code, proof="", now=NOON), CodeIsOver)
    with pytest.raises(NoSuchKey):
        draw_code(key=made_up, address=HERE, now=NOON)
    assert count(SpentKey) == count(GuardedTry) == 0


def test_of_two_who_use_one_code_at_the_same_moment_one_is_let_through(inside, key, right):
    came = together(
        inside,
        *(
            lambda name=name: ask(key, right, email=f"{name}@example.ru", address=name)
            for name in ("igor", "anna")
        ),
    )

    assert sorted(type(one).__name__ for one in came) == ["CodeIsOver", "NoneType"]
    assert [one["facts"]["email"] for one in asked()] == [
        ("igor", "anna")[came.index(None)] + "@example.ru"
    ]


def test_the_same_form_sent_twice_at_once_asks_once_and_is_told_so_twice(inside, key, right):
    came = together(inside, *(lambda: ask(key, right) for _ in range(2)))

    assert came == [None, None]
    assert len(asked()) == 1


def test_the_worker_writes_the_letter_and_forgets_who_asked(inside, make, key, right):
    make.account("igor@example.ru")
    ask(key, right, email=" IGOR@example.ru")
    assert asked()[0]["facts"] == {"email": "igor@example.ru"}
    assert letters() == []

    work_through(now=datetime.now(UTC), errands=ERRANDS, letters=False)

    db.session.expire_all()
    (letter,) = letters()
    assert (letter["letter"], letter["to"]) == ("recovery", "igor@example.ru")
    assert asked()[0]["facts"] == {}


def test_asking_writes_the_same_whether_there_is_such_an_account_or_not(inside, make, queries):
    make.account("igor@example.ru")
    sent = {}
    for number, name in enumerate(("igor", "nobody")):
        one = new_key(now=NOON)
        code = digits_of(one, secret=inside.config["SECRET_KEY"])
        queries.clear()
        ask(one, code, email=f"{name}@example.ru", address=str(number))
        sent[name] = list(queries)

    assert sent["igor"] == sent["nobody"]
    assert not any("FROM account" in statement for statement in sent["igor"])
    assert len(asked()) == 2


def test_a_wrong_code_asks_for_nothing_and_counts_nothing_against_the_address(inside, key, right):
    with pytest.raises(WrongCode):
        ask(key, wrong(right))

    assert asked() == []
    assert count(GuardedTry) == 0
    again = new_key(now=NOON)
    ask(again, digits_of(again, secret=inside.config["SECRET_KEY"]))
    assert len(asked()) == 1


def test_asking_is_limited_alike_whether_there_is_an_account_or_not(inside, make):
    make.account("igor@example.ru")
    for email in ("igor@example.ru", "nobody@example.ru"):
        first, second = new_key(now=NOON), new_key(now=NOON)
        codes = [digits_of(one, secret=inside.config["SECRET_KEY"]) for one in (first, second)]
        ask(first, codes[0], email=email)
        with pytest.raises(TooManyTries) as fault:
            ask(second, codes[1], email=email, now=NOON + timedelta(seconds=15))
        assert fault.value.wait == timedelta(seconds=45)
    assert len(asked()) == 2


def test_the_code_is_drawn_and_spoken_until_it_is_used(key, right):
    drawn = draw_code(key=key, address=HERE, now=NOON)
    spoken = speak_code(key=key, language="ru", address=HERE, now=NOON)

    assert Image.open(BytesIO(drawn)).format == "WEBP"
    assert spoken[:4] == b"RIFF"
    assert speak_code(key=key, language="ru", address=HERE, now=NOON) == spoken
    assert speak_code(key=key, language="en", address=HERE, now=NOON) != spoken
    take_code(key=key, code=right, proof="", now=NOON)
    for deed in (draw_code, lambda **values: speak_code(language="ru", **values)):
        with pytest.raises(CodeIsOver):
            deed(key=key, address=HERE, now=NOON)


def test_a_code_that_is_too_old_is_not_drawn(key):
    with pytest.raises(CodeIsOver):
        draw_code(key=key, address=HERE, now=NOON + KEY_LIVES)


def test_one_address_has_only_so_many_drawn(inside, key):
    db.session.add_all(
        GuardedTry(deed="captcha", subject="", address=HERE, happened_at=NOON) for _ in range(300)
    )
    db.session.commit()

    with pytest.raises(TooManyTries) as fault:
        draw_code(key=key, address=HERE, now=NOON + timedelta(minutes=5))
    assert fault.value.wait == timedelta(minutes=10)
    assert draw_code(key=key, address="203.0.113.8", now=NOON)
