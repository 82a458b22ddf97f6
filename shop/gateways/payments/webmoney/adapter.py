"""WebMoney Merchant: the customer brings a form there, WebMoney asks the shop first and tells it afterwards."""

import base64
import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from shop.config import Config
from shop.gateways.payments import GwPayment, GwRefund, Hint, Intent, Notice, Rejected
from shop.gateways.payments.calls import is_this_machine, purpose_of
from shop.gateways.payments.senders import Senders
from shop.gateways.payments.webmoney.client import Client
from shop.gateways.payments.webmoney.reading import currency_of, found_in, is_signed
from shop.rules.money import decimal, kopecks_of

log = logging.getLogger("shop.payments")

# Who has begun to pay while the order waited may take so much longer on WebMoney's pages.
LINGERING = timedelta(hours=1)
# Money moves; «1» would be a rehearsal.
REAL = "0"
# Our own field of the form, which WebMoney gives back. It isn't signed, and so it isn't believed.
REF = "SHOP_REF"
MOST_FIELDS = 60


class WebMoney:
    """The shop's purse there.

    WebMoney opens nothing beforehand: a payment begins when the customer's form arrives. So its reference holds what
    nobody could ask for until it is paid: «number-kopecks-end», the end being the moment after which it counts as
    abandoned.
    """

    has_keys = True

    def __init__(self, config: Config) -> None:
        self._config = config
        self._client = Client(config)
        self._senders = Senders(config.webmoney_networks)
        self._currency = currency_of(config.webmoney_purse)
        self._is_test = is_this_machine(config.webmoney_api_url)

    def create(self, request: Mapping[str, Any], key: str) -> GwPayment:
        """Return the form the customer brings there; nobody is asked, so nothing can be lost.

        :raises Rejected: when the shop's purse isn't for roubles.
        """
        if self._currency != "RUB":
            raise Rejected("currency_not_supported", "LMI_PAYEE_PURSE")
        return self._payment(
            request[REF],
            "pending",
            pay_at=self._config.webmoney_pay_url,
            pay_form={name: str(value) for name, value in request.items()},
        )

    def fetch(self, ref: str) -> GwPayment:
        """Return a payment as it stands; one that nobody made in time is canceled."""
        number, kopecks, ends = _parts(ref)
        found = found_in(self._client.ask(str(number)))
        if found.status == "succeeded":
            return self._payment(ref, "succeeded", amount=found.amount_kopecks)
        if found.status == "canceled":
            return self._payment(ref, "canceled", reason="canceled_by_payer")
        if datetime.now(UTC).timestamp() > ends:
            return self._payment(ref, "canceled", reason="expired_on_confirmation")
        return self._payment(ref, "pending", amount=kopecks)

    def capture(self, payment: GwPayment, key: str) -> GwPayment:
        """Refuse: WebMoney holds nothing, a payment is made or not."""
        raise Rejected("nothing_is_held")

    def refund(self, request: Mapping[str, Any], key: str) -> GwRefund:
        """Refuse: the merchant's interface sends nothing back, somebody must do it by hand."""
        raise Rejected("no_refunds")

    def fetch_refund(self, ref: str) -> GwRefund:
        """Refuse, as there are none."""
        raise Rejected("no_refunds")

    def list_since(self, moment: datetime) -> Iterator[GwPayment]:
        """Return nothing: no answer can be lost where nothing was asked."""
        return iter(())

    def refunds_of(self, payment_ref: str) -> Iterator[GwRefund]:
        """Return nothing, as there are none."""
        return iter(())

    def request_of(self, intent: Intent) -> dict[str, Any]:
        """Return the hidden fields of the form."""
        life = timedelta(minutes=self._config.payment_minutes) + LINGERING
        ends = int((datetime.now(UTC) + life).timestamp())
        words = purpose_of(intent).encode()
        # The page they come back to has this very form, and must not send it again.
        back = f"{intent.return_to}?back=1"
        return {
            "LMI_PAYEE_PURSE": self._config.webmoney_purse,
            "LMI_PAYMENT_AMOUNT": decimal(intent.amount_kopecks),
            "LMI_PAYMENT_NO": str(intent.attempt_id),
            "LMI_PAYMENT_DESC_BASE64": base64.b64encode(words).decode(),
            "LMI_SIM_MODE": REAL,
            "LMI_SUCCESS_URL": back,
            "LMI_SUCCESS_METHOD": "0",
            "LMI_FAIL_URL": back,
            "LMI_FAIL_METHOD": "0",
            REF: f"{intent.attempt_id}-{intent.amount_kopecks}-{ends}",
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
        """Return what somebody must send back by hand."""
        return {"payment_id": payment_ref, "amount": decimal(amount_kopecks)}

    def hint_in(self, notice: Notice) -> Hint | None:
        """Read a notice: WebMoney asks before it takes money whether it may, and tells when it has."""
        told = _fields_in(notice.body)
        try:
            number, kopecks = int(told["LMI_PAYMENT_NO"]), kopecks_of(told["LMI_PAYMENT_AMOUNT"])
        except (KeyError, ValueError) as problem:
            raise ValueError("not a notice") from problem
        if told.get("LMI_PAYEE_PURSE") != self._config.webmoney_purse:
            return None
        if told.get("LMI_MODE") != REAL:
            raise ValueError("a rehearsal")
        ref = told.get(REF, "")
        if not ref.startswith(f"{number}-{kopecks}-") or not _is_ref(ref):
            # Somebody has changed the form on its way. If money came all the same, asking by the number finds it.
            log.warning(
                "WebMoney tells of payment %s of %s kopecks, which isn't so", number, kopecks
            )
            return None
        if told.get("LMI_PREREQUEST") == "1":
            asked = self._payment(ref, "pending", amount=kopecks)
            return Hint("payment.asked", ref, welcome=asked, answer="YES")
        if not is_signed(told, self._config.webmoney_secret):
            raise ValueError("wrong signature")
        return Hint("payment.succeeded", ref, answer="YES")

    def is_sender(self, address: str) -> bool:
        """True for an address of the networks the owner has named."""
        return address in self._senders

    def _payment(
        self,
        ref: str,
        status: str,
        *,
        amount: int | None = None,
        reason: str = "",
        pay_at: str = "",
        pay_form: Mapping[str, str] | None = None,
    ) -> GwPayment:
        number, kopecks, _ends = _parts(ref)
        return GwPayment(
            ref=ref,
            status=status,
            amount_kopecks=kopecks if amount is None else amount,
            currency=self._currency,
            is_test=self._is_test,
            metadata={"attempt_id": str(number)},
            pay_at=pay_at,
            pay_form=pay_form or {},
            cancel_reason=reason,
        )


def _fields_in(body: bytes) -> dict[str, str]:
    try:
        fields = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError as problem:
        raise ValueError("not a notice") from problem
    return dict(fields)


def _is_ref(ref: str) -> bool:
    parts = ref.split("-")
    return (
        len(parts) == 3
        and len(ref) <= 64
        and all(part.isascii() and part.isdigit() for part in parts)
    )


def _parts(ref: str) -> tuple[int, int, int]:
    """Return the payment's number, its kopecks and its end, which our own reference holds."""
    if not _is_ref(ref):
        raise Rejected("not_found", "id")
    number, kopecks, ends = ref.split("-")
    return int(number), int(kopecks), int(ends)
