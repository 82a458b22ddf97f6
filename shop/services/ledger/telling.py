"""What happens to money, told in the log: one line of an event, in words for machines, without anything personal."""

import logging
import re
from collections.abc import Mapping
from functools import partial
from typing import TypeAlias

from shop.db import after_commit, use_case
from shop.rules.cards import card_numbers_in

log = logging.getLogger("shop.money")

# Numbers of orders and refunds, codes of events and reasons. What people type or are called hardly looks like that.
_WORD = re.compile(r"[A-Za-z0-9_:.-]{1,120}")


Facts: TypeAlias = Mapping[str, int | str]


@use_case
def tell(*, event: str, facts: Facts, is_trouble: bool = False) -> None:
    """Write an event with its facts once the deed around it is committed, never if it is undone.

    Facts are numbers, codes and sums, none of them a person's; those of nothing are left out, and what isn't any becomes a question mark, should an
    address, a name or a card's number ever be among them. `is_trouble` is for what a person must see to.
    """
    told = (f"{name}={_safe(fact)}" for name, fact in facts.items() if fact)
    level = logging.ERROR if is_trouble else logging.INFO
    after_commit(partial(log.log, level, "%s", " ".join([event, *told])))


def _safe(fact: int | str) -> str:
    text = str(fact)
    return text if _WORD.fullmatch(text) and not any(card_numbers_in(text)) else "?"
