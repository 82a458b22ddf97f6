"""Customers who call off and give back: whole orders, lines, pieces, from pages that may be old; with and without an account."""

import re
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from machine.players import WHICH, Player, one_of
from machine.worker import run_timer

from shop.queries.returns import Choice, choice_of
from shop.rules.returns import REASONS, NotPossible
from shop.services.auth import TooManyTries
from shop.services.orders import StepNotPossible
from shop.services.returns import (
    ReturnMovedOn,
    SplitChanged,
    TooLate,
    cancel_pieces,
    cancel_unpaid,
    mark_in_transit,
    request_return,
    withdraw,
    write_to_shop,
)
from shop.services.returns.guests import WrongCode, ask_for_code, open_by_code

# What the letter with a code has on a line of its own.
CODE = re.compile(r"^\d{3} \d{3}$", re.MULTILINE)
# How many pieces of each line: none, one, two, all but one, all; the line's place turns it.
SOME = st.integers(0, 4)


@dataclass(frozen=True)
class Sheet:
    """A page of calling off or giving back, as it was shown."""

    deed: str
    account_id: int
    number: str
    chosen: dict[int, int]
    reason: str
    note: str
    once_key: str


def some_of(lines: list[Any], some: int) -> dict[int, int]:
    """Choose pieces of lines."""
    chosen = {}
    for place, line in enumerate(lines):
        left = line.piece.left
        wanted = (left, 1, left - 1, 2, 0)[(some + place) % 5] if some else left
        chosen[line.id] = max(0, min(left, wanted))
    return {line_id: units for line_id, units in chosen.items() if units}


class Returner(Player):
    """Sheets are kept, so that they may be sent late or twice."""

    sheets: list[Sheet]

    def _choice(self, order: Any) -> Choice:
        return self.world.read(choice_of, account_id=order.account_id, number=order.number)

    @precondition(lambda self: self.facts.awaiting())
    @rule(which=WHICH)
    def call_off_unpaid(self, which: int) -> None:
        order = one_of(self.facts.awaiting()[::-1], which)
        self.world.do(
            cancel_unpaid, account_id=order.account_id, number=order.number, now=self.world.now
        )

    @precondition(lambda self: self.facts.in_work())
    @rule(which=WHICH, some=SOME, is_sent=st.booleans())
    def call_off(self, which: int, some: int, is_sent: bool = True) -> None:
        order = one_of(self.facts.in_work()[::-1], which)
        choice = self._choice(order)
        chosen = some_of([one for one in choice.lines if one.piece.left], some)
        if chosen:
            split = choice.cancellation(chosen)
            self._show("cancel", order, chosen, "", choice.note(split, chosen), is_sent)

    @precondition(lambda self: self.facts.received())
    @rule(which=WHICH, some=SOME, reason=st.integers(0, 5), is_sent=st.booleans())
    def ask_to_return(self, which: int, some: int, reason: int, is_sent: bool = True) -> None:
        self._ask(one_of(self.facts.received()[::-1], which), some, REASONS[reason], is_sent)

    def _ask(self, order: Any, some: int, reason: str, is_sent: bool) -> None:
        choice = self._choice(order)
        lines = choice.returnable(
            today=self.today, zone=self.config.shop_time_zone, return_days=self.config.return_days
        )
        chosen = some_of(lines, some)
        if chosen:
            split = choice.taking_back(chosen, reason)
            self._show("return", order, chosen, reason, choice.note(split, chosen), is_sent)

    def _show(
        self, deed: str, order: Any, chosen: dict[int, int], reason: str, note: str, is_sent: bool
    ) -> None:
        key = self.world.key()
        sheet = Sheet(deed, order.account_id, order.number, chosen, reason, note, key)
        self.sheets = [*self.sheets[-3:], sheet]
        if is_sent:
            self._send(sheet)

    @precondition(lambda self: self.sheets)
    @rule(which=st.integers(0, 3))
    def send_an_old_sheet(self, which: int) -> None:
        self._send(self.sheets[-1 - which % len(self.sheets)])

    def _send(self, sheet: Sheet) -> None:
        sent = {
            "account_id": sheet.account_id,
            "number": sheet.number,
            "chosen": sheet.chosen,
            "note": sheet.note,
            "once_key": sheet.once_key,
            "now": self.world.now,
        }
        if sheet.deed == "cancel":
            self.world.do(cancel_pieces, NotPossible, SplitChanged, StepNotPossible, **sent)
            return
        more = {"reason": sheet.reason, "words": "Не подошло"}
        self.world.do(request_return, NotPossible, SplitChanged, TooLate, **sent, **more)

    @precondition(lambda self: self.facts.received())
    @rule(which=WHICH, is_right=st.booleans())
    def return_as_a_guest(self, which: int, is_right: bool = True) -> None:
        """By the order's number and a code from the mailbox."""
        order = one_of(self.facts.received()[::-1], which)
        asked = {"number": order.number, "address": "203.0.113.7"}
        self.world.do(
            ask_for_code, TooManyTries, once_key=self.world.key(), now=self.world.now, **asked
        )
        run_timer(self.world, "drain")
        code = self._mailed_code(order.number) if is_right else "000 000"
        opened = self.world.do(
            open_by_code,
            TooManyTries,
            WrongCode,
            code=code.replace(" ", ""),
            now=self.world.now,
            **asked,
        )
        if is_right and hasattr(opened, "account_id"):
            self.world.count("opened by a code")
            self._ask(order, 1, "defect", is_sent=True)

    def _mailed_code(self, number: str) -> str:
        for text in reversed(self.world.mail):
            if number in text and (found := CODE.search(text)):
                return found[0]
        return "000 000"

    @precondition(lambda self: self.facts.open_returns())
    @rule(which=WHICH, does=st.sampled_from(("send", "write", "withdraw", "send")))
    def go_on_with_return(self, which: int, does: str) -> None:
        asked = one_of(self.facts.open_returns()[::-1], which)
        order = self.facts.order[asked.order_id]
        mine = {"account_id": order.account_id, "number": asked.number, "now": self.world.now}
        if does == "send":
            self.world.do(mark_in_transit, ReturnMovedOn, track="RA1", **mine)
        elif does == "withdraw":
            self.world.do(withdraw, ReturnMovedOn, **mine)
        else:
            self.world.do(write_to_shop, text="Когда?", once_key=self.world.key(), **mine)
