"""What an import has to say: whole sentences, each with the line it is about."""

from dataclasses import dataclass

# Marks a sentence for translation. It is kept in English and translated when somebody reads it.
N_ = str

DETAIL = ": "


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a feed that its owner should know."""

    line: int
    offer_id: str
    reason: str


def told(sentence: str, detail: object = "") -> str:
    """Return what is kept of a problem: the sentence, and the feed's own words after a colon."""
    text = " ".join(str(detail).split())[:120]
    return f"{sentence}{DETAIL}{text}" if text else sentence


def parts(reason: str) -> tuple[str, str]:
    """Take apart what `told` put together: the sentence to translate, and the rest as it is."""
    sentence, colon, detail = reason.partition(DETAIL)
    return sentence, colon + detail


def vanishes_too_much(present: int, vanishing: int) -> bool:
    """True when more than half of the goods would leave the shop: rather a broken feed than a decision."""
    return vanishing * 2 > present
