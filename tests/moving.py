"""For tests of another address and another owner: who asks, which links came, what is left of an account."""

from factories import NOON
from lxml import html
from signing import NEW_PASSWORD, letters
from sqlalchemy import select, update

from shop.db import db
from shop.models import Account, AccountEvent, EmailChange, Handover, UserSession
from shop.rules.devices import Device
from shop.services.auth import PASSWORDS
from shop.services.security.email import ask_for_change, confirm_change, undo_change
from shop.services.security.handover import Newcomer, ask_for_handover, give, take

OLD, NEW = "igor@example.ru", "igor@new.example"
TAKER = "olga@example.ru"
OLGA = Newcomer("Ольга", "Д'Арк-Петрова", "", NEW_PASSWORD)
PHONE = Device(
    address="203.0.113.7", name="Chrome, Android", country="RU", network="203.0.113.0/24"
)


def token(letter, number=-1):
    """The token of the link in such a letter, the newest unless told."""
    return letters(letter)[number]["facts"]["link"].partition("token=")[2]


def written():
    """Which letters went to whom, oldest first."""
    return [(one["letter"], one["to"]) for one in letters()]


def asked(account, new_email=NEW, now=NOON):
    """The tokens of a change that was just asked for: to confirm, and to stop."""
    ask_for_change(account_id=account.id, new_email=new_email, device=PHONE, now=now)
    return token("email_change_confirm"), token("email_change_warning")


def confirm(link, but=None, now=NOON):
    return confirm_change(token=link, but=but, device=PHONE, now=now)


def undo(link, password=NEW_PASSWORD, now=NOON):
    return undo_change(token=link, password=password, device=PHONE, now=now)


def offered(account, new_email=TAKER, now=NOON):
    """The tokens of a handover that was just asked for: the giver's and the taker's."""
    ask_for_handover(account_id=account.id, new_email=new_email, device=PHONE, now=now)
    return token("handover_giver"), token("handover_taker")


def say_give(link, now=NOON):
    return give(token=link, device=PHONE, now=now)


def say_take(link, newcomer=OLGA, now=NOON):
    return take(token=link, newcomer=newcomer, device=PHONE, now=now)


def handed_over(account, now=NOON):
    """The whole way of a handover."""
    giver, taker = offered(account, now=now)
    say_give(giver, now=now)
    assert say_take(taker, now=now)


def kept(account_id):
    return db.session.get_one(Account, account_id, populate_existing=True)


def email_of(account):
    return db.session.scalar(select(Account.email).where(Account.id == account.id))


def events(account, *but):
    """The kinds of what the log tells, oldest first."""
    kinds = db.session.scalars(
        select(AccountEvent.kind)
        .where(AccountEvent.account_id == account.id)
        .order_by(AccountEvent.id)
    )
    return [kind for kind in kinds if kind not in but]


def facts_of(account, kind):
    return db.session.scalar(
        select(AccountEvent.facts)
        .where(AccountEvent.account_id == account.id, AccountEvent.kind == kind)
        .order_by(AccountEvent.id.desc())
        .limit(1)
    )


def open_sessions(account):
    return db.session.scalars(
        select(UserSession.id)
        .where(UserSession.account_id == account.id, UserSession.ended_at.is_(None))
        .order_by(UserSession.id)
    ).all()


def changes():
    return db.session.scalars(
        select(EmailChange).order_by(EmailChange.id).execution_options(populate_existing=True)
    ).all()


def handovers():
    return db.session.scalars(
        select(Handover).order_by(Handover.id).execution_options(populate_existing=True)
    ).all()


def left(app, account):
    """What a refused page must leave as it is: the address, the moves, the letters, the log."""
    with app.app_context():
        moves = len(changes()) + len(handovers())
        return email_of(account), moves, len(letters()), len(events(account))


def links_of_change(app):
    """The newest links to confirm a change and to stop it."""
    with app.app_context():
        return token("email_change_confirm"), token("email_change_warning")


def links_of_handover(app):
    """The newest links of the giver and of the taker."""
    with app.app_context():
        return token("handover_giver"), token("handover_taker")


def title(answer):
    return html.fromstring(answer.text).xpath("string(//h1)").strip()


def fits(app, account, password):
    with app.app_context():
        return PASSWORDS.fits(password, kept(account.id).password_hash)


def let_time_pass(app, model, **moments):
    """Set the clock of what is under way: its moments become these."""
    with app.app_context():
        db.session.execute(update(model).values(**moments))
        db.session.commit()
