"""The outbox: nothing is forgotten, nothing is said about what never happened."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from conftest import NOON
from sqlalchemy import select

from shop.db import db, use_case
from shop.gateways import mail
from shop.models import OutboxItem
from shop.queries.notices import outbox
from shop.services.notices import LEASE, NotYet, queue_errand, queue_letter, work_through


class Post:
    """A mail server that takes letters, and fails as told."""

    def __init__(self):
        self.taken: list[str] = []
        self.subjects: list[str] = []
        self.problems: list[Exception] = []

    def __call__(self, *, to, subject, text, html, message_id):
        if self.problems:
            raise self.problems.pop(0)
        self.taken.append(message_id)
        self.subjects.append(f"{to}: {subject}")


@pytest.fixture
def post(monkeypatch):
    server = Post()
    monkeypatch.setattr(mail, "send", server)
    monkeypatch.setattr(
        mail, "render", lambda *, letter, language, facts: mail.Letter(f"{letter} {facts}", "", "")
    )
    return server


def write(letter, key=None, now=NOON):
    queue_letter(
        letter=letter, to="a@b.ru", language="ru", facts={}, once_key=key or letter, now=now
    )


def rows():
    return list(db.session.scalars(select(OutboxItem).order_by(OutboxItem.id)))


def test_a_letter_is_sent_once_and_marked(inside, post):
    write("hello")

    assert work_through(now=NOON, errands={}) == 1
    assert work_through(now=NOON, errands={}) == 0

    assert post.subjects == ["a@b.ru: hello {}"]
    assert rows()[0].done_at is not None


def test_the_same_once_key_is_one_letter(inside, post):
    write("hello", key="order-1")
    write("hello", key="order-1")

    work_through(now=NOON, errands={})

    assert len(post.taken) == 1


def test_an_undone_deed_leaves_no_letter_and_wakes_nobody(inside, monkeypatch):
    woken = []
    monkeypatch.setitem(inside.extensions, "shop_wake", lambda: woken.append(True))

    @use_case
    def deed():
        write("hello")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        deed()

    assert rows() == []
    assert woken == []


def test_the_worker_is_woken_once_after_the_commit(inside, monkeypatch):
    woken = []
    monkeypatch.setitem(inside.extensions, "shop_wake", lambda: woken.append(len(rows())))

    @use_case
    def deed():
        write("one")
        write("two")

    deed()

    assert woken == [2]


def test_a_queue_that_is_away_disturbs_nobody(inside, monkeypatch):
    def away():
        raise ConnectionError

    monkeypatch.setitem(inside.extensions, "shop_wake", away)

    write("hello")

    assert len(rows()) == 1


def test_a_crash_between_sending_and_marking_sends_again_under_the_same_name(
    inside, post, monkeypatch
):
    write("hello")

    class Killed(BaseException):
        pass

    def send_and_die(**letter):
        post(**letter)
        raise Killed

    monkeypatch.setattr(mail, "send", send_and_die)
    with pytest.raises(Killed):
        work_through(now=NOON, errands={})
    db.session.rollback()
    monkeypatch.setattr(mail, "send", post)

    assert work_through(now=NOON + LEASE - timedelta(seconds=1), errands={}) == 0
    assert work_through(now=NOON + LEASE + timedelta(seconds=1), errands={}) == 1

    item = rows()[0].id
    assert post.taken == [f"outbox-{item}", f"outbox-{item}"]


def test_letters_wait_in_order_for_a_server_that_is_away(inside, post):
    write("one")
    write("two")
    post.problems = [mail.ServerAway("refused")]

    assert work_through(now=NOON, errands={}) == 1
    write("three")
    assert work_through(now=NOON + timedelta(seconds=4), errands={}) == 0
    assert work_through(now=NOON + timedelta(seconds=6), errands={}) == 3

    assert [subject.split()[1] for subject in post.subjects] == ["one", "two", "three"]


def test_after_an_hour_of_silence_nothing_is_lost_and_the_order_holds(inside, post):
    for number in range(5):
        write(f"n{number}")
    now = NOON
    while now < NOON + timedelta(hours=1):
        post.problems = [mail.ServerAway("refused")]
        work_through(now=now, errands={})
        now += timedelta(seconds=15)
    post.problems = []

    work_through(now=now + timedelta(minutes=1), errands={})

    assert [subject.split()[1] for subject in post.subjects] == ["n0", "n1", "n2", "n3", "n4"]


def test_a_letter_that_is_refused_holds_up_no_other_and_is_tried_ever_more_rarely(inside, post):
    write("bad")
    write("good")
    post.problems = [mail.MailProblem("550 no such mailbox")]
    moment, pauses = NOON, []

    work_through(now=moment, errands={})
    for _ in range(6):
        due = rows()[0].due_at
        pauses.append(round((due - moment).total_seconds()))
        moment = due
        post.problems = [mail.MailProblem("550 no such mailbox")]
        work_through(now=moment, errands={})

    assert [subject.split()[1] for subject in post.subjects] == ["good"]
    assert pauses == [5, 30, 120, 600, 3600, 3600]
    assert rows()[0].done_at is None
    assert "550" in rows()[0].last_problem


def test_errands_are_done_with_their_payload_when_they_are_due(inside):
    told = []
    queue_errand(kind="call", payload={"n": 1}, once_key="a", now=NOON)
    queue_errand(
        kind="call", payload={"n": 2}, once_key="b", now=NOON, due_at=NOON + timedelta(minutes=5)
    )

    work_through(now=NOON, errands={"call": told.append})
    assert told == [{"n": 1}]
    work_through(now=NOON + timedelta(minutes=5), errands={"call": told.append})
    assert told == [{"n": 1}, {"n": 2}]


def test_what_nobody_knows_how_to_do_waits_and_harms_nobody(inside):
    told = []
    queue_errand(kind="strange", payload={}, once_key="a", now=NOON)
    queue_errand(kind="call", payload={}, once_key="b", now=NOON)

    work_through(now=NOON, errands={"call": told.append})

    assert told == [{}]
    assert rows()[0].done_at is None
    assert outbox().waiting == 1
    assert outbox().failing == 1


def test_not_yet_means_later(inside):
    def slow(_payload):
        raise NotYet("the bank is at it")

    queue_errand(kind="call", payload={}, once_key="a", now=NOON)
    work_through(now=NOON, errands={"call": slow})

    assert work_through(now=NOON + timedelta(seconds=4), errands={"call": slow}) == 0
    assert (
        work_through(now=NOON + timedelta(seconds=6), errands={"call": lambda _payload: None}) == 1
    )


def test_letters_and_errands_can_be_done_apart(inside, post):
    told = []
    write("hello")
    queue_errand(kind="call", payload={}, once_key="a", now=NOON)

    assert work_through(now=NOON, errands={"call": told.append}, letters=False) == 1
    assert (post.taken, told) == ([], [{}])
    assert work_through(now=NOON, errands={}, letters=True) == 1
    assert len(post.taken) == 1


def test_four_workers_at_once_do_each_thing_once(app):
    done, ready = [], Barrier(4)
    with app.app_context():
        for number in range(40):
            queue_errand(kind="call", payload={"n": number}, once_key=f"n{number}", now=NOON)

    def worker():
        with app.app_context():
            ready.wait()
            while work_through(
                now=NOON, errands={"call": lambda payload: done.append(payload["n"])}
            ):
                pass

    threads = [Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(done) == list(range(40))
