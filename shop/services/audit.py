"""The audit as a deed: the books are looked at, and what was found is kept and told in the log."""

import logging
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select

from shop.db import db, errand, use_case
from shop.models.audit import AuditRun
from shop.queries.audit import Finding, run_audit
from shop.rules.audit import is_due
from shop.services.notices import queue_errand
from shop.services.payments import reconcile

log = logging.getLogger("shop.audit")

# Of a night on which everything is wrong so many findings are kept; they are counted all the same.
MOST_KEPT = 500
# Looks at the books are kept for so long.
KEPT_FOR = timedelta(days=400)
# What an employee asks for twice within a minute is looked at once.
A_MINUTE = "%Y%m%d%H%M"


@errand
def look_over(*, actor: str, now: datetime, log_files: Sequence[Path] = ()) -> list[Finding]:
    """Look at the books, keep what was found, and return it. A finding is an error in the log.

    `actor` is "timer", "terminal" or "staff:17".
    """
    began = time.monotonic()
    found = run_audit(now=now, log_files=log_files)
    took_ms = round((time.monotonic() - began) * 1000)
    db.session.rollback()
    _keep(actor=actor, found=found, took_ms=took_ms, now=now)
    for one in found:
        log.error(
            "audit, rule %s: %s, %s (found %s, expected %s)",
            one.rule,
            one.kind,
            one.about,
            one.found or "-",
            one.expected or "-",
        )
    return found


@errand
def look_over_nightly(*, now: datetime, hour: int, log_files: Sequence[Path] = ()) -> bool:
    """Compare with the gateways and look at the books, once a night; `hour` is the hour of day where the shop is.

    False when it isn't time.
    """
    last = db.session.scalar(
        select(AuditRun.began_at)
        .where(AuditRun.actor == "timer")
        .order_by(AuditRun.began_at.desc())
        .limit(1)
    )
    if not is_due(last=last, now=now, hour=hour):
        return False
    _compare_and_look(actor="timer", now=now, log_files=log_files)
    return True


@errand
def look_over_for(*, staff_id: int, now: datetime) -> list[Finding]:
    """Do what an employee asked for: compare with the gateways, then look at the books."""
    return _compare_and_look(actor=f"staff:{staff_id}", now=now)


def _compare_and_look(
    *, actor: str, now: datetime, log_files: Sequence[Path] = ()
) -> list[Finding]:
    """The books are looked at whatever happens while they are compared: an answer that nobody understands must not hide them."""
    try:
        reconcile(now=now)
    finally:
        db.session.rollback()
        found = look_over(actor=actor, now=now, log_files=log_files)
    return found


@use_case
def ask_for_audit(*, staff_id: int, now: datetime) -> None:
    """Let the worker look at the books now, for an employee."""
    queue_errand(
        kind="audit",
        payload={"staff_id": staff_id},
        once_key=f"audit-{staff_id}-{now:{A_MINUTE}}",
        now=now,
    )


@use_case
def _keep(*, actor: str, found: Sequence[Finding], took_ms: int, now: datetime) -> None:
    db.session.execute(delete(AuditRun).where(AuditRun.began_at < now - KEPT_FOR))
    db.session.add(
        AuditRun(
            actor=actor,
            began_at=now,
            took_ms=took_ms,
            finding_count=len(found),
            findings=[asdict(one) for one in found[:MOST_KEPT]],
        )
    )
