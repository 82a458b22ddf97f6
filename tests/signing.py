"""For tests of coming in: who registers, what the letters say, and what a browser was left with."""

import re
import threading
from datetime import UTC, datetime

from browser import Browser
from factories import NOON, PASSWORD
from flask import Flask
from lxml import html
from sqlalchemy import select

from shop.cli.jobs import ERRANDS
from shop.db import db
from shop.models import Account, OutboxItem
from shop.rules.captcha import digits_of
from shop.services.auth import register, sign_in_with_password
from shop.services.notices import work_through

NEW_PASSWORD = "семь пятниц на неделе"
PERSON = {
    "given_name": "Анна-Мария",
    "family_name": "О'Коннор",
    "patronymic": "",
    "email": "anna@example.ru",
    "password": NEW_PASSWORD,
    "consent": "y",
}
LOG_IN = {"email": "igor@example.ru", "password": PASSWORD}
OVER_A_PAGE = {"HX-Current-URL": "http://localhost/catalog/?sort=new"}


def popup(app: Flask) -> Browser:
    """The popup over a page of the shop."""
    return Browser(app, target="dlg-body")


def letters(name=None):
    """What was written to mailboxes, oldest first."""
    query = select(OutboxItem).where(OutboxItem.kind == "letter").order_by(OutboxItem.id)
    written = db.session.scalars(query).all()
    return [one.payload for one in written if name in {None, one.payload["letter"]}]


def last_letter(app: Flask):
    with app.app_context():
        return letters()[-1]


def asking(browser: Browser, email="igor@example.ru"):
    """The form of recovery, its anti-spam code read from the key as only the shop can."""
    page = html.fromstring(browser.get("/auth/recovery").text)
    key = page.xpath("//input[@name='key']/@value")[0]
    code = digits_of(key, secret=browser.app.config["SECRET_KEY"])
    return {"email": email, "key": key, "code": code, "proof": ""}


def letters_are_written(app: Flask):
    """Let the worker write the letters that a form asked for."""
    with app.app_context():
        work_through(now=datetime.now(UTC), errands=ERRANDS, letters=False)


def token_of(letter):
    return letter["facts"]["link"].partition("token=")[2]


def code_of(letter):
    return letter["facts"]["code"]


def wrong(code):
    """Another code than this one."""
    return f"{(int(code.replace(' ', '')) + 1) % 1_000_000:06}"


def registered(email="igor@example.ru", **more):
    values = {
        "password": NEW_PASSWORD,
        "given_name": "Игорь",
        "family_name": "Секретов",
        "now": NOON,
    }
    return register(email=email, **values | more)


def sign_in(email="igor@example.ru", password=PASSWORD, address="203.0.113.7", now=NOON):
    return sign_in_with_password(email=email, password=password, address=address, now=now)


def account(account_id):
    return db.session.get_one(Account, account_id, populate_existing=True)


def together(app: Flask, *deeds):
    """Do these at the same moment, each in a thread of its own; return what came of each."""
    start, came = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(number, deed):
        with app.app_context():
            start.wait()
            try:
                came[number] = deed()
            except Exception as fault:
                came[number] = fault
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()  # What was read before is not what is there now.
    return came


def session_of(browser):
    with browser.client.session_transaction() as session:
        return dict(session)


def is_signed_in(browser):
    return browser.get("/my/").status_code == 200


def errors_of(answer):
    """The summary of errors: where each line leads, and what it says."""
    tree = html.fromstring(answer.text)
    return [(link.get("href"), link.text_content()) for link in tree.xpath("//*[@role='alert']//a")]


def bare(answer):
    """An answer without what is random in every one."""
    text = re.sub(r'(csrf_token" value|data-who|once_key" value)="[^"]*"', r'\1=""', answer.text)
    text = re.sub(r"через (\d+ секунд\w?|1 минуту)", "через", text)
    random = {"Set-Cookie", "Content-Length", "HX-Trigger", "Retry-After"}
    headers = {name: value for name, value in answer.headers if name not in random}
    cookies = sorted(
        re.sub("=[^;]*", "=", one, count=1) for one in answer.headers.getlist("Set-Cookie")
    )
    return answer.status_code, headers, cookies, text
