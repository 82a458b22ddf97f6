"""Orders: their numbers, the steps they may take, and finding one by its words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

# An order's number has two halves of four digits.
_HALF = 10_000
# Four rounds of mixing; the figures are arbitrary, and must never change: numbers are printed on parcels.
_ROUNDS = ((7919, 104_729, 4481), (6007, 15_485, 9173), (9973, 32_452, 1907), (3571, 86_028, 7723))

# Only these steps are legal. `expired`, `canceled` and `received` are ends.
ORDER_STEPS: dict[str, frozenset[str]] = {
    "awaiting_payment": frozenset({"accepted", "paid", "expired", "canceled"}),
    "accepted": frozenset({"assembling", "shipped", "received", "canceled"}),
    "paid": frozenset({"assembling", "shipped", "received", "canceled"}),
    "assembling": frozenset({"shipped", "received", "canceled"}),
    # What the carrier has lost is canceled under way.
    "shipped": frozenset({"received", "canceled"}),
    "received": frozenset(),
    "expired": frozenset(),
    "canceled": frozenset(),
}
PARCEL_STEPS: dict[str, frozenset[str]] = {
    "waiting": frozenset({"assembled", "canceled"}),
    "assembled": frozenset({"shipped", "canceled"}),
    "shipped": frozenset({"received", "canceled"}),
    "received": frozenset(),
    # What was called off on its way stays canceled; that it has come back is an event only.
    "canceled": frozenset({"back"}),
    "back": frozenset(),
}
# An order something may still happen to.
UNDER_WAY = frozenset({"awaiting_payment", "accepted", "paid", "assembling", "shipped"})
# An order whose parcels may be worked on.
IN_WORK = frozenset({"accepted", "paid", "assembling", "shipped"})

# Days after the hand-over in which goods that simply don't suit are taken back (law on consumers' rights, 26.1 p. 4).
RETURN_DAYS = 7

# Words of a search that count; more is somebody's essay.
MOST_WORDS = 8


def number_of(order_id: int) -> str:
    """Return the number people see, «0042-1187».

    Every id below a hundred million has one of its own, and neighbours look nothing alike, so a customer can
    neither tell how many orders the shop has nor guess another's number by counting. It is no secret and opens
    nothing: an order is shown to its owner only.

    The two halves are mixed into each other in rounds (a Feistel network). Each round can be undone whatever the
    mixing figure is, which is why no two ids ever share a number.
    """
    left, right = divmod(order_id % (_HALF * _HALF), _HALF)
    for square, single, shift in _ROUNDS:
        mixed = (right * right * square + right * single + shift) // 7
        left, right = right, (left + mixed) % _HALF
    return f"{left:04d}-{right:04d}"


def states_before(steps: dict[str, frozenset[str]], state: str) -> tuple[str, ...]:
    """Return the states from which `state` may be reached in one step."""
    return tuple(before for before, after in steps.items() if state in after)


def state_by_parcels(parcel_states: Iterable[str]) -> str:
    """Return how far a paid order has come, by how far its parcels have.

    It is received when all are, under way when all have left, and being assembled once the first is touched.
    Parcels that were dropped don't count.
    """
    states = {state for state in parcel_states if state != "canceled"}
    if states == {"received"}:
        return "received"
    if states and states <= {"shipped", "received"}:
        return "shipped"
    return "paid" if states <= {"waiting"} else "assembling"


def searchable(text: str) -> str:
    """Return `text` as it is compared: lower case, ё as е, one space between words.

    Letter by letter, so that a place found in it is the same place in the text (İ, which grows, stays as it is).
    """
    return "".join(_plain(letter) for letter in " ".join(text.split()))


def _plain(letter: str) -> str:
    lower = letter.lower()
    return ("е" if lower == "ё" else lower) if len(lower) == 1 else letter


def search_text_of(number: str, names: Iterable[str]) -> str:
    """Return what the cabinet's search looks in: the number, with and without its dash, and the goods."""
    return searchable(" ".join((number, number.replace("-", ""), *names)))


def search_words(text: str) -> tuple[str, ...]:
    """Return the words to look for, each of which must be found."""
    words = (word.strip("«»\"'.,;:!?()№#") for word in searchable(text).split())
    return tuple(dict.fromkeys(word for word in words if word))[:MOST_WORDS]


def like_pattern(word: str) -> str:
    """Return a LIKE pattern that finds `word` anywhere, its own signs meaning themselves (escape: backslash)."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def marked(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """Return `text` in pieces, each with whether it was looked for; together they are the text again."""
    plain = "".join(_plain(letter) for letter in text)
    found = [False] * len(text)
    for word in words:
        start = plain.find(word)
        while start >= 0:
            found[start : start + len(word)] = [True] * len(word)
            start = plain.find(word, start + 1)
    pieces: list[tuple[str, bool]] = []
    for letter, is_found in zip(text, found, strict=True):
        if pieces and pieces[-1][1] == is_found:
            pieces[-1] = (pieces[-1][0] + letter, is_found)
        else:
            pieces.append((letter, is_found))
    return pieces


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way from the order to the hands: when it was taken, and whether it's the last one taken."""

    code: str
    at: datetime | None
    is_now: bool

    @property
    def is_done(self) -> bool:
        """True when the way has gone on from here, or has ended here."""
        return self.at is not None and not self.is_now


def track_of(
    *,
    placed_at: datetime,
    paid_at: datetime | None,
    assembled_at: datetime | None,
    shipped_at: datetime | None,
    received_at: datetime | None,
    is_paid_at_the_door: bool = False,
) -> tuple[Step, ...]:
    """Return the five steps of a parcel's way, with the one that it is at; paid at the door it has no step of paying."""
    moments = {
        "placed": placed_at,
        "paid": paid_at,
        "assembled": assembled_at,
        "shipped": shipped_at,
        "received": received_at,
    }
    if is_paid_at_the_door:
        del moments["paid"]
    reached = [code for code, at in moments.items() if at is not None]
    now = reached[-1] if received_at is None else ""
    return tuple(Step(code, at, code == now) for code, at in moments.items())


def last_of_all(moments: Iterable[datetime | None]) -> datetime | None:
    """Return when the last of several parcels took a step, or None while one hasn't."""
    taken = list(moments)
    known = [moment for moment in taken if moment is not None]
    return max(known) if known and len(known) == len(taken) else None
