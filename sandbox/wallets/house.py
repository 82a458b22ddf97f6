"""The life of a wallet's payment: opened, agreed to or refused, taken, expired, sent back."""

import json
import secrets
from urllib.parse import urlsplit

from ..bank.clock import HOUR, SECOND
from ..bank.house import House
from ..bank.money import amount_of
from ..bank.problems import invalid, missing
from ..settings import BankSettings
from .schema import SCHEMA, TABLES


class WalletHouse(House):
    """One gateway of wallets. What its API calls things is its own business: here they have our words."""

    # What the page calls the gateway, and the payer's wallet.
    name = "Кошелёк"
    wallet = "покупателя"
    # The owner's yes holds the money until the shop takes it.
    is_two_stage = False
    # What the shop is told of; not every gateway tells of every end.
    tells = ("payment.succeeded",)
    time_to_confirm = HOUR

    def __init__(self, settings: BankSettings, letters):
        super().__init__(settings, SCHEMA, TABLES, letters)
        self.letters = letters

    def let_time_work(self) -> None:
        """Expire and settle whatever is due by now."""
        now = self.clock.now()
        with self.store.transaction():
            for payment in self.store.all(
                "SELECT * FROM payment WHERE status IN ('pending', 'held') AND confirm_by <= ?", now
            ):
                self._change(payment["id"], status="canceled", cancel_reason="expired")
            for refund in self.store.all(
                "SELECT * FROM refund WHERE status = 'pending' AND settles_at <= ?", now
            ):
                self._settle(refund, refund["settles_as"])

    def open_payment(
        self,
        payment_id: str,
        amount_kopecks: int,
        description: str,
        return_url: str,
        details: dict,
        confirm_by: int | None = None,
    ) -> dict:
        """Open a payment its payer will confirm on the page."""
        now = self.clock.now()
        self.store.insert(
            "payment",
            id=payment_id,
            status="pending",
            amount_kopecks=amount_kopecks,
            description=description,
            return_url=return_url,
            details=json.dumps(details),
            created_at=now,
            confirm_by=confirm_by or now + self.time_to_confirm,
            form_token=secrets.token_urlsafe(16),
        )
        return self.payment_of(payment_id)

    def payment_of(self, payment_id: str) -> dict:
        """Return a payment.

        :raises ApiProblem: when there is none.
        """
        payment = self.store.one("SELECT * FROM payment WHERE id = ?", payment_id)
        if payment is None:
            raise missing("The payment", "payment_id")
        return payment | {"details": json.loads(payment["details"])}

    def answer(self, payment_id: str, token: str, word: str) -> dict:
        """Take the owner's answer: «yes», «no» or «short» (a yes without the money). It counts once."""
        with self.store.transaction():
            payment = self.payment_of(payment_id)
            if payment["status"] != "pending" or not secrets.compare_digest(
                payment["form_token"].encode(), token.encode()
            ):
                return payment
            fresh = {"form_token": secrets.token_urlsafe(16)}
            if word == "no":
                return self._change(payment_id, status="canceled", cancel_reason="refused", **fresh)
            if self.is_two_stage:
                return self._change(payment_id, status="held", is_short=word == "short", **fresh)
            return self._change(payment_id, **self._paid(), **fresh)

    def take(self, payment_id: str) -> dict:
        """Take the money of a payment that is held; one that isn't stays as it is."""
        with self.store.transaction():
            payment = self.payment_of(payment_id)
            if payment["status"] != "held" or payment["is_short"]:
                return payment
            return self._change(payment_id, **self._paid())

    def reject(self, payment_id: str) -> dict:
        """Withdraw a payment nobody has confirmed; another stays as it is."""
        with self.store.transaction():
            payment = self.payment_of(payment_id)
            if payment["status"] != "pending":
                return payment
            return self._change(payment_id, status="canceled", cancel_reason="refused")

    def refunds_of(self, payment_id: str) -> list[dict]:
        """Return what was sent back of a payment, oldest first."""
        rows = self.store.all(
            "SELECT * FROM refund WHERE payment_id = ? ORDER BY number", payment_id
        )
        return [row | {"details": json.loads(row["details"])} for row in rows]

    def send_back(
        self, payment_id: str, refund_id: str, amount_kopecks: int, details: dict
    ) -> dict:
        """Send money of a payment back.

        :raises ApiProblem: when the payment hasn't that much left.
        """
        with self.store.transaction():
            payment = self.payment_of(payment_id)
            known = self.refunds_of(payment_id)
            gone = sum(row["amount_kopecks"] for row in known if row["status"] != "canceled")
            if (
                payment["status"] != "succeeded"
                or gone + amount_kopecks > payment["amount_kopecks"]
            ):
                raise invalid("amount", "The payment hasn't that much left to return.")
            order = self.refund_orders.take()
            self.store.insert(
                "refund",
                id=refund_id,
                payment_id=payment_id,
                status="pending",
                amount_kopecks=amount_kopecks,
                details=json.dumps(details),
                created_at=self.clock.now(),
                settles_at=self.clock.now() + int(float(order.get("seconds", 60)) * SECOND),
                settles_as="canceled" if order.get("then") == "canceled" else "succeeded",
                cancel_reason=str(order.get("reason", "insufficient_funds")),
            )
            refund = self.refund_of(payment_id, refund_id)
            return refund if order["status"] == "pending" else self._settle(refund, order["status"])

    def refund_of(self, payment_id: str, refund_id: str) -> dict:
        """Return a refund.

        :raises ApiProblem: when there is none.
        """
        for refund in self.refunds_of(payment_id):
            if refund["id"] == refund_id:
                return refund
        raise missing("The refund", "refund_id")

    def force(self, payment_id: str, order: dict) -> dict:
        """Put a payment into a state whatever it was in, as no honest gateway would."""
        status = str(order.get("status"))
        if status not in ("held", "succeeded", "canceled"):
            raise invalid("status", "held, succeeded or canceled, please.")
        with self.store.transaction():
            self.payment_of(payment_id)
            paid = self._paid() if status == "succeeded" else {"status": status}
            reason = str(order.get("reason", "refused")) if status == "canceled" else None
            return self.told_of(self._change(payment_id, cancel_reason=reason, **paid))

    def news_of(self, payment_id: str, order: dict) -> tuple[str, dict]:
        """Return an event and what it is about, true but for what a test orders."""
        about = self.told_of(self.payment_of(payment_id)) | order.get("object", {})
        return order.get("event", f"payment.{about['status']}"), about

    def told_of(self, payment: dict) -> dict:
        """Return what notices are written from."""
        return {
            "id": payment["id"],
            "status": payment["status"],
            "amount": amount_of(payment["amount_kopecks"]),
            "details": payment["details"],
            "number": payment["number"],
            "paid_at": payment["paid_at"] or payment["created_at"],
            "cancel_reason": payment["cancel_reason"] or "",
        }

    def objection_to(self, payment: dict) -> str:
        """Return why the shop doesn't want this payment now, for gateways that ask it first."""
        return ""

    def shop_of(self, payment: dict) -> str:
        """Return the shop's address, where the payer of this payment may go back to."""
        return payment["return_url"]

    def way_back(self, payment: dict) -> str:
        """Return where the payer of this payment goes when it is decided."""
        return self.shop_of(payment)

    def _paid(self) -> dict:
        return {"status": "succeeded", "paid_at": self.clock.now()}

    def _change(self, payment_id: str, **columns) -> dict:
        """Write the new state and tell the shop of it."""
        self.store.update("payment", payment_id, **columns)
        changed = self.payment_of(payment_id)
        self._tell(f"payment.{changed['status']}", self.told_of(changed))
        return changed

    def _settle(self, refund: dict, status: str) -> dict:
        self.store.run("UPDATE refund SET status = ? WHERE number = ?", status, refund["number"])
        settled = self.refund_of(refund["payment_id"], refund["id"])
        about = self.told_of(self.payment_of(refund["payment_id"])) | {"refund": settled}
        self._tell(f"refund.{status}", about)
        return settled

    def _tell(self, event: str, about: dict) -> None:
        if event in self.tells:
            self.courier.tell(event, about)


def origin_of(url: str) -> str:
    """Return the scheme and host of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
