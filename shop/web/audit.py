"""The audit's words: what each finding means and what to do about it, for pages and for the terminal."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from shop.queries.audit import Finding

# What each rule asks, and what to do where the answer is no.
RULES: Mapping[int, tuple[LazyString, LazyString]] = {
    1: (
        _l("Every entry of the books adds up"),
        _l(
            "Nothing in the shop writes such an entry: somebody has changed the database by hand, or it is damaged. "
            "Stop the shop, restore the last backup beside it and compare."
        ),
    ),
    2: (
        _l("Every balance is the sum of its entries"),
        _l(
            "Believe the entries, not the balance. Find out who changed the account by hand; then write the sum of the entries into it."
        ),
    ),
    3: (
        _l("No balance is below its floor"),
        _l(
            "Somebody has spent what wasn't there. Look at the account's last entries and write a reversing one for the wrong one."
        ),
    ),
    4: (
        _l("Points in lots are the points in the books"),
        _l(
            "See that the worker is running: it ends points. If it is, compare the customer's statement of points with the lots and correct the lots."
        ),
    ),
    5: (
        _l("What pays for an order adds up to its price"),
        _l(
            "Don't ship the order. Compare its lines with the customer's letter, and call it off with a refund if they differ."
        ),
    ),
    6: (
        _l("A paid order has exactly one payment of its sum"),
        _l(
            "Look the order up at the gateway. Paid twice: send one payment back. Not paid: hold the parcels and write to the customer."
        ),
    ),
    7: (
        _l("Money of gateways stands in the books once"),
        _l(
            "Look the payment up at the gateway. If the money is there, let the shop read it again: flask payments reconcile."
        ),
    ),
    8: (
        _l("What goes back never exceeds what came, and is written down"),
        _l(
            "Look at the refund at the gateway before anything else is sent back for this order. What it refused, pay by hand and note that on the page of refunds."
        ),
    ),
    9: (
        _l("Nothing is set aside for an order that has ended"),
        _l(
            "See that the worker is running: it drops unpaid orders and gives back what was set aside."
        ),
    ),
    10: (
        _l("Nothing is left of the money of an order that has ended"),
        _l(
            "Compare the order's steps with its entries: one of its parcels was received or called off without the books."
        ),
    ),
    11: (
        _l("No more comes back than was bought"),
        _l(
            "Stop the return, and compare the order's page with what lies in the warehouse before any money is paid."
        ),
    ),
    12: (
        _l("A certificate pays its face value once, to whoever activated it"),
        _l("Block the certificate, and compare its page with the balance of whoever activated it."),
    ),
    13: (
        _l("Every movement of money has its receipt, of just its sum"),
        _l(
            "Print what is missing at the shop's own cash desk today, or send it again, on the page of receipts. "
            "One of another sum wants a correcting receipt: make it in the cash desk's own cabinet, and tell the customer."
        ),
    ),
    14: (
        _l("Nothing that gateways say is left lying"),
        _l(
            "See that the worker is running and that the gateway answers. An unknown payment is asked about again and again; after a day call the gateway's support."
        ),
    ),
    15: (
        _l("Gateways have the same payments as the shop"),
        _l(
            "Open the payment at the gateway. Believe the gateway about money: send back what belongs to nobody, and note what was done by hand there."
        ),
    ),
    16: (
        _l("Nobody waits long for their money"),
        _l(
            "The law gives ten days. Pay it back today, by hand if the gateway doesn't, and note that on the page of refunds."
        ),
    ),
    17: (
        _l("No card number is kept anywhere"),
        _l(
            "Find out how it came there (mostly a customer wrote it into a text), overwrite it, and tell the customer to have the card blocked."
        ),
    ),
    18: (
        _l("Orders and parcels take legal steps only"),
        _l(
            "Somebody has changed the database by hand. Ask the customer and the warehouse where the parcel is, and set the state to that."
        ),
    ),
}

KINDS: Mapping[str, LazyString] = {
    "unbalanced": _l("the entry doesn't add up"),
    "one_line": _l("the entry has fewer than two lines"),
    "empty_line": _l("the entry has a line of nothing"),
    "balance": _l("the balance isn't the sum of its entries"),
    "floor": _l("the balance is below its floor"),
    "lots": _l("customer: the lots are of another sum than the balance of points"),
    "promises": _l("customer: the promises are of another sum than the points that wait"),
    "lots_of_order": _l("order: other points were taken from lots than it was paid with"),
    "lot_ended": _l("the lot has ended and still holds points"),
    "lot_overfull": _l("the lot holds more than it began with, or less than nothing"),
    "funding_goods": _l("order: the lines' prices are of another sum"),
    "funding_delivery": _l("order: the parcels' delivery is of another sum"),
    "funding_points": _l("order: the lines' points are of another sum"),
    "funding_promo": _l("order: what the promo balance pays is of another sum"),
    "funding_balance": _l("order: what the balance pays is of another sum"),
    "funding_outside": _l("order: what is paid from outside is of another sum"),
    "funding_earned": _l("order: the points it brings are of another sum"),
    "points_share": _l("order: points pay for more than a quarter of the goods"),
    "outside_too_little": _l("order: less is paid from outside than gateways take"),
    "payments": _l("another number of payments than there must be"),
    "payment_sum": _l("the payment is of another sum than the price"),
    "not_captured": _l("order: paid, but not in the books"),
    "captured_unpaid": _l("order: in the books as paid, but it isn't"),
    "payment_not_booked": _l("the payment stands in the books with another sum, or not at all"),
    "money_from_nowhere": _l("the entry brings money that no payment tells of"),
    "refunded_too_much": _l("more goes back than came"),
    "refund_not_booked": _l("the refund stands in the books with another sum, or not at all"),
    "refund_too_soon": _l("the refund is in the books, but hasn't arrived"),
    "debt": _l("what the books owe isn't what is on its way back"),
    "surplus": _l("surplus money isn't all on its way back"),
    "payout": _l("customer: another sum waits to be paid out than was asked for"),
    "held": _l("customer: another sum is set aside than unpaid orders wait for"),
    "waits_too_long": _l("order: it waits for money past its time"),
    "hold_on_dead_order": _l("order: it has ended, and what was set aside hasn't come back"),
    "advance_left": _l("order: it has ended, and some of its money is left"),
    "not_handed_over": _l("order: a parcel was received, and the books don't know"),
    "handed_over_too_soon": _l("the books have the parcel handed over, and it isn't received"),
    "pieces": _l("order: more pieces come back than were bought"),
    "points_back": _l("order: other points came back than paid for what came back"),
    "money_back": _l("order: another sum goes back than was paid from outside for what came back"),
    "refunds": _l("order: another sum is on its way back than its returns say"),
    "points_taken_back": _l("order: more points were taken back than it brought"),
    "return_pieces": _l("order: its returns and its lines tell different pieces"),
    "activation": _l("certificate: its activator's account got another sum"),
    "activation_without": _l("the books have the certificate activated, and it isn't"),
    "activated_by_nobody": _l("certificate: nobody knows who activated it, or when"),
    "unused": _l("unused certificates are of another sum than the books say"),
    "word_uses": _l("code word: it is counted otherwise than it was used"),
    "receipt": _l("the receipt is of another sum than the payment"),
    "receipt_lines": _l(
        "the receipt's lines, or how it was settled, are of another sum than it is"
    ),
    "receipt_missing": _l("the money was moved, and there is no receipt of it"),
    "receipt_sum": _l("the receipt is of another sum than the entry in the books"),
    "receipt_of_nothing": _l("there is a receipt, and the books know nothing of it"),
    "receipt_failed": _l("the gateway's cash desk has refused the receipt"),
    "receipt_late": _l("the gateway hasn't made the receipt within a day"),
    "receipt_not_printed": _l("the receipt should have been printed by hand yesterday"),
    "notice_unread": _l("the gateway's notice lies unread"),
    "payment_unknown": _l("nobody knows how the payment stands"),
    "difference": _l("the gateway and the shop tell the payment differently"),
    "not_compared": _l("the gateway hasn't been compared with for days"),
    "refund_late": _l("the money has been on its way back for more than eight days"),
    "return_late": _l("return: the money must be back within two days"),
    "card_number": _l("it looks like the number of a bank card"),
    "step": _l("order: a step that isn't legal"),
    "state": _l("order: it isn't where its last step led"),
}


def rule_of(finding: Finding) -> str:
    """Say what the rule asks."""
    return str(RULES[finding.rule][0])


def advice_on(finding: Finding) -> str:
    """Say what to do."""
    return str(RULES[finding.rule][1])


def sentence_of(finding: Finding) -> str:
    """Say what was found; a kind of an older version is told by its name."""
    return str(KINDS.get(finding.kind, finding.kind))
