"""Letters through a real mail server on this machine."""

import email
import email.policy
import smtplib
import socket
import time

import pytest
from aiosmtpd.controller import Controller

from sandbox.serving import free_port
from shop.gateways import mail


class Sink:
    """A mail server that keeps what it gets, and answers as told."""

    def __init__(self):
        self.letters: list[bytes] = []
        self.answers: list[str] = []

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.letters.append(envelope.content)
        return answer

    def last(self):
        return email.message_from_bytes(self.letters[-1], policy=email.policy.default)


@pytest.fixture
def sink(app):
    handler = Sink()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    was = app.extensions["mail"].port
    app.extensions["mail"].port = controller.port
    yield handler
    controller.stop()
    app.extensions["mail"].port = was


def send(**more):
    letter = {
        "to": "anna@example.ru",
        "subject": "Ваш заказ принят",
        "text": "Здравствуйте!",
        "html": "<p>Здравствуйте!</p>",
        "message_id": "outbox-17",
    }
    mail.send(**letter | more)


def test_no_line_is_longer_than_mail_servers_take(inside, sink):
    html = f"<p>{'Очень длинное письмо. ' * 200}</p>"

    send(html=html)

    assert max(map(len, sink.letters[-1].splitlines())) <= 998
    assert sink.last().get_body(("html",)).get_content().strip() == html


def test_a_letter_arrives_with_both_parts_and_its_own_name(inside, sink):
    send()

    letter = sink.last()
    assert letter["To"] == "anna@example.ru"
    assert letter["Subject"] == "Ваш заказ принят"
    assert letter["Message-ID"] == "<outbox-17@shop.example>"
    assert letter["From"] == "Озон <shop@shop.example>"
    assert letter.get_body(("plain",)).get_content().strip() == "Здравствуйте!"
    assert letter.get_body(("html",)).get_content().strip() == "<p>Здравствуйте!</p>"


@pytest.mark.parametrize("to", ["a@b.ru\nBcc: c@d.ru", "a@b.ru, c@d.ru", "nobody", ""])
def test_an_address_that_is_no_address_is_refused_before_anybody_is_asked(inside, sink, to):
    with pytest.raises(mail.MailProblem):
        send(to=to)
    assert sink.letters == []


def test_a_line_break_in_a_subject_makes_no_second_header(inside, sink):
    send(subject="Заказ\r\nBcc: c@d.ru")

    assert sink.last()["Bcc"] is None
    assert sink.last()["Subject"] == "Заказ  Bcc: c@d.ru"


def test_a_refused_letter_is_that_letters_problem(inside, sink):
    sink.answers = ["550 no such mailbox"]

    with pytest.raises(mail.MailProblem) as told:
        send()

    assert not isinstance(told.value, mail.ServerAway)


def test_a_server_that_is_not_there_is_away(inside, sink):
    inside.extensions["mail"].port = free_port()

    with pytest.raises(mail.ServerAway):
        send()


def test_a_server_that_says_nothing_is_away_after_the_limit(inside, sink, monkeypatch):
    monkeypatch.setattr(mail, "TIMEOUT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        inside.extensions["mail"].port = silent.getsockname()[1]
        started = time.monotonic()
        with pytest.raises(mail.ServerAway):
            send()
    assert time.monotonic() - started < 3


def test_a_server_that_hangs_up_after_taking_it_has_taken_it(inside, sink, monkeypatch):
    def hang_up(_self):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(smtplib.SMTP, "quit", hang_up)

    send()

    assert len(sink.letters) == 1


@pytest.fixture
def letters(app, tmp_path):
    """A letter of this test's own."""
    from jinja2 import ChoiceLoader, DictLoader

    files = {
        "mail/test/subject.txt": "{{ _('Paid') }}\n",
        "mail/test/body.txt": "{{ name }}, {{ shop.name }}, {{ sum|money }}",
        "mail/test/body.html": "<p>{{ name }}</p>",
    }
    was = app.jinja_env.loader
    app.jinja_env.loader = ChoiceLoader([DictLoader(files), was])
    yield
    app.jinja_env.loader = was


@pytest.mark.parametrize(("language", "subject"), [("ru", "Оплачено"), ("en", "Paid")])
def test_each_reader_gets_the_letter_in_their_language(inside, letters, language, subject):
    letter = mail.render(letter="test", language=language, facts={"name": "<Анна>", "sum": 149000})

    assert letter.subject == subject
    assert letter.text == "<Анна>, Озон, 1\u00a0490\u00a0₽"
    assert letter.html == "<p>&lt;Анна&gt;</p>"


def test_two_letters_running_in_two_languages_do_not_mix(inside, letters):
    facts = {"name": "A", "sum": 100}

    subjects = [
        mail.render(letter="test", language=language, facts=facts).subject
        for language in ("ru", "en", "ru")
    ]

    assert subjects == ["Оплачено", "Paid", "Оплачено"]


def test_the_letter_about_returned_money_reads_well(inside):
    facts = {"number": "0042-1187", "amount_kopecks": 327_900}

    letter = mail.render(letter="payment_returned", language="ru", facts=facts)

    assert letter.subject == "Возвращаем деньги за заказ 0042-1187"
    assert "3\u00a0279\u00a0₽" in letter.text
    assert "http://localhost/my/orders/0042-1187" in letter.html


@pytest.mark.parametrize(
    ("facts", "subject", "told", "link"),
    [
        (
            {"is_surplus": True, "is_certificate": False},
            "Возвращаем деньги за заказ 0042-1187",
            "За заказ 0042-1187 пришло 690 ₽, когда оплата была уже не нужна",
            "/my/orders/0042-1187",
        ),
        (
            {"is_surplus": False, "is_certificate": False},
            "Возвращаем деньги за заказ 0042-1187",
            "Отправили вам 690 ₽ за заказ 0042-1187 — туда же, откуда вы платили",
            "/my/orders/0042-1187",
        ),
        (
            {"is_surplus": False, "is_certificate": True},
            "Возвращаем деньги за сертификат 0042-1187",
            "Отправили вам 690 ₽ за сертификат 0042-1187",
            "/my/certificates/",
        ),
    ],
)
def test_returned_money_is_told_for_what_it_is(inside, facts, subject, told, link):
    facts |= {"greeting": "Игорь Валерьянович", "number": "0042-1187", "amount_kopecks": 69_000}

    letter = mail.render(letter="payment_returned", language="ru", facts=facts)

    assert letter.subject == subject
    for text in (letter.text, letter.html):
        assert "Здравствуйте, Игорь Валерьянович!" in text.replace("\xa0", " ")
        assert told in text.replace("\xa0", " ") and link in text
