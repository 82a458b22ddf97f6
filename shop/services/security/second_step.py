"""The second step of sign-in: turning it on and off, and passing it at the door."""

import secrets
from datetime import datetime

import pyotp
from sqlalchemy import delete, select, update

from shop.db import db, errand, use_case
from shop.models.auth import Account, UserSession
from shop.models.security import RecoveryCode, SecondStep
from shop.rules.devices import NO_DEVICE, Device
from shop.rules.second_step import RECOVERY_CODES, SCAN_WITHIN, fitting_interval, password_mark
from shop.services.auth import end_sessions
from shop.services.notices import write_to
from shop.services.profile import note_event
from shop.services.security._second_step_codes import (
    PURPOSE,
    CodeDoesntFit,
    StepIsOver,
    codes_left,
    count_step_try,
    forget_step_tries,
    new_codes,
    take_code,
)
from shop.services.security.sealing import Seal, SealIsBroken


@use_case
def begin_second_step(*, account_id: int, now: datetime) -> None:
    """Make a secret for an authenticator app; nothing is asked for until a code has shown that it works.

    A secret made a short while ago stays: the page may be loaded again between looking and typing.

    :raises StepIsOver: when the second step is on already.
    """
    step = db.session.get(SecondStep, account_id)
    if step is not None and step.works_since:
        raise StepIsOver
    if step is not None and _is_fresh(step, now):
        return
    sealed = Seal(PURPOSE, account_id).close(pyotp.random_base32(), now)
    if step is None:
        db.session.add(SecondStep(account_id=account_id, sealed_secret=sealed, last_interval=0))
    else:
        step.sealed_secret = sealed


@errand
def secret_to_scan(*, account_id: int, now: datetime) -> str:
    """Return the secret that was begun with, or an empty string when a new one is needed."""
    step = db.session.scalar(select(SecondStep).where(SecondStep.account_id == account_id))
    if step is None or step.works_since or not _is_fresh(step, now):
        return ""
    return Seal(PURPOSE, account_id).open(step.sealed_secret)


@use_case
def turn_on(
    *, account_id: int, session_id: int, code: str, device: Device, now: datetime
) -> tuple[str, ...]:
    """Ask for the second step from now on, the app having shown a right code; return the recovery codes.

    Whoever is signed in elsewhere has shown a password only, and must come in anew.

    :raises CodeDoesntFit: when the app shows another code.
    :raises StepIsOver: when it is on already, or must be begun anew.
    """
    step = db.session.get(SecondStep, account_id)
    if step is None or step.works_since or not _is_fresh(step, now):
        raise StepIsOver
    interval = fitting_interval(Seal(PURPOSE, account_id).open(step.sealed_secret), code, now)
    if interval is None:
        raise CodeDoesntFit
    step.works_since, step.last_interval = now, interval
    ended = end_sessions(account_id=account_id, but=session_id, now=now)
    here = UserSession.id == session_id, UserSession.account_id == account_id
    db.session.execute(update(UserSession).where(*here).values(way="second_step"))
    facts = {"ended": ended}
    note_event(account_id=account_id, kind="second_step_on", facts=facts, device=device, now=now)
    _write("second_step_on", account_id, device, now)
    return new_codes(account_id)


@errand
def turn_off(
    *, account_id: int, code: str, device_key: str = "", device: Device, now: datetime
) -> None:
    """Ask for the password only from now on; a code of either kind shows that it is the owner who wishes so.

    :raises TooManyTries: before anything is compared, when there were too many wrong ones.
    :raises StepNotTaken: when the code opens nothing; its kinds say why.
    :raises StepIsOver: when it is off already.
    """
    whence = count_step_try(account_id, device_key, device, now)
    _turn_off(account_id=account_id, code=code, whence=whence, device=device, now=now)


@use_case
def _turn_off(*, account_id: int, code: str, whence: str, device: Device, now: datetime) -> None:
    by = take_code(account_id, code, now)
    forget_step_tries(account_id, whence)
    _end(account_id, {"by": by}, device, now)


@use_case
def drop_second_step(*, account_id: int, actor_id: int | None = None, now: datetime) -> bool:
    """Turn the second step off for somebody whose app and codes are lost, as support decided; False when there was none."""
    works = select(SecondStep.works_since).where(SecondStep.account_id == account_id)
    if db.session.scalar(works) is None:
        return False
    _end(account_id, {"by": "support"}, NO_DEVICE, now, actor_id)
    return True


@errand
def make_recovery_codes(
    *, account_id: int, code: str, device_key: str = "", device: Device, now: datetime
) -> tuple[str, ...]:
    """Put new recovery codes in place of the old ones and return them; a code of either kind is asked for.

    Else whoever sits at a signed-in device could make themselves codes, and pass with them ever after.

    :raises TooManyTries: before anything is compared, when there were too many wrong ones.
    :raises StepNotTaken: when the code opens nothing; its kinds say why.
    :raises StepIsOver: when the second step is off.
    """
    whence = count_step_try(account_id, device_key, device, now)
    return _renew_codes(account_id=account_id, code=code, whence=whence, device=device, now=now)


@use_case
def _renew_codes(
    *, account_id: int, code: str, whence: str, device: Device, now: datetime
) -> tuple[str, ...]:
    take_code(account_id, code, now)
    forget_step_tries(account_id, whence)
    facts = {"count": RECOVERY_CODES}
    note_event(
        account_id=account_id, kind="recovery_codes_made", facts=facts, device=device, now=now
    )
    return new_codes(account_id)


@errand
def pass_second_step(
    *,
    account_id: int,
    mark: str,
    code: str,
    device_key: str = "",
    device: Device,
    now: datetime,
) -> None:
    """Take the code that is asked for after the right password; return when the account may be opened.

    `mark` says which password it was. `device_key` is the word of a browser the account was opened from before.

    :raises TooManyTries: before anything is compared, when there were too many wrong ones.
    :raises StepNotTaken: when the code opens nothing; its kinds say why.
    :raises StepIsOver: when the password was changed meanwhile, or the second step is off.
    """
    whence = count_step_try(account_id, device_key, device, now)
    _pass(account_id=account_id, mark=mark, code=code, whence=whence, device=device, now=now)


@use_case
def _pass(
    *, account_id: int, mark: str, code: str, whence: str, device: Device, now: datetime
) -> None:
    password_hash = db.session.scalar(select(Account.password_hash).where(Account.id == account_id))
    if not password_hash or not secrets.compare_digest(password_mark(password_hash), mark):
        raise StepIsOver
    if take_code(account_id, code, now) == "recovery_code":
        facts = {"left": codes_left(account_id)}
        note_event(
            account_id=account_id, kind="recovery_code_used", facts=facts, device=device, now=now
        )
        _write("recovery_code_used", account_id, device, now, **facts)
    forget_step_tries(account_id, whence)


def _end(
    account_id: int,
    facts: dict[str, str],
    device: Device,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Forget the secret and the codes. Nobody's sign-in counts as more than a password's any longer."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    db.session.execute(delete(SecondStep).where(SecondStep.account_id == account_id))
    proved = UserSession.account_id == account_id, UserSession.way == "second_step"
    db.session.execute(update(UserSession).where(*proved).values(way="password"))
    note_event(
        account_id=account_id,
        kind="second_step_off",
        facts=facts,
        device=device,
        actor_id=actor_id,
        now=now,
    )
    _write("second_step_off", account_id, device, now)


def _is_fresh(step: SecondStep, now: datetime) -> bool:
    """True when the secret was made a short while ago, and can still be read."""
    seal = Seal(PURPOSE, step.account_id)
    try:
        seal.open(step.sealed_secret)
        return seal.closed_at(step.sealed_secret) > now - SCAN_WITHIN
    except SealIsBroken:
        return False


def _write(letter: str, account_id: int, device: Device, now: datetime, **more: int) -> None:
    account = db.session.get_one(Account, account_id)
    write_to(
        account=account,
        letter=letter,
        facts={"at": now.isoformat(), **device.kept, **more},
        once_key=f"{letter}-{account_id}-{now.isoformat()}",
        now=now,
    )
