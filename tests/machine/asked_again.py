"""The audit's questions, asked again in one go in the very words in which the audit asked them the first time.

To put some seventy questions together anew costs ten times as much as answering them, and a machine asks after every step.
Whenever one of them has an answer, or the words may not be reused, the audit itself is run.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, event

from shop.db import db
from shop.queries.audit import RULES, Finding, run_audit

# Rules that read rows and think about them: receipts are cheap to read, and card numbers are looked for at the end of
# a life and in the nightly audits.
BY_READING, SELDOM = (13,), (17,)
# How SQLite keeps moments.
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}")
WRITTEN = "%Y-%m-%d %H:%M:%S.%f"


class AskedAgain:
    """One database's questions, learned at the first audit."""

    def __init__(self) -> None:
        self.text = ""
        self.values: Any = None
        self.asked_at = datetime.min.replace(tzinfo=UTC)

    def audit(self, now: datetime) -> list[Finding]:
        """Return what the whole audit finds, card numbers left out."""
        if not self.text:
            self._learn(now)
        if self.finds(now):
            return run_audit(now=now)
        return [finding for rule in BY_READING for finding in RULES[rule](now)]

    def _learn(self, now: datetime) -> None:
        asked: list[tuple[str, Any]] = []
        with _heard(db.engine, asked):
            for number, rule in RULES.items():
                if number not in BY_READING + SELDOM:
                    rule(now)
        self.asked_at = now
        if db.engine.dialect.name == "sqlite":
            self.values = [value for _, values in asked for value in values]
        else:
            self.values = {
                f"q{number}_{name}": value
                for number, (_, values) in enumerate(asked)
                for name, value in values.items()
            }
        self.text = "\nUNION ALL\n".join(
            f"SELECT {number} WHERE EXISTS ({text.replace('%(', f'%(q{number}_')})"
            for number, (text, _) in enumerate(asked)
        )

    def finds(self, now: datetime) -> bool:
        """True when one of the questions has an answer."""
        values = (
            [self._moved(value, now) for value in self.values]
            if isinstance(self.values, list)
            else {name: self._moved(value, now) for name, value in self.values.items()}
        )
        connection = db.session.connection()
        found = connection.exec_driver_sql(
            self.text, tuple(values) if isinstance(values, list) else values
        )
        return found.first() is not None

    def _moved(self, value: Any, now: datetime) -> Any:
        """A moment that was so long before the first audit is so long before this one."""
        if isinstance(value, datetime):
            return value + (now - self.asked_at)
        if isinstance(value, str) and MOMENT.fullmatch(value):
            moment = datetime.fromisoformat(value) + (now - self.asked_at)
            return moment.strftime(WRITTEN)
        return value


@contextmanager
def _heard(engine: Engine, asked: list[tuple[str, Any]]) -> Iterator[None]:
    def note(_connection: Any, _cursor: Any, text: str, values: Any, *_rest: Any) -> None:
        if text.lstrip().startswith("SELECT"):
            asked.append((text, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", note)
