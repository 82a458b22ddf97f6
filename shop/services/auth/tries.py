"""Counting what may be tried only so often. Whoever asks too often is refused before anything costly is done."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, select

from shop.db import db, use_case
from shop.models.auth import GuardedTry, SpentKey
from shop.rules.auth import LIMITS, TRIES_LIVE, address_group, subject_hash, token_hash, wait_after

# Old tries are swept away by about every so many-th new one.
SWEEP_EVERY = 50


class TooManyTries(Exception):
    """Enough for now; `wait` says how long."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"again in {wait}")
        self.wait = wait


@use_case
def count_try(*, deed: str, subject: str, address: str, now: datetime) -> None:
    """Write down that `deed` is tried on `subject` from `address`.

    :raises TooManyTries: when that was done too often lately; refused tries are not counted, so waiting helps.
    """
    limits = LIMITS[deed]
    kept = _kept_subject(deed, subject, address)
    waits = [
        wait_after(_moments(deed, column, value, limit.most, now), limit, now)
        for column, value, several in (
            ("subject", kept, limits.subject),
            ("address", address_group(address), limits.address),
        )
        for limit in several
    ]
    if (wait := max(waits, default=timedelta(0))) > timedelta(0):
        raise TooManyTries(wait)
    note_try(deed=deed, subject=subject, address=address, now=now)


@use_case
def note_try(*, deed: str, subject: str, address: str, now: datetime) -> None:
    """Count a try that is allowed in any case."""
    noted = GuardedTry(
        deed=deed,
        subject=_kept_subject(deed, subject, address),
        address=address_group(address),
        happened_at=now,
    )
    db.session.add(noted)
    db.session.flush()
    if noted.id % SWEEP_EVERY == 0:
        db.session.execute(delete(GuardedTry).where(GuardedTry.happened_at < now - TRIES_LIVE))


@use_case
def take_back_try(*, deed: str, subject: str, address: str, now: datetime) -> None:
    """Uncount the one try of this moment that came out right; earlier wrong ones still count.

    Counting first and uncounting afterwards lets nobody slip through who tries many at once.
    """
    mine = (
        select(GuardedTry.id)
        .where(
            GuardedTry.deed == deed,
            GuardedTry.subject == _kept_subject(deed, subject, address),
            GuardedTry.address == address_group(address),
            GuardedTry.happened_at == now,
        )
        .limit(1)
    )
    db.session.execute(delete(GuardedTry).where(GuardedTry.id.in_(mine)))


@use_case
def forget_tries(*, deed: str, subject: str, address: str) -> None:
    """Start counting anew for who has just shown the right thing."""
    kept = _kept_subject(deed, subject, address)
    db.session.execute(
        delete(GuardedTry).where(GuardedTry.deed == deed, GuardedTry.subject == kept)
    )


@use_case
def spend_key(*, key: str, expires_at: datetime, now: datetime) -> bool:
    """Take a signed key that opens a door once; False when it was taken before. The caller has checked the signature.

    `expires_at` is when the signature says it is over: from then on nobody need remember it.
    """
    db.session.execute(delete(SpentKey).where(SpentKey.expires_at < now - timedelta(hours=1)))
    kept = token_hash(key)
    if db.session.get(SpentKey, kept) is not None:
        return False
    db.session.add(SpentKey(key_hash=kept, expires_at=expires_at))
    db.session.flush()
    return True


def _kept_subject(deed: str, subject: str, address: str) -> str:
    whole = f"{subject}\0{address_group(address)}" if LIMITS[deed].by_pair else subject
    return subject_hash(deed, whole, secret=current_app.config["SECRET_KEY"])


def _moments(deed: str, column: str, value: str, most: int, now: datetime) -> list[datetime]:
    """The last `most` tries. One from beyond the next minute was made before the clock was set back, and says nothing."""
    return list(
        db.session.scalars(
            select(GuardedTry.happened_at)
            .where(
                GuardedTry.deed == deed,
                getattr(GuardedTry, column) == value,
                GuardedTry.happened_at > now - TRIES_LIVE,
                GuardedTry.happened_at < now + timedelta(minutes=1),
            )
            .order_by(GuardedTry.happened_at.desc())
            .limit(most)
        )
    )
