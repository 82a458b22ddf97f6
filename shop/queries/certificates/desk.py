"""Certificates and campaigns as employees see them: who activated what and when, and who has been guessing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import aliased

from shop.db import db
from shop.models.auth import Account, GuardedTry
from shop.models.certificates import Campaign, CampaignUse, Certificate
from shop.models.profile import AccountEvent
from shop.queries.certificates.states import columns_of, state_shown
from shop.rules.points import last_day

AT_ONCE = 50
# Accounts that were stopped guessing stand on the desk for so long; addresses as long as tries are remembered.
ALARM_LIVES, DAY = timedelta(days=7), timedelta(days=1)
# So many misses from one address within a day are told, whoever made them.
MANY_MISSES = 10

_buyer, _activator = aliased(Account), aliased(Account)


class DeskRow(NamedTuple):
    """One certificate at the desk."""

    serial: str
    code_end: str
    state: str
    nominal_kopecks: int
    is_free: bool
    ordered_at: datetime
    expires_at: datetime
    activated_at: datetime | None
    buyer: str | None
    activator: str | None


@dataclass(frozen=True, slots=True)
class CertificatesDesk:
    """A page of certificates, and how many there are in each of SHOWN_STATES."""

    rows: tuple[DeskRow, ...]
    counts: Mapping[str, int]
    state: str
    page: int
    has_more: bool


class DeskCertificate(NamedTuple):
    """One certificate, whole, but for its code."""

    serial: str
    code_end: str
    state: str
    nominal_kopecks: int
    is_free: bool
    recipient_name: str
    recipient_email: str
    send_on: date | None
    sent_at: datetime | None
    ordered_at: datetime
    sold_at: datetime | None
    expires_at: datetime
    activated_at: datetime | None
    blocked_at: datetime | None
    block_reason: str
    refunded_at: datetime | None
    issue_reason: str
    buyer: str | None
    activator: str | None
    issuer: str | None
    blocker: str | None


class GuessingAccount(NamedTuple):
    """An account that was stopped after too many misses."""

    email: str
    network: str
    happened_at: datetime


class GuessingAddress(NamedTuple):
    """An address that many misses came from within a day."""

    address: str
    misses: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Alarms:
    """Who has been guessing codes."""

    accounts: tuple[GuessingAccount, ...]
    addresses: tuple[GuessingAddress, ...]


class CampaignRow(NamedTuple):
    """One campaign with its uses."""

    id: int
    name: str
    word: str
    gives: str
    amount: int
    most_uses: int
    uses: int
    starts_at: datetime
    ends_at: datetime
    is_on: bool

    @property
    def last_at(self) -> datetime:
        """The last moment of its last day."""
        return last_day(self.ends_at)


def certificates_at_desk(
    *, now: datetime, state: str = "", words: str = "", page: int = 1
) -> CertificatesDesk:
    """Return a page, newest first: in one of SHOWN_STATES, or fitting a serial, a code's last four signs, an e-mail. Two queries."""
    shown = state_shown(now)
    by_state = select(shown, func.count()).group_by(shown)
    counts = {name: number for name, number in db.session.execute(by_state)}
    found = db.session.execute(
        select(
            *columns_of(DeskRow._fields[:-2], now),
            _buyer.email.label("buyer"),
            _activator.email.label("activator"),
        )
        .outerjoin(_buyer, _buyer.id == Certificate.buyer_id)
        .outerjoin(_activator, _activator.id == Certificate.activated_by)
        .where(_fitting(words), shown == state if state else true())
        .order_by(Certificate.id.desc())
        .limit(AT_ONCE + 1)
        .offset((page - 1) * AT_ONCE)
    ).all()
    rows = tuple(DeskRow(**row._mapping) for row in found[:AT_ONCE])
    return CertificatesDesk(rows, counts, state, page, len(found) > AT_ONCE)


def _fitting(words: str) -> ColumnElement[bool]:
    if not words:
        return true()
    serial = "".join(words.upper().split())
    return or_(
        Certificate.serial.startswith(serial, autoescape=True),
        Certificate.code_end == serial,
        Certificate.recipient_email == words.lower(),
        _buyer.email == words.lower(),
        _activator.email == words.lower(),
    )


def certificate_at_desk(*, serial: str, now: datetime) -> DeskCertificate:
    """Return one certificate.

    :raises NoResultFound: when there is none.
    """
    issuer, blocker = aliased(Account), aliased(Account)
    row = db.session.execute(
        select(
            *columns_of(DeskCertificate._fields[:-4], now),
            _buyer.email.label("buyer"),
            _activator.email.label("activator"),
            issuer.email.label("issuer"),
            blocker.email.label("blocker"),
        )
        .outerjoin(_buyer, _buyer.id == Certificate.buyer_id)
        .outerjoin(_activator, _activator.id == Certificate.activated_by)
        .outerjoin(issuer, issuer.id == Certificate.issued_by)
        .outerjoin(blocker, blocker.id == Certificate.blocked_by)
        .where(Certificate.serial == serial)
    ).one()
    return DeskCertificate(**row._mapping)


def alarms_of_guessing(*, now: datetime) -> Alarms:
    """Return who has been guessing lately, the newest first. Two queries."""
    accounts = db.session.execute(
        select(Account.email, AccountEvent.network, AccountEvent.happened_at)
        .join(Account, Account.id == AccountEvent.account_id)
        .where(
            # Word for word as the index has it.
            AccountEvent.kind == "certificate_guessing",
            AccountEvent.happened_at > now - ALARM_LIVES,
        )
        .order_by(AccountEvent.happened_at.desc())
        .limit(AT_ONCE)
    )
    misses, last_at = func.count().label("misses"), func.max(GuardedTry.happened_at)
    addresses = db.session.execute(
        select(GuardedTry.address, misses, last_at)
        .where(GuardedTry.deed == "certificate", GuardedTry.happened_at > now - DAY)
        .group_by(GuardedTry.address)
        .having(misses >= MANY_MISSES)
        .order_by(misses.desc())
        .limit(AT_ONCE)
    )
    return Alarms(
        tuple(GuessingAccount(*row) for row in accounts),
        tuple(GuessingAddress(*row) for row in addresses),
    )


def campaigns_at_desk(*, page: int = 1) -> tuple[list[CampaignRow], bool]:
    """Return a page of campaigns, newest first, and whether there are more."""
    columns = [getattr(Campaign, name) for name in CampaignRow._fields]
    found = db.session.execute(
        select(*columns)
        .order_by(Campaign.id.desc())
        .limit(AT_ONCE + 1)
        .offset((page - 1) * AT_ONCE)
    ).all()
    return [CampaignRow(*row) for row in found[:AT_ONCE]], len(found) > AT_ONCE


def uses_of_campaign(
    *, campaign_id: int, page: int = 1
) -> tuple[CampaignRow, list[tuple[str, datetime]], bool]:
    """Return a campaign, a page of (e-mail, when) of those who used its word, newest first, and whether there are more.

    :raises NoResultFound: when there is no such campaign.
    """
    columns = [getattr(Campaign, name) for name in CampaignRow._fields]
    campaign = db.session.execute(select(*columns).where(Campaign.id == campaign_id)).one()
    found = db.session.execute(
        select(Account.email, CampaignUse.used_at)
        .join(Account, Account.id == CampaignUse.account_id)
        .where(CampaignUse.campaign_id == campaign_id)
        .order_by(CampaignUse.id.desc())
        .limit(AT_ONCE + 1)
        .offset((page - 1) * AT_ONCE)
    ).all()
    uses = [(row.email, row.used_at) for row in found[:AT_ONCE]]
    return CampaignRow(*campaign), uses, len(found) > AT_ONCE
