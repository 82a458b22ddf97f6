"""The codes of the second step: each is taken once, and wrong ones are counted. For the deeds of second_step.py."""

import secrets
from datetime import datetime

from flask import current_app
from sqlalchemy import delete, func, select, update

from shop.db import db
from shop.models.security import RecoveryCode, SecondStep
from shop.rules.devices import Device
from shop.rules.second_step import (
    ALPHABET,
    RECOVERY_CODE_LENGTH,
    RECOVERY_CODES,
    fitting_interval,
    in_groups,
    is_recovery_code,
    recovery_code_hash,
)
from shop.services.auth import count_try, forget_tries
from shop.services.security.sealing import Seal, SealIsBroken

PURPOSE = "second-step"


class StepNotTaken(Exception):
    """The code opens nothing."""


class CodeDoesntFit(StepNotTaken):
    """It isn't the code of this moment, nor an unused recovery code."""


class CodeWasUsed(StepNotTaken):
    """It is the right code, and it was taken before: each works once."""


class SecretIsUnreadable(StepNotTaken):
    """The app's secret was sealed with another SECRET_KEY: only a recovery code or support can help."""


class StepIsOver(Exception):
    """There is nothing (more) to do a step on: it is on already, off already, not begun, or the password was changed."""


def take_code(account_id: int, code: str, now: datetime) -> str:
    """Take a code once, whichever kind it is; return which: "app" or "recovery_code"."""
    step = db.session.get(SecondStep, account_id)
    if step is None or not step.works_since:
        raise StepIsOver
    if is_recovery_code(code):
        _take_recovery_code(account_id, code, now)
        return "recovery_code"
    try:
        secret = Seal(PURPOSE, account_id).open(step.sealed_secret)
    except SealIsBroken:
        raise SecretIsUnreadable from None
    interval = fitting_interval(secret, code, now)
    if interval is None:
        raise CodeDoesntFit
    unused = SecondStep.account_id == account_id, SecondStep.last_interval < interval
    taken = update(SecondStep).where(*unused).values(last_interval=interval)
    if not db.session.scalars(taken.returning(SecondStep.account_id)).all():
        raise CodeWasUsed
    return "app"


def _take_recovery_code(account_id: int, code: str, now: datetime) -> None:
    secret = current_app.config["SECRET_KEY"]
    kept = recovery_code_hash(code, account_id=account_id, secret=secret)
    known = RecoveryCode.account_id == account_id, RecoveryCode.code_hash == kept
    taken = update(RecoveryCode).where(*known, RecoveryCode.used_at.is_(None)).values(used_at=now)
    if db.session.scalars(taken.returning(RecoveryCode.id)).all():
        return
    was_right = db.session.scalar(select(func.count(RecoveryCode.id)).where(*known))
    raise CodeWasUsed if was_right else CodeDoesntFit


def new_codes(account_id: int) -> tuple[str, ...]:
    """Write ten new codes in place of whatever there was; this is the only time anybody sees them."""
    codes = [
        "".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_CODE_LENGTH))
        for _ in range(RECOVERY_CODES)
    ]
    secret = current_app.config["SECRET_KEY"]
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    db.session.add_all(
        RecoveryCode(
            account_id=account_id,
            code_hash=recovery_code_hash(code, account_id=account_id, secret=secret),
        )
        for code in codes
    )
    return tuple(in_groups(code, "-") for code in codes)


def codes_left(account_id: int) -> int:
    """Count the recovery codes that were not used yet."""
    left = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(left) or 0


def count_step_try(account_id: int, device_key: str, device: Device, now: datetime) -> str:
    """Count a try, by the pair of account and address, or by the known browser; return which it was."""
    subject, whence = str(account_id), f"device:{device_key}" if device_key else device.address
    count_try(deed="second_step", subject=subject, address=whence, now=now)
    if not device_key:
        count_try(deed="second_step_anywhere", subject=subject, address=device.address, now=now)
    return whence


def forget_step_tries(account_id: int, whence: str) -> None:
    """Start counting anew for who has just shown a right code."""
    forget_tries(deed="second_step", subject=str(account_id), address=whence)
