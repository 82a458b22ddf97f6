"""The fiscal receipt of what goes back: just the pieces that do, at the prices at which they were paid."""

from collections.abc import Mapping
from datetime import datetime

from shop.queries.returns import Choice
from shop.rules.funding import Funding
from shop.rules.receipts import Goods, Sold
from shop.rules.returns import Split
from shop.services.receipts import receipt_for_goods_back


def goods_of(choice: Choice, split: Split, chosen: Mapping[int, int]) -> Goods:
    """Return the chosen pieces (line → how many), and the carriage that goes back with them."""
    sold = tuple(
        Sold(
            line.name,
            line.piece.quantity,
            line.piece.gone,
            chosen[line.id],
            line.piece.funding,
        )
        for line in choice.lines
        if chosen.get(line.id)
    )
    whole, goods = split.funding, split.goods
    carriage = Funding(
        0,
        whole.promo_kopecks - goods.promo_kopecks,
        whole.balance_kopecks - goods.balance_kopecks,
        whole.outside_kopecks - goods.outside_kopecks,
    )
    return Goods(sold, carriage)


def write_receipt(
    key: str, choice: Choice, goods: Goods, mode: str, refund_id: int | None, now: datetime
) -> None:
    """Write the receipt under the key of the books' entry."""
    receipt_for_goods_back(
        once_key=key,
        order_id=choice.order_id,
        goods=goods,
        mode=mode,
        refund_id=refund_id,
        now=now,
    )
