"""Is everything as it must be? The eighteen rules of the books, what was found, and the database's version."""

from shop.queries.audit.desk import Audit, Difference, audits, differences, gateway_checks
from shop.queries.audit.findings import Finding
from shop.queries.audit.migrations import migrations_missing, newest_migration
from shop.queries.audit.rules import RULES, run_audit

__all__ = [
    "RULES",
    "Audit",
    "Difference",
    "Finding",
    "audits",
    "differences",
    "gateway_checks",
    "migrations_missing",
    "newest_migration",
    "run_audit",
]
