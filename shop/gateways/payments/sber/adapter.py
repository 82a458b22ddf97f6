"""Sber's acquiring (the RBS gateway): a card, and the bank's «Спасибо» bonuses for a part of the sum.

The payer chooses on the bank's page how many bonuses to spend; the shop is paid the whole sum. The gateway
knows no keys: an order is opened once because its number is of one attempt, and money goes back once because
what has gone back already is looked at before.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from shop.config import Config
from shop.gateways.payments import GwPayment, GwRefund, Hint, Intent, Notice, Rejected, Unknown
from shop.gateways.payments.calls import is_this_machine, purpose_of
from shop.gateways.payments.sber.client import ORDER_IS_THERE, Asking, Client
from shop.gateways.payments.sber.reading import payment_in, refunds_in
from shop.gateways.payments.senders import Senders

LONGEST_NUMBER, LONGEST_REF = 32, 64
# The gateway's clock, and how it writes moments.
MOSCOW, MOMENT = ZoneInfo("Europe/Moscow"), "%Y%m%d%H%M%S"
ALL_STATES = "CREATED,APPROVED,DEPOSITED,DECLINED,REVERSED,REFUNDED"
# A longer list is not taken for the whole of it.
PAGE_SIZE, MOST_PAGES = 100, 100
# What the gateway tells of, by operation and whether it was done. Of a refund it says nothing that isn't
# known: the answer to the refund was its end.
EVENTS = {
    ("approved", "1"): "payment.held",
    ("approved", "0"): "payment.canceled",
    ("deposited", "1"): "payment.succeeded",
    ("deposited", "0"): "payment.canceled",
    ("reversed", "1"): "payment.canceled",
    ("declinedByTimeout", "1"): "payment.canceled",
}
UNSIGNED = {"checksum", "sign_alias"}
# The setting that says: callbacks come without a checksum.
NO_KEY = "-"


class Sber:
    """The shop's account there."""

    has_keys = False

    def __init__(self, config: Config) -> None:
        self._config = config
        self._client = Client(config)
        self._senders = Senders(config.sber_networks)
        host = urlsplit(config.sber_api_url).hostname or ""
        self._is_test = is_this_machine(config.sber_api_url) or host.startswith("3dsec.")
        # An order whose opening wasn't answered is paid for here: the status has no address of its page.
        merchant = config.sber_user.removesuffix("-api")
        self._page = f"{config.sber_api_url}/merchants/{merchant}/payment_ru.html?mdOrder="

    def create(self, request: Mapping[str, Any], key: str) -> GwPayment:
        """Open an order; the same number twice is one order."""
        params = {**request["jsonParams"], "key": key}
        with self._client.turn() as sber:
            try:
                told = sber.ask("register", {**request, "jsonParams": params})
            except Rejected as refusal:
                if refusal.code != ORDER_IS_THERE:
                    raise
                return self._earlier(sber, request, key, refusal)
        ref, pay_at = str(told.get("orderId", "")), str(told.get("formUrl", ""))
        if not _is_ref(ref) or not pay_at:
            raise Unknown("the answer is no order")
        return GwPayment(
            ref=ref,
            status="pending",
            amount_kopecks=int(request["amount"]),
            currency="RUB",
            is_test=self._is_test,
            metadata=params,
            pay_at=pay_at,
        )

    def _earlier(
        self, sber: Asking, request: Mapping[str, Any], key: str, refusal: Rejected
    ) -> GwPayment:
        """Return the order that has our number already, if it was us who opened it."""
        found = self._read(sber, {"orderNumber": request["orderNumber"]})
        is_ours = found.metadata.get("key", key) == key
        if not is_ours or found.amount_kopecks != int(request["amount"]):
            raise refusal
        return found

    def fetch(self, ref: str) -> GwPayment:
        """Return an order as it stands."""
        with self._client.turn() as sber:
            return self._read(sber, {"orderId": _safe(ref)})

    def _read(self, sber: Asking, wish: Mapping[str, str]) -> GwPayment:
        return self._payment(sber.ask("getOrderStatusExtended", wish))

    def _payment(self, told: Mapping[str, Any]) -> GwPayment:
        return payment_in(told, is_test=self._is_test, page=self._page)

    def capture(self, payment: GwPayment, key: str) -> GwPayment:
        """Take all of a held order; one that has been taken already is left as it is."""
        wish = {"orderId": _safe(payment.ref)}
        with self._client.turn() as sber:
            try:
                sber.ask("deposit", {**wish, "amount": "0"})  # Nought stands for all.
            except Rejected:
                found = self._read(sber, wish)
                if found.status != "succeeded":
                    raise
                return found
            return self._read(sber, wish)

    def refund(self, request: Mapping[str, Any], key: str) -> GwRefund:
        """Send money and bonuses back in their proportion, unless that has happened already.

        :raises Unknown: when nobody can tell whether it has happened.
        """
        ref, amount = _safe(request["orderId"]), int(request["amount"])
        done = GwRefund(
            ref=f"{ref}.{request['refund_id']}"[:LONGEST_REF],
            payment_ref=ref,
            status="succeeded",
            amount_kopecks=amount,
            metadata={"refund_id": str(request["refund_id"])},
        )
        with self._client.turn() as sber:
            found = self._read(sber, {"orderId": ref})
            if found.status != "succeeded":
                raise Rejected("not_paid", found.status)
            if not _is_returned(found, amount, request.get("returned_before_kopecks")):
                sber.ask("autoRefund", {"orderId": ref, "amount": str(amount)})
        return done

    def fetch_refund(self, ref: str) -> GwRefund:
        """Refuse: the gateway ends a refund in its answer, and keeps no number of ours to look it up by."""
        raise Rejected("not_found", "refund")

    def list_since(self, moment: datetime) -> Iterator[GwPayment]:
        """Return the orders opened since, newest first."""
        span = {
            "from": moment.astimezone(MOSCOW).strftime(MOMENT),
            "to": (datetime.now(UTC) + timedelta(hours=1)).astimezone(MOSCOW).strftime(MOMENT),
        }
        wish = span | {
            "size": str(PAGE_SIZE),
            "transactionStates": ALL_STATES,
            "searchByCreatedDate": "true",
            "merchants": "",
        }
        for page in range(MOST_PAGES):
            with self._client.turn() as sber:
                told = sber.ask("getLastOrdersForMerchants", wish | {"page": str(page)})
            listed = told.get("orderStatuses") or []
            yield from (self._payment(order) for order in listed)
            if len(listed) < PAGE_SIZE:
                return
        raise Unknown("its list is longer than the shop reads")

    def refunds_of(self, payment_ref: str) -> Iterator[GwRefund]:
        """Return what was sent back of an order."""
        with self._client.turn() as sber:
            told = sber.ask("getOrderStatusExtended", {"orderId": _safe(payment_ref)})
        return iter(refunds_in(told, payment_ref))

    def request_of(self, intent: Intent) -> dict[str, Any]:
        """Return what to register.

        No cart is sent: with one, the gateway would want the lines of every partial refund.
        """
        tail = f"-{intent.attempt_id}"
        return {
            "orderNumber": f"{intent.order_number[: LONGEST_NUMBER - len(tail)]}{tail}",
            "amount": str(intent.amount_kopecks),
            "currency": "643",
            "returnUrl": intent.return_to,
            "description": purpose_of(intent),
            "language": "ru",
            "sessionTimeoutSecs": str(self._config.payment_minutes * 60),
            "jsonParams": {"order": intent.order_number, "attempt_id": str(intent.attempt_id)},
        }

    def refund_request_of(
        self,
        *,
        payment_ref: str,
        amount_kopecks: int,
        refund_id: int,
        payment_request: Mapping[str, Any],
        returned_before_kopecks: int | None = None,
    ) -> dict[str, Any]:
        """Return what to ask for to send money back.

        `returned_before_kopecks` is the sum of this payment's other refunds that came before and haven't
        failed. Without it a part can be told from an earlier one only where that was smaller.
        """
        return {
            "orderId": payment_ref,
            "amount": str(amount_kopecks),
            "refund_id": str(refund_id),
            "returned_before_kopecks": returned_before_kopecks,
        }

    def hint_in(self, notice: Notice) -> Hint | None:
        """Read which order a callback is about, if the gateway has signed it."""
        try:
            pairs = parse_qsl(
                notice.body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=60
            )
            told = dict(pairs)
            ref, event = told["mdOrder"], EVENTS.get((told["operation"], told["status"]))
        except (ValueError, KeyError) as problem:
            raise ValueError("not a notice") from problem
        if len(told) != len(pairs) or not self._is_signed(told):
            raise ValueError("not a notice of Sber's")
        return Hint(event, ref) if event and _is_ref(ref) else None

    def _is_signed(self, told: Mapping[str, str]) -> bool:
        key = self._config.sber_callback_key
        if key == NO_KEY:
            return True
        names = sorted(told.keys() - UNSIGNED)
        text = "".join(f"{name};{told[name]};" for name in names)
        true = hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest().upper()
        return hmac.compare_digest(true.encode(), told.get("checksum", "").upper().encode())

    def is_sender(self, address: str) -> bool:
        """True for an address of the networks the owner has named."""
        return address in self._senders


def _is_returned(found: GwPayment, amount: int, before: int | None) -> bool:
    """Tell whether this refund has happened: the gateway keeps sums, and no numbers of ours.

    With the sum of the refunds `before` it, they go one after the other and each has its place. Without,
    what is less than this refund is surely not it.

    :raises Unknown: when the sums allow both.
    """
    returned = found.refunded_kopecks
    if before is None:
        if returned < amount:
            return False
        if returned == amount == found.amount_kopecks:
            return True
        raise Unknown("money went back, and nobody can tell for which refund")
    if returned >= before + amount:
        return True
    if returned == before:
        return False
    raise Unknown("another refund of this payment comes first, or somebody has made one by hand")


def _is_ref(ref: str) -> bool:
    return 0 < len(ref) <= LONGEST_REF and ref.isascii() and ref.replace("-", "").isalnum()


def _safe(ref: str) -> str:
    if not _is_ref(ref):
        raise Rejected("not_found", "orderId")
    return ref
