"""An account given to another person: both say yes by mail, and only then its owner is another one."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select

from shop.db import db, errand, use_case
from shop.models.auth import Account, StaffRole
from shop.models.security import Handover
from shop.queries.security.moving import undoing_ends_at
from shop.rules.auth import canonical_email, masked_email, token_hash
from shop.rules.devices import Device
from shop.rules.moving import HANDOVER_LIVES
from shop.rules.names import greeting, looks_like_a_name
from shop.rules.profile import PersonalData
from shop.services.auth import PASSWORDS, count_try
from shop.services.notices import write_to
from shop.services.profile import note_event
from shop.services.security.moving import AddressTaken, MoveIsOver, SameAddress
from shop.services.security.owner import make_owner


class ChangedLately(Exception):
    """The former mailbox may still take the account back; until `until` it isn't handed over."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"not before {until}")
        self.until = until


class EmployeesAccount(Exception):
    """It opens the shop's own rooms: those aren't handed on."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """The taker, in the taker's own words."""

    given_name: str
    family_name: str
    patronymic: str
    password: str


@use_case
def ask_for_handover(*, account_id: int, new_email: str, device: Device, now: datetime) -> None:
    """Ask both mailboxes whether the account shall be another person's. An older asking ends.

    Whether the other address is somebody's makes no difference here: the letter to it alone tells.

    :raises SameAddress: when that is the account's own address.
    :raises EmployeesAccount: when the account has a role.
    :raises ChangedLately: when the account's address was changed less than a week ago.
    :raises TooManyTries: when this was asked too often.
    """
    new_email = canonical_email(new_email)
    account = db.session.get_one(Account, account_id)
    if account.email == new_email:
        raise SameAddress
    if _is_employees(account_id):
        raise EmployeesAccount
    if until := undoing_ends_at(account_id=account_id, now=now):
        raise ChangedLately(until)
    for subject in (f"account {account_id}", new_email):
        count_try(deed="handover", subject=subject, address=device.address, now=now)
    _end_waiting(account_id, now)
    giver_token, taker_token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    handover = Handover(
        account_id=account_id,
        old_email=account.email,
        new_email=new_email,
        giver_token_hash=token_hash(giver_token),
        taker_token_hash=token_hash(taker_token),
        asked_at=now,
        expires_at=now + HANDOVER_LIVES,
    )
    db.session.add(handover)
    db.session.flush()
    _note(handover, "handover_asked", device, now)
    _ask_giver(handover, account, giver_token, device, now)
    _ask_taker(handover, account, taker_token, now)


def _ask_giver(
    handover: Handover, giver: Account, token: str, device: Device, now: datetime
) -> None:
    """Ask whoever reads the account's mailbox, and say from where this was begun."""
    facts = {
        "new_email": handover.new_email,
        "link": f"/auth/handover/giver?token={token}",
        "until": handover.expires_at.isoformat(),
        "at": now.isoformat(),
        **device.kept,
    }
    _write("handover_giver", handover.old_email, giver, facts, handover, now)


def _ask_taker(handover: Handover, giver: Account, token: str, now: datetime) -> None:
    """Ask the other person; who has an account already is told only that this needs an address that has none."""
    owner = db.session.scalar(
        select(Account).where(
            Account.email == handover.new_email, Account.email_confirmed_at.is_not(None)
        )
    )
    if owner is not None:
        _write("handover_taken", handover.new_email, owner, {}, handover, now)
        return
    name = f"{giver.given_name} {giver.family_name}"
    facts = {
        "greeting": "",
        # An advertisement isn't carried to a stranger's mailbox in the place of a name.
        "giver_name": name if looks_like_a_name(name) else "",
        "giver_email": masked_email(giver.email),
        "link": f"/auth/handover/taker?token={token}",
        "until": handover.expires_at.isoformat(),
    }
    _write("handover_taker", handover.new_email, giver, facts, handover, now)


@use_case
def give(*, token: str, device: Device, now: datetime) -> bool:
    """Note that the giver means it; True when the account is the taker's now. Twice is as good as once.

    :raises MoveIsOver: when the link doesn't hold (any more).
    """
    handover = _open_one(Handover.giver_token_hash == token_hash(token), now)
    if handover.done_at is None:
        handover.given_at = handover.given_at or now
        try:
            _complete(handover, device, now)
        except AddressTaken as fault:  # Whose the address is, the giver isn't told.
            raise MoveIsOver from fault
    return handover.done_at is not None


@errand
def take(*, token: str, newcomer: Newcomer, device: Device, now: datetime) -> bool:
    """Note who the taker is, and that the taker wants it; True when the account is the taker's now.

    :raises MoveIsOver: when the link doesn't hold (any more).
    :raises AddressTaken: when the taker's address has become another account's.
    """
    told = asdict(newcomer)
    told["password_hash"] = PASSWORDS.hashed(told.pop("password"))
    return _take(token=token, told=told, device=device, now=now)


@use_case
def _take(*, token: str, told: dict[str, str], device: Device, now: datetime) -> bool:
    handover = _open_one(Handover.taker_token_hash == token_hash(token), now)
    if handover.done_at is None:
        handover.taken_at = now
        for column, value in told.items():
            setattr(handover, column, value)
        _complete(handover, device, now)
    return handover.done_at is not None


@use_case
def stop_handover(*, account_id: int, device: Device, now: datetime) -> bool:
    """Let the giver think better of it; False when nothing was under way."""
    handovers = _end_waiting(account_id, now)
    for handover in handovers:
        _tell_stopped(handover, device, now)
    return bool(handovers)


@use_case
def stop_handover_by_link(*, token: str, device: Device, now: datetime) -> None:
    """Stop a handover, as either mailbox wishes. Twice is as good as once.

    :raises MoveIsOver: when it is done, or the link never was.
    """
    kept = token_hash(token)
    handover = db.session.scalar(
        select(Handover).where(
            (Handover.giver_token_hash == kept) | (Handover.taker_token_hash == kept)
        )
    )
    if handover is None or handover.done_at:
        raise MoveIsOver
    if handover.ended_at is None:
        _end(handover, now)
        _tell_stopped(handover, device, now)


@use_case
def forget_old_handovers(*, now: datetime) -> int:
    """Empty what takers had written of themselves where the other side let the time run out; return how many there were."""
    late = db.session.scalars(
        select(Handover).where(
            Handover.expires_at <= now, Handover.ended_at.is_(None), Handover.done_at.is_(None)
        )
    ).all()
    for handover in late:
        _end(handover, now)
    return len(late)


def _open_one(which: ColumnElement[bool], now: datetime) -> Handover:
    """The handover of a link, as long as the link holds."""
    handover = db.session.scalar(select(Handover).where(which))
    if handover is None or handover.ended_at:
        raise MoveIsOver
    if handover.done_at is None and handover.expires_at <= now:
        raise MoveIsOver
    return handover


def _complete(handover: Handover, device: Device, now: datetime) -> None:
    """When both have said yes: from this moment the account is the taker's."""
    if not (handover.given_at and handover.taken_at):
        return
    account = db.session.get_one(Account, handover.account_id)
    if account.ended_at or account.email != handover.old_email or _is_employees(account.id):
        raise MoveIsOver
    giver = greeting(account.given_name, account.patronymic, account.greeting)
    handover.done_at = now
    make_owner(
        account_id=account.id,
        email=handover.new_email,
        person=PersonalData(
            handover.family_name, handover.given_name, handover.patronymic, "name", None, "", ""
        ),
        password_hash=handover.password_hash,
        consented_at=handover.taken_at,
        device=device,
        now=now,
    )
    facts = {"new_email": masked_email(handover.new_email), "at": now.isoformat()}
    told = facts | {"greeting": giver, "is_taker": False}
    _write("handed_over", handover.old_email, account, told, handover, now)
    told = facts | {"greeting": handover.given_name, "is_taker": True}
    _write("handed_over", handover.new_email, account, told, handover, now)
    _empty(handover)


def _end_waiting(account_id: int, now: datetime) -> list[Handover]:
    """End what is under way; return what might still have been done."""
    waiting = db.session.scalars(
        select(Handover).where(
            Handover.account_id == account_id,
            Handover.ended_at.is_(None),
            Handover.done_at.is_(None),
        )
    ).all()
    for handover in waiting:
        _end(handover, now)
    return [handover for handover in waiting if handover.expires_at > now]


def _end(handover: Handover, now: datetime) -> None:
    handover.ended_at = now
    _empty(handover)


def _empty(handover: Handover) -> None:
    """Forget here what the taker had written: it stands in the account by now, or is nobody's business."""
    handover.given_name = handover.family_name = handover.patronymic = ""
    handover.password_hash = ""


def _is_employees(account_id: int) -> bool:
    has_role = select(exists().where(StaffRole.account_id == account_id))
    return bool(db.session.scalar(has_role))


def _tell_stopped(handover: Handover, device: Device, now: datetime) -> None:
    _note(handover, "handover_stopped", device, now)
    account = db.session.get_one(Account, handover.account_id)
    facts = {"new_email": handover.new_email, "at": now.isoformat()}
    _write("handover_stopped", handover.old_email, account, facts, handover, now)


def _note(handover: Handover, kind: str, device: Device, now: datetime) -> None:
    facts = {"from": handover.old_email, "to": handover.new_email}
    note_event(account_id=handover.account_id, kind=kind, facts=facts, device=device, now=now)


def _write(
    letter: str,
    to: str,
    account: Account,
    facts: dict[str, Any],
    handover: Handover,
    now: datetime,
) -> None:
    write_to(
        account=account,
        letter=letter,
        to=to,
        facts=facts,
        once_key=f"{letter}-{handover.giver_token_hash[:32]}-{'old' if to == handover.old_email else 'new'}",
        now=now,
    )
