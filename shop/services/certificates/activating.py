"""Putting a certificate's sum, or what a code word gives, onto somebody's account: once, and not by guessing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import select, update

from shop.db import db, errand, use_case
from shop.models.certificates import Certificate
from shop.models.profile import AccountEvent
from shop.queries.certificates import Preview, certificate_by, nth_last_activation
from shop.rules.certificates import ACTIVATIONS_A_DAY, normal_code, normal_word
from shop.rules.devices import NO_DEVICE, Device
from shop.rules.ledger import CERTIFICATES, PROMO_COST, balance, flow, promo
from shop.services.auth import TooManyTries, count_try, take_back_try
from shop.services.certificates import _letters
from shop.services.certificates._codes import hash_of
from shop.services.certificates.campaigns import preview_of_word, use_word
from shop.services.certificates.refusals import (
    AlreadyActivated,
    NoLongerValid,
    TermIsOver,
    TooManyActivations,
    UnknownCode,
)
from shop.services.ledger import post, tell
from shop.services.profile import note_event

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@errand
def look_at_code(*, account_id: int, text: str, device: Device, now: datetime) -> Preview:
    """Return what a code or a word would give this account. Nothing is activated; what doesn't fit counts as a guess.

    :raises CertificateRefused: one of services/certificates/refusals, saying why it would give nothing.
    :raises TooManyTries: after too many that didn't fit.
    """
    with _guesses_counted(account_id, device, now):
        if code := normal_code(text):
            return _preview_of(account_id, code, now)
        return preview_of_word(account_id=account_id, word=normal_word(text), now=now)


@errand
def redeem(*, account_id: int, text: str, device: Device, now: datetime) -> Preview:
    """Activate a certificate by its code, or take what a code word gives; return what came onto the account.

    :raises CertificateRefused: one of services/certificates/refusals; nothing was changed.
    :raises TooManyTries: after too many that didn't fit.
    """
    with _guesses_counted(account_id, device, now):
        if code := normal_code(text):
            return activate(account_id=account_id, code=code, device=device, now=now)
        word = normal_word(text)
        return use_word(account_id=account_id, word=word, device=device, now=now)


@use_case
def activate(*, account_id: int, code: str, device: Device = NO_DEVICE, now: datetime) -> Preview:
    """Put a certificate's sum onto an account. Doors go through `redeem`, which counts guesses.

    :raises UnknownCode: when there is no such certificate that could be activated.
    :raises AlreadyActivated: when somebody has activated it.
    :raises NoLongerValid: when it was given back or blocked.
    :raises TermIsOver: when its term has passed.
    :raises TooManyActivations: when this account has activated enough for a day.
    """
    preview = _preview_of(account_id, normal_code(code), now)
    mine = db.session.scalar(
        update(Certificate)
        .where(
            Certificate.serial == preview.name,
            Certificate.state == "sold",
            Certificate.expires_at > now,
        )
        .values(state="activated", activated_by=account_id, activated_at=now)
        .returning(Certificate)
        .execution_options(populate_existing=True)
    )
    if mine is None:
        raise UnknownCode
    _credit(mine, account_id, now)
    note_event(
        account_id=account_id,
        kind="certificate_activated",
        facts={"serial": mine.serial, "nominal_kopecks": mine.nominal_kopecks},
        device=device,
        now=now,
    )
    _letters.tell_activated(mine, account_id, now)
    return preview


def _credit(mine: Certificate, account_id: int, now: datetime) -> None:
    """Bought money can be paid back and goes onto the balance; given money goes where it never is."""
    debit, credit = (
        (PROMO_COST, promo(account_id)) if mine.is_free else (CERTIFICATES, balance(account_id))
    )
    post(
        once_key=f"cert:{mine.serial}:act",
        kind="certificate_activated",
        lines=flow(debit, credit, mine.nominal_kopecks),
        reference=mine.serial,
        actor="customer",
        now=now,
    )


def _preview_of(account_id: int, code: str, now: datetime) -> Preview:
    """What a code would bring. Unknown and unpaid ones read the same: a guess learns nothing."""
    found = certificate_by(code_hash=hash_of(code)) if code else None
    if found is not None and found.state == "blocked":
        raise NoLongerValid
    if found is None or found.state not in {"sold", "activated", "expired"}:
        raise UnknownCode
    if found.state == "activated":
        raise AlreadyActivated(
            found.serial,
            found.activated_at or now,
            is_mine=found.activated_by == account_id,
            is_free=found.is_free,
        )
    if found.state == "expired" or found.expires_at <= now:
        raise TermIsOver(found.serial, found.expires_at)
    enough = nth_last_activation(account_id=account_id, nth=ACTIVATIONS_A_DAY)
    if enough is not None and enough > now - DAY:
        raise TooManyActivations(enough + DAY)
    return Preview(
        kind="certificate",
        name=found.serial,
        gives="promo" if found.is_free else "balance",
        amount=found.nominal_kopecks,
        until=found.expires_at,
    )


@contextmanager
def _guesses_counted(account_id: int, device: Device, now: datetime) -> Iterator[None]:
    """Count a try before it is made, and uncount it unless it was a guess that missed."""
    counted = {
        "deed": "certificate",
        "subject": str(account_id),
        "address": device.address,
    }
    try:
        count_try(**counted, now=now)
    except TooManyTries:
        _raise_alarm(account_id=account_id, device=device, now=now)
        raise
    try:
        yield
    except (UnknownCode, NoLongerValid):
        raise
    except BaseException:
        take_back_try(**counted, now=now)
        raise
    take_back_try(**counted, now=now)


@use_case
def _raise_alarm(*, account_id: int, device: Device, now: datetime) -> None:
    """Say it once in an hour: in the log, in the account's own log, and thereby on the staff's desk."""
    told = select(AccountEvent.id).where(
        AccountEvent.account_id == account_id,
        AccountEvent.kind == "certificate_guessing",
        AccountEvent.happened_at > now - HOUR,
    )
    if db.session.scalar(told.limit(1)) is not None:
        return
    tell(event="certificate_guessing", facts={"account": account_id}, is_trouble=True)
    note_event(account_id=account_id, kind="certificate_guessing", device=device, now=now)
