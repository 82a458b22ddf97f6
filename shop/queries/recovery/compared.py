"""One request on the desk: what was told beside what the account has, masked until an employee opens it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from shop.db import db
from shop.models.auth import Account, StaffRole, UserSession
from shop.models.orders import Order
from shop.models.profile import AccountEvent
from shop.models.recovery import LostMailbox
from shop.models.security import SecondStep
from shop.queries.recovery.lost_mailbox import concerns_another
from shop.rules.auth import masked_email
from shop.rules.money import written
from shop.rules.names import full_name
from shop.rules.recovery import (
    OPENING_LIVES,
    UNDER_WAY,
    mark,
    masked_phone,
    masked_word,
    order_number_in,
)

ORDERS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Compared:
    """One thing that was told, what the account has (masked, unless opened), and whether the one fits the other."""

    name: str
    told: str
    kept: str
    mark: str


class LastOrder(NamedTuple):
    """An order of the account, as far as its owner may know it by heart."""

    number: str
    total_kopecks: int
    placed_at: datetime
    place_name: str
    recipient_name: str


@dataclass(frozen=True, slots=True)
class AccountAtDesk:
    """The account that is asked for. What isn't opened is masked here: no template can let it slip."""

    phone: str
    created_at: datetime
    seen_at: datetime | None
    order_count: int
    has_second_step: bool
    is_staff: bool
    is_on_its_way: bool
    orders: tuple[LastOrder, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a request's history; `by` is the employee's name, or empty."""

    what: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class RequestAtDesk:
    """A request with everything that is needed to decide about it."""

    asked: LostMailbox
    account: AccountAtDesk | None
    compared: tuple[Compared, ...]
    is_opened: bool
    is_new_email_taken: bool
    is_mine_first: bool
    history: tuple[Step, ...]


_NEW_OWNER, _OTHER = aliased(Account), aliased(LostMailbox)


def request_at_desk(*, number: str, employee_id: int, now: datetime) -> RequestAtDesk:
    """Return one request for an employee. At most five queries.

    :raises NoResultFound: when there is none, or when it concerns the employee.
    """
    taken = exists().where(
        _NEW_OWNER.email == LostMailbox.new_email, _NEW_OWNER.email_confirmed_at.is_not(None)
    )
    asked, is_taken = db.session.execute(
        select(LostMailbox, taken).where(
            LostMailbox.number == number, concerns_another(employee_id)
        )
    ).one()
    looks = _looks_at(asked)
    is_opened = any(
        look.actor_id == employee_id and look.happened_at > now - OPENING_LIVES for look in looks
    )
    row = _account_row(asked)
    return RequestAtDesk(
        asked=asked,
        account=_account(row, is_opened) if row else None,
        compared=tuple(_compared(asked, row, is_opened)),
        is_opened=is_opened,
        is_new_email_taken=is_taken,
        is_mine_first=asked.first_approval_by == employee_id,
        history=tuple(_history(asked, looks)),
    )


def _account_row(asked: LostMailbox) -> Any:
    """The account with the old address, if it still has it: one query, whatever is asked of it."""
    of_account = Account.id
    return db.session.execute(
        select(
            Account,
            select(func.max(UserSession.seen_at))
            .where(UserSession.account_id == of_account)
            .scalar_subquery()
            .label("seen_at"),
            select(func.count())
            .where(Order.account_id == of_account)
            .scalar_subquery()
            .label("order_count"),
            exists()
            .where(SecondStep.account_id == of_account, SecondStep.works_since.is_not(None))
            .label("has_second_step"),
            exists().where(StaffRole.account_id == of_account).label("is_staff"),
            exists()
            .where(
                _OTHER.account_id == of_account,
                _OTHER.state.in_(UNDER_WAY),
                _OTHER.id != asked.id,
            )
            .label("is_on_its_way"),
            select(Order.total_kopecks)
            .where(
                Order.account_id == of_account, Order.number == order_number_in(asked.order_number)
            )
            .scalar_subquery()
            .label("told_order_kopecks"),
        ).where(
            Account.id == asked.account_id,
            Account.email == asked.old_email,
            Account.email_confirmed_at.is_not(None),
            Account.ended_at.is_(None),
        )
    ).one_or_none()


def _account(row: Any, is_opened: bool) -> AccountAtDesk:
    account: Account = row.Account
    return AccountAtDesk(
        phone=account.phone if is_opened else masked_phone(account.phone),
        created_at=account.created_at,
        seen_at=row.seen_at,
        order_count=row.order_count,
        has_second_step=row.has_second_step,
        is_staff=row.is_staff,
        is_on_its_way=row.is_on_its_way,
        orders=_last_orders(account.id) if is_opened else (),
    )


def _last_orders(account_id: int) -> tuple[LastOrder, ...]:
    rows = db.session.execute(
        select(*[getattr(Order, name) for name in LastOrder._fields])
        .where(Order.account_id == account_id)
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(ORDERS_SHOWN)
    ).all()
    return tuple(LastOrder(*row) for row in rows)


def _compared(asked: LostMailbox, row: Any, is_opened: bool) -> list[Compared]:
    account: Account | None = row.Account if row else None
    lines = []
    for name in ("family_name", "given_name", "patronymic"):
        told, kept = getattr(asked, name), getattr(account, name) if account else ""
        shown = kept if is_opened else masked_word(kept)
        lines.append(Compared(name, told, shown, mark(told, kept)))
    email = account.email if account else ""
    shown = email if is_opened or not email else masked_email(email)
    lines.append(Compared("old_email", asked.old_email, shown, mark(asked.old_email, email)))
    return lines + _order_compared(asked, row, is_opened)


def _order_compared(asked: LostMailbox, row: Any, is_opened: bool) -> list[Compared]:
    """The order's number fits when the order is the account's; its sum, when it is that order's."""
    kopecks: int | None = row.told_order_kopecks if row else None
    number = order_number_in(asked.order_number) if kopecks is not None else ""
    told_sum = written(asked.order_kopecks) if asked.order_kopecks is not None else ""
    kept_sum = written(kopecks) if kopecks is not None else ""
    number_mark = mark(asked.order_number and "told", "told" if number else "another")
    return [
        Compared("order_number", asked.order_number, number, number_mark),
        Compared(
            "order_sum",
            told_sum,
            kept_sum if is_opened else "•••••" * bool(kept_sum),
            mark(told_sum, kept_sum),
        ),
    ]


def _looks_at(asked: LostMailbox) -> list[Any]:
    """Who opened the account's data for this request, and when."""
    return list(
        db.session.execute(
            select(AccountEvent.actor_id, AccountEvent.happened_at)
            .where(
                AccountEvent.kind == "lost_mailbox_looked_at",
                AccountEvent.account_id == asked.account_id,
                AccountEvent.facts["number"].as_string() == asked.number,
            )
            .order_by(AccountEvent.id)
        )
    )


def _history(asked: LostMailbox, looks: list[Any]) -> list[Step]:
    steps = [
        ("asked", asked.asked_at, asked.entered_by),
        ("approved", asked.first_approval_at, asked.first_approval_by),
        ("waiting", asked.second_approval_at, asked.second_approval_by),
        *(("looked_at", look.happened_at, look.actor_id) for look in looks),
        (asked.state, asked.ended_at, asked.refused_by),
    ]
    names = _names({who for _, _, who in steps if who})
    happened = [Step(what, at, names.get(who, "")) for what, at, who in steps if at]
    return sorted(happened, key=lambda step: step.at)


def _names(ids: set[int]) -> dict[int | None, str]:
    if not ids:
        return {}
    people = select(Account.id, Account.given_name, Account.family_name).where(Account.id.in_(ids))
    return {
        one.id: full_name(one.family_name, one.given_name) for one in db.session.execute(people)
    }
