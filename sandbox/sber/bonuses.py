"""«Спасибо» bonuses: one is worth a rouble, and a part of every order stays payable by card."""

# So many lie on every card that has the programme.
BALANCE = 5_000
# The programme's own limits: of a hundred roubles at most 99 in bonuses, and never less than this by card.
MOST_PERCENT = 99
LEAST_BY_CARD = 100_00
# AmEx isn't a card of Sber's.
_WITHOUT_BONUSES = {"amex"}


def most_bonuses(amount_kopecks: int, card_scheme: str) -> int:
    """Return how many bonuses may be spent on an order with a card of this payment system."""
    if card_scheme in _WITHOUT_BONUSES:
        return 0
    by_share = amount_kopecks * MOST_PERCENT // 100 // 100
    by_rest = (amount_kopecks - LEAST_BY_CARD) // 100
    return max(0, min(BALANCE, by_share, by_rest))


def bonus_share(payment: dict, returned_kopecks: int) -> int:
    """Return how many kopecks of so much returned money go back as bonuses.

    In the proportion of the payment, bonuses whole; whatever way the parts are cut, all of it
    together is what was paid.
    """
    whole = payment["deposited_kopecks"]
    return payment["bonus_kopecks"] * returned_kopecks // whole // 100 * 100
