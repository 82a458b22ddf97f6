"""What calling off and taking back do in the books: each part goes back to where it came from."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from shop.queries.returns import Choice
from shop.rules import ledger
from shop.rules.funding import Funding
from shop.rules.ledger import DELIVERY_REVENUE, GOODS_REVENUE, POINTS_REDEEMED, Book, Line, flow
from shop.rules.returns import Split
from shop.services.ledger import post
from shop.services.payments import owe_back, owe_by_hand
from shop.services.points import put_back_to_lots
from shop.services.returns._receipts import goods_of, write_receipt


def book_cancellation(
    choice: Choice,
    split: Split,
    chosen: Mapping[int, int],
    *,
    turn: int,
    actor: str,
    now: datetime,
) -> int | None:
    """Take the money out of the order's advance; return the refund of what came from outside, if any.

    `turn` is how many pieces of the order were called off before: no two cancellations have the same.
    """
    advance = ledger.advance(choice.number)
    key = f"ord:{choice.number}:cancel:{turn}"
    lines = _back(choice, split.funding, [(advance, _money(split.funding))])
    _post(choice, split.funding, key, "order_canceled", lines, actor, now)
    owed = split.funding.outside_kopecks
    refund_id = _owe(choice, owed, f"cancel-{choice.number}-{turn}", now)
    mode = "partial_prepayment" if choice.is_unpaid_outside else "full_prepayment"
    goods = goods_of(choice, split, chosen)
    write_receipt(key, choice, goods if owed else goods.without_outside(), mode, refund_id, now)
    return refund_id


def book_return(
    choice: Choice,
    split: Split,
    chosen: Mapping[int, int],
    *,
    number: str,
    actor: str,
    now: datetime,
) -> int | None:
    """Take the money out of what was sold; return the refund of what came from outside, if any."""
    sources = [
        (GOODS_REVENUE, _money(split.goods)),
        (DELIVERY_REVENUE, split.delivery_kopecks),
    ]
    lines = _back(choice, split.funding, sources)
    key = f"ret:{number}:ok"
    _post(choice, split.funding, key, "goods_returned", lines, actor, now)
    refund_id = _owe(choice, split.funding.outside_kopecks, f"return-{number}", now)
    goods = goods_of(choice, split, chosen)
    write_receipt(key, choice, goods, "full_payment", refund_id, now)
    return refund_id


def _money(funding: Funding) -> int:
    return funding.promo_kopecks + funding.money_kopecks


def _back(choice: Choice, funding: Funding, sources: list[tuple[Book, int]]) -> Iterator[Line]:
    owner = choice.account_id
    for book, amount in sources:
        yield Line(book, amount)
    yield Line(ledger.promo(owner), -funding.promo_kopecks)
    yield Line(ledger.balance(owner), -funding.balance_kopecks)
    yield Line(ledger.refund_due(choice.number), -funding.outside_kopecks)
    yield from flow(POINTS_REDEEMED, ledger.points(owner), funding.points)


def _post(
    choice: Choice,
    funding: Funding,
    key: str,
    kind: str,
    lines: Iterator[Line],
    actor: str,
    now: datetime,
) -> None:
    if funding.points:  # Before the entry: the balance as it stands tells what pays off a debt.
        put_back_to_lots(order_id=choice.order_id, points=funding.points, now=now)
    post(
        once_key=key,
        kind=kind,
        lines=lines,
        reference=choice.number,
        actor=actor,
        now=now,
    )


def _owe(choice: Choice, amount: int, key: str, now: datetime) -> int | None:
    if not amount:
        return None
    facts = {"amount_kopecks": amount, "reason": key, "once_key": key, "now": now}
    if choice.attempt_id is not None:
        return owe_back(attempt_id=choice.attempt_id, **facts)  # type: ignore[arg-type]
    return owe_by_hand(order_id=choice.order_id, **facts)  # type: ignore[arg-type]
