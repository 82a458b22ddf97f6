"""QIWI bills: the shop writes a bill under a number of its own, the customer pays it on QIWI's page."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from shop.config import Config
from shop.gateways.payments import GwPayment, GwRefund, Hint, Intent, Notice, Rejected
from shop.gateways.payments.calls import is_ref, is_this_machine, purpose_of, safe
from shop.gateways.payments.qiwi.client import Client
from shop.gateways.payments.qiwi.reading import STATUSES, payment_in, refund_in
from shop.gateways.payments.senders import Senders
from shop.rules.money import decimal, kopecks_of

SIGNATURE = "x-api-signature-sha256"
# QIWI tells again until it reads this.
THANKS = '{"error":"0"}'


class Qiwi:
    """The shop's account there."""

    has_keys = True

    def __init__(self, config: Config) -> None:
        self._config = config
        self._client = Client(config)
        self._senders = Senders(config.qiwi_networks)
        self._is_test = is_this_machine(config.qiwi_api_url)

    def create(self, request: Mapping[str, Any], key: str) -> GwPayment:
        """Write a bill under the key's number, which makes it one bill however often it is written."""
        body = {name: value for name, value in request.items() if name != "return_to"}
        with self._client.turn() as qiwi:
            bill = qiwi.put(f"/bills/{safe(key)}", body)
        return payment_in(bill, is_test=self._is_test, return_to=str(request["return_to"]))

    def fetch(self, ref: str) -> GwPayment:
        """Return a bill as it stands."""
        with self._client.turn() as qiwi:
            return payment_in(qiwi.get(f"/bills/{safe(ref)}"), is_test=self._is_test)

    def capture(self, payment: GwPayment, key: str) -> GwPayment:
        """Refuse: QIWI holds nothing, a bill is paid or not."""
        raise Rejected("nothing_is_held")

    def refund(self, request: Mapping[str, Any], key: str) -> GwRefund:
        """Send money back under our own number, which makes it one refund however often it is asked for."""
        bill, number = safe(request["bill_id"]), safe(request["refund_id"])
        with self._client.turn() as qiwi:
            body = {"amount": request["amount"]}
            return refund_in(qiwi.put(f"/bills/{bill}/refunds/{number}", body), bill)

    def fetch_refund(self, ref: str) -> GwRefund:
        """Return a refund as it stands."""
        bill, _, number = ref.partition(".")
        with self._client.turn() as qiwi:
            return refund_in(qiwi.get(f"/bills/{safe(bill)}/refunds/{safe(number)}"), bill)

    def list_since(self, moment: datetime) -> Iterator[GwPayment]:
        """Return nothing: QIWI lists no bills. One whose answer was lost was shown to nobody, and expires."""
        return iter(())

    def refunds_of(self, payment_ref: str) -> Iterator[GwRefund]:
        """Return nothing: QIWI lists no refunds, and needs no looking, for their numbers are ours."""
        return iter(())

    def request_of(self, intent: Intent) -> dict[str, Any]:
        """Return the body of a new bill, which lives as long as the order waits for its money."""
        ends = datetime.now(UTC) + timedelta(minutes=self._config.payment_minutes)
        return {
            "amount": _amount(intent.amount_kopecks),
            "comment": purpose_of(intent),
            "expirationDateTime": ends.isoformat(timespec="seconds"),
            "customer": {},
            "customFields": {"attempt_id": str(intent.attempt_id)},
            "return_to": intent.return_to,
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
        """Return what to ask for to send money back."""
        return {
            "bill_id": payment_ref,
            "refund_id": str(refund_id),
            "amount": _amount(amount_kopecks),
        }

    def hint_in(self, notice: Notice) -> Hint | None:
        """Read which bill a notice is about, if QIWI has signed it."""
        try:
            bill = json.loads(notice.body, parse_float=str)["bill"]
            status, ref = bill["status"]["value"], bill["billId"]
            # Whole roubles may come as «1», and are signed as «1.00» all the same: so say QIWI's own examples.
            value = decimal(kopecks_of(str(bill["amount"]["value"])))
            signed = (bill["amount"]["currency"], value, ref, bill["siteId"], status)
        except (ValueError, KeyError, TypeError, RecursionError) as problem:
            raise ValueError("not a notice") from problem
        self._check_signature(signed, notice.headers.get(SIGNATURE, ""))
        ours = STATUSES.get(status, "") if isinstance(status, str) else ""
        if ours not in {"succeeded", "canceled"} or not is_ref(str(ref)):
            return None
        return Hint(f"payment.{ours}", str(ref), answer=THANKS)

    def is_sender(self, address: str) -> bool:
        """True for an address of the networks the owner has named."""
        return address in self._senders

    def _check_signature(self, signed: tuple[object, ...], given: str) -> None:
        text = "|".join(str(part) for part in signed).encode()
        true = hmac.new(self._config.qiwi_secret_key.encode(), text, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(true.encode(), given.lower().encode()):
            raise ValueError("wrong signature")


def _amount(kopecks: int) -> dict[str, str]:
    return {"currency": "RUB", "value": decimal(kopecks)}
