"""The life of an order: registered, paid or declined, completed, reversed, returned, run out of time."""

import json
import uuid

from ..bank.clock import DAY, SECOND
from ..bank.payments import new_token, refunded_of
from . import asked
from .bonuses import bonus_share
from .problems import NO_SUCH_ORDER, ORDER_IS_THERE, GateProblem, missing, not_now, wrong

TIME_TO_DEPOSIT = 7 * DAY


def register(gate, wish: dict, *, is_one_stage: bool) -> dict:
    """Open an order.

    :raises GateProblem: when something is wrong, or the order's number has been used before.
    """
    number = asked.order_number_in(wish)
    kopecks = asked.kopecks_in(wish, least=asked.LEAST_KOPECKS)
    asked.check_currency(wish)
    return_url = asked.address_in(wish, "returnUrl")
    now = gate.clock.now()
    columns = {
        "amount_kopecks": kopecks,
        "is_one_stage": is_one_stage,
        "description": asked.text_in(wish, "description", 512) or None,
        "return_url": return_url,
        "fail_url": asked.address_in(wish, "failUrl", otherwise=return_url),
        "metadata": json.dumps(asked.params_in(wish)),
        "confirm_by": now + asked.timeout_in(wish) * SECOND,
    }
    with gate.store.transaction():
        if gate.store.one("SELECT id FROM payment WHERE order_number = ?", number):
            raise GateProblem(ORDER_IS_THERE, "Заказ с таким номером уже обработан")
        order_id = str(uuid.uuid4())
        gate.store.insert(
            "payment",
            id=order_id,
            order_number=number,
            status="pending",
            created_at=now,
            form_token=new_token(),
            **columns,
        )
    return gate.payment_of(order_id)


def found(gate, wish: dict) -> dict:
    """Return the order that is asked for by the gateway's id, or else by the shop's number.

    :raises GateProblem: when there is none.
    """
    if wish.get("orderId"):
        order = gate.store.one("SELECT * FROM payment WHERE id = ?", wish["orderId"])
    elif wish.get("orderNumber"):
        number = wish["orderNumber"]
        order = gate.store.one("SELECT * FROM payment WHERE order_number = ?", number)
    else:
        raise missing("orderId")
    if order is None:
        raise GateProblem(NO_SUCH_ORDER, "Неверный номер заказа")
    return order


def approve(gate, order_id: str) -> dict:
    """Take or hold the payer's money and bonuses. An order that isn't pending stays as it is."""
    with gate.store.transaction():
        order = gate.payment_of(order_id)
        if order["status"] != "pending":
            return order
        if order["is_one_stage"]:
            return _deposit(gate, order, order["amount_kopecks"])
        expires_at = gate.clock.now() + TIME_TO_DEPOSIT
        changes = {"status": "waiting_for_capture", "expires_at": expires_at}
        return _change(gate, order, "approved", **changes)


def refuse(gate, order_id: str, party: str, reason: str) -> dict:
    """Decline an order. One that isn't pending stays as it is."""
    with gate.store.transaction():
        order = gate.payment_of(order_id)
        if order["status"] != "pending":
            return order
        return _cancel(gate, order, party, reason)


def deposit(gate, order_id: str, kopecks: int) -> dict:
    """Take what is held, or a part of it; 0 stands for all.

    :raises GateProblem: when nothing is held, or less than asked.
    """
    with gate.store.transaction():
        order = gate.payment_of(order_id)
        if order["status"] != "waiting_for_capture":
            raise not_now()
        kopecks = kopecks or order["amount_kopecks"]
        if kopecks > order["amount_kopecks"] or kopecks <= order["bonus_kopecks"]:
            raise wrong("amount")
        return _deposit(gate, order, kopecks)


def reverse(gate, order_id: str) -> dict:
    """Let what is held go.

    :raises GateProblem: when nothing is held.
    """
    with gate.store.transaction():
        order = gate.payment_of(order_id)
        if order["status"] != "waiting_for_capture":
            raise not_now()
        return _cancel(gate, order, "merchant", "canceled_by_merchant")


def give_back(gate, order_id: str, kopecks: int, *, by_proportion: bool) -> dict:
    """Return money of a paid order: of both kinds in the proportion of the payment, or money only.

    :raises GateProblem: when the order isn't paid, or hasn't that much left.
    """
    with gate.store.transaction():
        order = gate.payment_of(order_id)
        if order["status"] != "succeeded":
            raise not_now()
        if gate.refund_orders.take()["status"] == "canceled":
            raise not_now("Отказано в проведении возврата")
        gone, gone_bonus = returned_of(gate, order_id)
        left = order["deposited_kopecks"] - gone
        money_left = left - (order["bonus_kopecks"] - gone_bonus)
        if kopecks > (left if by_proportion else money_left):
            raise not_now("Сумма возврата превышает сумму списания")
        share = bonus_share(order, gone + kopecks) - gone_bonus if by_proportion else 0
        # What was returned in money only before leaves more bonuses than the proportion would.
        bonus = min(max(share, kopecks - money_left), kopecks)
        gate.store.insert(
            "refund",
            id=str(uuid.uuid4()),
            payment_id=order_id,
            status="succeeded",
            amount_kopecks=kopecks,
            bonus_kopecks=max(0, bonus),
            created_at=gate.clock.now(),
        )
        gate.tell(order, "refunded")
        return order


def returned_of(gate, order_id: str) -> tuple[int, int]:
    """Return how many kopecks of an order went back, and how many of those as bonuses."""
    row = gate.store.one(
        "SELECT coalesce(sum(bonus_kopecks), 0) AS bonus FROM refund WHERE payment_id = ?", order_id
    )
    return refunded_of(gate, order_id), row["bonus"]


def force(gate, order_id: str, order: dict) -> dict:
    """Put an order into a state whatever it was in, as no honest bank would.

    :raises ValueError: when there is no such state.
    """
    status, bonus = order.get("status"), int(order.get("bonus_kopecks", 0))
    with gate.store.transaction():
        payment = gate.payment_of(order_id)
        if status in ("succeeded", "waiting_for_capture"):
            gate.store.update("payment", order_id, method="bank_card", bonus_kopecks=bonus)
        if status == "succeeded":
            return _deposit(gate, payment, int(order.get("kopecks", payment["amount_kopecks"])))
        if status == "waiting_for_capture":
            expires_at = gate.clock.now() + TIME_TO_DEPOSIT
            return _change(gate, payment, "approved", status=status, expires_at=expires_at)
        if status == "canceled":
            reason = order.get("reason", "general_decline")
            return _cancel(gate, payment, order.get("party", "payment_network"), reason)
    raise ValueError("The status is succeeded, waiting_for_capture or canceled.")


def expire(gate) -> None:
    """Decline what nobody paid in time, and let go what the shop didn't take."""
    due = "SELECT * FROM payment WHERE status = ? AND {} <= ?"
    with gate.store.transaction():
        for order in gate.store.all(due.format("confirm_by"), "pending", gate.clock.now()):
            _cancel(gate, order, "yoo_money", "expired_on_confirmation")
        for order in gate.store.all(
            due.format("expires_at"), "waiting_for_capture", gate.clock.now()
        ):
            _cancel(gate, order, "merchant", "expired_on_capture")


def _deposit(gate, order: dict, kopecks: int) -> dict:
    changes = {"deposited_kopecks": kopecks, "captured_at": gate.clock.now()}
    return _change(gate, order, "deposited", status="succeeded", **changes)


# What the shop is told of an order that comes to nothing: the operation, and whether it was done.
_ENDS = {
    "expired_on_confirmation": ("declinedByTimeout", "1"),
    "expired_on_capture": ("reversed", "1"),
    "canceled_by_merchant": ("reversed", "1"),
}


def _cancel(gate, order: dict, party: str, reason: str) -> dict:
    usual = ("deposited" if order["is_one_stage"] else "approved", "0")
    operation, was_done = _ENDS.get(reason, usual)
    changes = {"cancel_party": party, "cancel_reason": reason, "plan": None}
    return _change(gate, order, operation, was_done, status="canceled", **changes)


def _change(gate, order: dict, operation: str, was_done: str = "1", **columns) -> dict:
    """Write the new state and tell the shop of it."""
    gate.store.update("payment", order["id"], **columns)
    changed = gate.payment_of(order["id"])
    gate.tell(changed, operation, was_done)
    return changed
