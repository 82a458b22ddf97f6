"""Payments: the states an attempt goes through, and what a found payment means for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

# One open attempt per order; it may still bring the money.
OPEN = ("new", "sending", "unknown", "pending", "held")
# States before the gateway has told us of the payment it opened.
NOT_TOLD = ("new", "sending", "unknown")
# News only ever moves an attempt up; a canceled one that we dropped ourselves may still succeed.
RANK = {"new": 0, "sending": 1, "unknown": 1, "pending": 2, "held": 3}
# Money on its way back that the gateway hasn't said its last word about, and money that has arrived.
REFUND_UNDER_WAY = ("new", "unknown", "pending")
# Those that a gateway sends or has sent: they lessen what is left of the payment there.
REFUND_BY_GATEWAY = (*REFUND_UNDER_WAY, "succeeded")
# Those that no gateway sends: a person pays them, or their owner has taken them onto the balance.
REFUND_BY_HAND = ("manual_due", "paid_manually", "to_balance")
REFUND_ARRIVED = ("succeeded", "paid_manually", "to_balance")

# The gateway keeps a key for a day; well before that a lost answer is looked for in its list instead.
KEY_LIFE = timedelta(hours=20)
# A call cannot take longer than this: whoever began to send and said no more is dead.
SENDING_TAKES = timedelta(seconds=30)
# Where a gateway knows no keys, money is sent back once more only after this: by then its sums tell of the first call.
ASKED_ANEW_AFTER = timedelta(minutes=15)
# More than any gateway takes at once: whoever writes a larger sum has slipped.
MOST_CAME_KOPECKS = 1_000_000_00
# How often the gateway is asked about an attempt: a fresh one, and one that has grown old.
FRESH, ASK_FRESH, ASK_OLD = timedelta(minutes=10), timedelta(seconds=14), timedelta(seconds=55)
# So long an overdue order waits for a gateway that is away: its customer may have paid in time.
GRACE = timedelta(minutes=30)


def states_below(state: str) -> tuple[str, ...]:
    """Return the states that news of `state` moves an attempt on from."""
    if state in RANK:
        return tuple(name for name, rank in RANK.items() if rank < RANK[state])
    return OPEN


def bonus_back(
    *,
    whole_kopecks: int,
    bonus_kopecks: int,
    before_kopecks: int,
    bonus_before_kopecks: int,
    kopecks: int,
) -> int:
    """Return how many of the `kopecks` that go back of a payment are the bank's own bonuses.

    Of the whole payment so many were bonuses; so much has gone back before, and so much of that in bonuses. They go
    back in their proportion and in whole roubles, counted over all that has gone back: whatever way it is cut into
    parts, all of it together is what was paid. Of no part more goes back in bonuses than it is; the next makes up for it.
    """
    if not bonus_kopecks:
        return 0
    among = bonus_kopecks * (before_kopecks + kopecks) // whole_kopecks // 100 * 100
    # A part that a gateway refused after this was reckoned no longer counts: then the later ones have had too many.
    return max(0, min(among - bonus_before_kopecks, kopecks))


@dataclass(frozen=True, slots=True)
class Method:
    """A way to pay: through which gateway, and from how much to how much it takes at once (kopecks).

    One that is `off` isn't offered in production until the owner switches it on: it cannot be paid with in Russia
    today. `gateway` is empty where the courier or the pickup point takes the money. One that never `sends_back` takes money
    only: a person pays it back.
    """

    code: str
    gateway: str
    least_kopecks: int
    most_kopecks: int
    off: bool = False
    sends_back: bool = True

    def takes(self, kopecks: int) -> bool:
        """True when so much can be paid at once."""
        return self.least_kopecks <= kopecks <= self.most_kopecks


# Limits are the gateways' own, as their documents said in 2026; in the order in which they are offered.
METHODS: Mapping[str, Method] = {
    method.code: method
    for method in (
        Method("bank_card", "yookassa", 100, 350_000_00),
        Method("sbp", "yookassa", 100, 700_000_00),
        Method("sberpay", "yookassa", 100, 700_000_00),
        Method("yoo_money", "yookassa", 100, 250_000_00),
        Method("spasibo", "sber", 100_00, 1_000_000_00),
        Method("paypal", "paypal", 100, 500_000_00, off=True),
        Method("webmoney", "webmoney", 100, 500_000_00, off=True, sends_back=False),
        Method("qiwi", "qiwi", 100, 500_000_00, off=True),
        Method("on_receipt", "", 100, 100_000_00, sends_back=False),
    )
}


def sends_back(method: str) -> bool:
    """Return whether money paid in this way can go back the same way; of a way that is known no more it could."""
    return method not in METHODS or METHODS[method].sends_back
