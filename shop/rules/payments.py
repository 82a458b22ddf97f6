"""Payments: the states an attempt goes through, and what a found payment means for it."""

from datetime import timedelta

# One open attempt per order; it may still bring the money.
OPEN = ("new", "sending", "unknown", "pending", "held")
# States before the gateway has told us of the payment it opened.
NOT_TOLD = ("new", "sending", "unknown")
# News only ever moves an attempt up; a canceled one that we dropped ourselves may still succeed.
RANK = {"new": 0, "sending": 1, "unknown": 1, "pending": 2, "held": 3}
ENDS = ("succeeded", "canceled", "rejected", "mismatch")

# The gateway keeps a key for a day; well before that a lost answer is looked for in its list instead.
KEY_LIFE = timedelta(hours=20)
# A call cannot take longer than this: whoever began to send and said no more is dead.
SENDING_TAKES = timedelta(seconds=30)
# How often the gateway is asked about an attempt: a fresh one, and one that has grown old.
FRESH, ASK_FRESH, ASK_OLD = timedelta(minutes=10), timedelta(seconds=14), timedelta(seconds=55)
# So long an overdue order waits for a gateway that is away: its customer may have paid in time.
GRACE = timedelta(minutes=30)


def states_below(state: str) -> tuple[str, ...]:
    """Return the states that news of `state` moves an attempt on from."""
    if state in RANK:
        return tuple(name for name, rank in RANK.items() if rank < RANK[state])
    return OPEN
