"""Lists of payments, refunds and receipts, page by page, newest first."""

import base64
import binascii

from .clock import read_moment
from .problems import invalid

_SIGNS = {"gte": ">=", "gt": ">", "lte": "<=", "lt": "<"}
_FILTERS = {
    "payment": {"status": "status", "payment_method": "method"},
    "refund": {"status": "status", "payment_id": "payment_id"},
    "receipt": {"payment_id": "payment_id", "refund_id": "refund_id"},
}
_MOMENTS = {"payment": ("created_at", "captured_at")}
_USUAL_LIMIT = 10
_LARGEST_LIMIT = 100


def page_of(bank, table: str, wanted: dict) -> tuple[list[dict], str | None]:
    """Return the rows this list asks for, and the cursor of the next page if there is one.

    :raises ApiProblem: when a filter is written wrong.
    """
    limit = _limit(wanted.get("limit"))
    conditions, values = _conditions(table, wanted)
    rows = bank.store.all(
        f"SELECT * FROM {table} WHERE {' AND '.join(conditions)} ORDER BY number DESC LIMIT ?",
        *values,
        limit + 1,
    )
    cursor = _cursor_of(rows[limit - 1]["number"]) if len(rows) > limit else None
    return rows[:limit], cursor


def _conditions(table: str, wanted: dict) -> tuple[list[str], list]:
    conditions, values = ["1 = 1"], []
    for name, column in _FILTERS[table].items():
        if name in wanted:
            conditions.append(f"{column} = ?")
            values.append(wanted[name])
    for column in _MOMENTS.get(table, ("created_at",)):
        for suffix, sign in _SIGNS.items():
            name = f"{column}.{suffix}"
            if name in wanted:
                conditions.append(f"{column} {sign} ?")
                values.append(_moment(name, wanted[name]))
    if "cursor" in wanted:
        conditions.append("number < ?")
        values.append(_number_of(wanted["cursor"]))
    return conditions, values


def _limit(text: str | None) -> int:
    if text is None:
        return _USUAL_LIMIT
    if not text.isdecimal() or not 1 <= int(text) <= _LARGEST_LIMIT:
        raise invalid("limit", f"From 1 to {_LARGEST_LIMIT}, please.")
    return int(text)


def _moment(name: str, text: str) -> int:
    # A plus sign of a time zone arrives as a space when the client forgot to escape it.
    moment = read_moment(text.replace(" ", "+"))
    if moment is None:
        raise invalid(name, "A moment like 2026-11-22T10:00:00.000Z, please.")
    return moment


def _cursor_of(number: int) -> str:
    return base64.urlsafe_b64encode(f"before:{number}".encode()).decode()


def _number_of(cursor: str) -> int:
    try:
        word, number = base64.urlsafe_b64decode(cursor).decode().split(":")
        if word == "before":
            return int(number)
    except (ValueError, binascii.Error):
        pass
    raise invalid("cursor", "This is no cursor of this list.")
