"""The audits that were made, and how the gateways compare, for the owner's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shop.db import db
from shop.models.audit import AuditRun, GatewayCheck, PaymentDifference
from shop.models.auth import Account
from shop.queries.audit.findings import Finding
from shop.rules.names import full_name
from shop.rules.reconciling import WITHOUT_A_LIST

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Audit:
    """One look at the books. `by` is an employee's name when one asked for it, else empty."""

    actor: str
    by: str
    began_at: datetime
    took_ms: int
    count: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A payment that a gateway tells otherwise than the shop."""

    gateway: str
    ref: str
    kind: str
    number: str
    ours: str
    theirs: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """When a gateway was last compared with, and what kept the shop from it since."""

    gateway: str
    tried_at: datetime
    compared_at: datetime | None
    payments: int
    unasked: int
    problem: str

    @property
    def has_list(self) -> bool:
        """False where the gateway lists no payments, and each of ours was asked about."""
        return self.gateway not in WITHOUT_A_LIST


def audits(*, most: int = SHOWN) -> list[Audit]:
    """Return the last looks at the books, the newest first. Two queries when employees asked for some."""
    runs = db.session.scalars(select(AuditRun).order_by(AuditRun.id.desc()).limit(most)).all()
    names = _names({run.actor for run in runs if run.actor.startswith("staff:")})
    return [
        Audit(
            run.actor,
            names.get(run.actor, ""),
            run.began_at,
            run.took_ms,
            run.finding_count,
            tuple(Finding(**finding) for finding in run.findings),
        )
        for run in runs
    ]


def _names(actors: set[str]) -> dict[str, str]:
    if not actors:
        return {}
    ids = [int(actor.partition(":")[2]) for actor in actors]
    rows = db.session.execute(
        select(Account.id, Account.family_name, Account.given_name, Account.patronymic).where(
            Account.id.in_(ids)
        )
    )
    return {f"staff:{account_id}": full_name(*name) for account_id, *name in rows}


def differences() -> list[Difference]:
    """Return what gateways and the shop tell differently now, the oldest first."""
    rows = db.session.scalars(
        select(PaymentDifference)
        .where(PaymentDifference.solved_at.is_(None))
        .order_by(PaymentDifference.id)
    )
    return [
        Difference(
            row.gateway, row.gateway_ref, row.kind, row.number, row.ours, row.theirs, row.found_at
        )
        for row in rows
    ]


def gateway_checks() -> Sequence[Check]:
    """Return when each gateway was compared with."""
    rows = db.session.scalars(select(GatewayCheck).order_by(GatewayCheck.gateway))
    return [
        Check(row.gateway, row.tried_at, row.compared_at, row.payments, row.unasked, row.problem)
        for row in rows
    ]
