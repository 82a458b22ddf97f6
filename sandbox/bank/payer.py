"""What the payer does on the bank's pages, step by step. Each step counts once."""

import secrets

from .card_form import CardForm
from .cards import PAID, Outcome, outcome_of
from .checks import LIMITS, ONE_STAGE_ONLY
from .clock import MINUTE
from .payments import new_token

TRIES = 3
CODE_LIFE = 5 * MINUTE


def ways_to_pay(payment: dict) -> list[str]:
    """Return the ways the payer may choose from."""
    if payment["is_fixed_method"]:
        return [payment["method"]]
    return [
        way
        for way, (least, most) in LIMITS.items()
        if least <= payment["amount_kopecks"] <= most
        and (payment["is_one_stage"] or way not in ONE_STAGE_ONLY)
    ]


def is_waiting_for_code(payment: dict) -> bool:
    """Tell whether the issuer has sent a code and waits for it."""
    return payment["status"] == "pending" and payment["outcome"] is not None


def pay_by_card(bank, payment_id: str, token: str, form: CardForm) -> dict:
    """Send the card to its issuer, who answers at once or asks for a code first."""
    with bank.store.transaction():
        payment = bank.payment_of(payment_id)
        if not may_act(payment, token) or is_waiting_for_code(payment):
            return payment
        bank.store.update("payment", payment_id, method="bank_card", **kept_of(form))
        return ask_issuer(bank, payment_id, outcome_of(form.number))


def kept_of(form: CardForm) -> dict:
    """Return all that is ever kept of a card, and the token of the next form."""
    return {
        "card_first6": form.number[:6],
        "card_last4": form.number[-4:],
        "card_scheme": form.scheme.code,
        "card_month": form.expiry[0],
        "card_year": form.expiry[1],
        "form_token": new_token(),
    }


def ask_issuer(bank, payment_id: str, outcome: Outcome) -> dict:
    """Let the issuer decide: at once, or when the payer has typed its code."""
    if not outcome.asks_code:
        bank.store.update("payment", payment_id, outcome=None, outcome_party=outcome.party)
        return _end(bank, payment_id, outcome.reason, outcome.party)
    bank.store.update("payment", payment_id, outcome=outcome.reason, outcome_party=outcome.party)
    return _send_code(bank, payment_id)


def type_code(bank, payment_id: str, token: str, typed: str) -> str | None:
    """Check the code; return what to tell the payer if it wasn't right.

    The third wrong code ends the payment.
    """
    with bank.store.transaction():
        payment = bank.payment_of(payment_id)
        if not may_act(payment, token) or not is_waiting_for_code(payment):
            return None
        if not typed:
            return "Введите код из сообщения"
        if bank.clock.now() > payment["code_sent_at"] + CODE_LIFE:
            return "Этот код устарел. Запросите новый"
        if secrets.compare_digest(typed, payment["code"]):
            _end(bank, payment_id, payment["outcome"], payment["outcome_party"])
            return None
        tries_left = payment["tries_left"] - 1
        bank.store.update("payment", payment_id, tries_left=tries_left)
        if tries_left:
            return f"Код не подошёл. Осталось попыток: {tries_left}"
        fail_code(bank, payment_id, token)
        return None


def resend_code(bank, payment_id: str, token: str) -> None:
    """Send another code. It buys time, and no more tries."""
    with bank.store.transaction():
        payment = bank.payment_of(payment_id)
        if may_act(payment, token) and is_waiting_for_code(payment):
            _send_code(bank, payment_id)


def fail_code(bank, payment_id: str, token: str) -> dict:
    """Give up on the code, and so on the payment."""
    with bank.store.transaction():
        payment = bank.payment_of(payment_id)
        if not may_act(payment, token) or not is_waiting_for_code(payment):
            return payment
        return bank.refuse(payment_id, "payment_network", "3d_secure_failed")


def pay_by_wallet(bank, payment_id: str, token: str, way: str, reason: str) -> dict:
    """Pay out of a wallet or a bank's app, or have it refuse for this reason."""
    with bank.store.transaction():
        payment = bank.payment_of(payment_id)
        if not may_act(payment, token) or way not in ways_to_pay(payment):
            return payment
        bank.store.update("payment", payment_id, method=way, form_token=new_token(), outcome=None)
        return _end(bank, payment_id, reason, "yoo_money")


def abandon(bank, payment_id: str, token: str) -> dict:
    """Stop paying for good.

    The API has no reason for a payer who changed his mind; of those it has,
    "was not confirmed" is the true one.
    """
    with bank.store.transaction():
        payment = bank.payment_of(payment_id)
        if not may_act(payment, token):
            return payment
        return bank.refuse(payment_id, "yoo_money", "expired_on_confirmation")


def may_act(payment: dict, token: str) -> bool:
    """Tell whether a form's press counts: its payment is open, and it is the first press."""
    return payment["status"] == "pending" and secrets.compare_digest(
        payment["form_token"].encode(), token.encode()
    )


def _send_code(bank, payment_id: str) -> dict:
    code = f"{secrets.randbelow(1_000_000):06}"
    bank.store.update("payment", payment_id, code=code, code_sent_at=bank.clock.now())
    return bank.payment_of(payment_id)


def _end(bank, payment_id: str, reason: str, party: str) -> dict:
    if reason == PAID:
        return bank.approve(payment_id)
    return bank.refuse(payment_id, party, reason)
