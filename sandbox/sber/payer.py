"""What the payer does here beyond what every bank's payer does: spends bonuses."""

import json
from dataclasses import asdict

from ..bank.card_form import CardForm
from ..bank.cards import Outcome, outcome_of
from ..bank.payer import ask_issuer, is_waiting_for_code, kept_of, may_act
from ..bank.payments import new_token
from .bonuses import most_bonuses


def is_choosing_bonuses(payment: dict) -> bool:
    """Tell whether the card is known, and the payer is being asked about bonuses."""
    return payment["status"] == "pending" and payment["plan"] is not None


def pay_by_card(gate, payment_id: str, token: str, form: CardForm) -> dict:
    """Take a card; when bonuses can be spent with it, ask about them before its issuer is asked."""
    with gate.store.transaction():
        payment = gate.payment_of(payment_id)
        has_gone_on = is_waiting_for_code(payment) or is_choosing_bonuses(payment)
        if not may_act(payment, token) or has_gone_on:
            return payment
        outcome = outcome_of(form.number)
        gate.store.update("payment", payment_id, method="bank_card", **kept_of(form))
        if most_bonuses(payment["amount_kopecks"], form.scheme.code):
            gate.store.update("payment", payment_id, plan=json.dumps(asdict(outcome)))
            return gate.payment_of(payment_id)
        return ask_issuer(gate, payment_id, outcome)


def spend_bonuses(gate, payment_id: str, token: str, typed: str) -> str | None:
    """Take the number of bonuses and go on to the issuer; return what to tell the payer if it can't be."""
    with gate.store.transaction():
        payment = gate.payment_of(payment_id)
        if not may_act(payment, token) or not is_choosing_bonuses(payment):
            return None
        most = most_bonuses(payment["amount_kopecks"], payment["card_scheme"])
        typed = typed.replace(" ", "").replace("\u00a0", "") or "0"
        if not (typed.isascii() and typed.isdigit()):
            return "Введите число бонусов цифрами, без копеек"
        if int(typed) > most:
            return f"Здесь можно списать не больше {most}: остальное нужно заплатить картой"
        outcome = Outcome(**json.loads(payment["plan"]))
        gate.store.update(
            "payment",
            payment_id,
            plan=None,
            bonus_kopecks=int(typed) * 100,
            form_token=new_token(),
        )
        ask_issuer(gate, payment_id, outcome)
        return None
