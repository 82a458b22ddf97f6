"""Placing an order: for whom, how it is brought, how it is paid."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # The stubs are older.
from wtforms.validators import DataRequired, Length, ValidationError

from shop.forms.fields import ShopForm, name_field, phone_field
from shop.rules.checkout import LONGEST_NOTE
from shop.rules.phones import phone_of

_MOST = _l("At most %(max)d characters, please.")
WAYS = {
    "bank_card": _l("By bank card (MIR, Visa, Mastercard, American Express)"),
    "sbp": _l("Faster Payments System (SBP)"),
    "sberpay": _l("SberPay"),
    "yoo_money": _l("YooMoney (formerly Yandex.Money)"),
    "spasibo": _l("By Sber's card with «Spasibo» bonuses"),
    "paypal": _l("PayPal"),
    "webmoney": _l("WebMoney"),
    "qiwi": _l("QIWI wallet"),
    "on_receipt": _l("On receipt: in cash or by card"),
}
# What the choice of a recipient says besides the number of one on the list.
OWNER, OTHER = "me", "other"


class PlaceOrder(ShopForm):
    """What the customer decides on the checkout page. Goods and prices are not among it."""

    once_key = HiddenField(validators=[Length(max=60)])
    note = HiddenField(validators=[Length(max=LONGEST_NOTE)])
    recipient_name = name_field(
        _l("First and last name"),
        missing=_l("Write who will receive the order: first and last name."),
        most=200,
    )
    recipient_phone = phone_field(
        _l("Phone"), missing=_l("Write the recipient's phone: the order is handed over by it.")
    )
    # Not sent by a page without a list to choose from.
    recipient = StringField(_l("Who will receive it"), default=OTHER)
    remember = BooleanField(_l("Remember the recipient"))
    delivery = RadioField(
        _l("How to bring it"),
        choices=[
            SelectChoice("courier", _l("By courier")),
            SelectChoice("pickup", _l("To a pickup point")),
        ],
        validators=[DataRequired(_l("Choose how to bring the order."))],
    )
    address = StringField(_l("Street, house, flat"), validators=[Length(max=300, message=_MOST)])
    point = SelectField(_l("Pickup point"), coerce=int, validate_choice=False)
    comment = TextAreaField(
        _l("Comment for the courier"), validators=[Length(max=500, message=_MOST)]
    )
    payment = RadioField(
        _l("How to pay"),
        choices=[],
        validate_choice=False,
    )
    use_points = BooleanField(_l("Pay with points"))
    points = StringField(_l("How many points"), validators=[Length(max=9, message=_MOST)])
    use_balance = BooleanField(_l("Pay from the balance"))
    # What the page showed of both balances: whoever pays from them has seen how much.
    balance_seen = HiddenField(validators=[Length(max=20)])

    def offer_ways(self, codes: Iterable[str]) -> None:
        """Let the customer choose among these ways to pay."""
        self.payment.choices = [SelectChoice(code, WAYS[code]) for code in codes]

    @property
    def wanted_points(self) -> int:
        """How many points are to be used; 0 for none, and for what is no number."""
        text = "".join((self.points.data or "").split())
        is_number = text.isascii() and text.isdigit()
        return int(text) if self.use_points.data and is_number else 0

    @property
    def seen_balance(self) -> int:
        """Kopecks of both balances that the page showed."""
        text = self.balance_seen.data or ""
        return int(text) if text.isascii() and text.isdigit() else 0

    def validate_payment(self, field: Field) -> None:
        """Asked for at once where nothing else pays; whether the rest needs it is seen when the sums are known."""
        if not (field.data or self.use_points.data or self.use_balance.data):
            raise ValidationError(_("Choose how to pay."))

    def validate_points(self, field: Field) -> None:
        """A whole number, when points are to be used at all."""
        text = "".join((field.data or "").split())
        if self.use_points.data and not (text.isascii() and text.isdigit() and int(text)):
            raise ValidationError(_("Write how many points to use, as a whole number."))

    def offer_points(self, points: list[tuple[int, str]]) -> None:
        """Let the customer choose among these counters."""
        offered = [(0, _("Choose a pickup point")), *points]
        self.point.choices = [SelectChoice(value, label) for value, label in offered]

    def validate_address(self, field: Field) -> None:
        """A courier needs an address; a pickup point needs none."""
        if self.delivery.data == "courier" and len(field.data or "") < 5:
            raise ValidationError(_("Write where to bring it: street, house, flat."))

    def validate_point(self, field: Field) -> None:
        """Whoever fetches it says where."""
        if self.delivery.data == "pickup" and not field.data:
            raise ValidationError(_("Choose the pickup point you will fetch it from."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whoever was chosen from the list needs no name and phone; what stands in their fields is left unread."""
        if self.recipient.data != OTHER:
            self.recipient_name.validators = self.recipient_phone.validators = ()
        return super().validate(extra_validators)

    @property
    def receiver(self) -> dict[str, Any]:
        """Who receives it, as services/checkout takes it: the owner, one of the list, or who is written down."""
        chosen = self.recipient.data or ""
        if chosen == OTHER:
            return {
                "recipient_name": self.recipient_name.data,
                "recipient_phone": phone_of(self.recipient_phone.data or "") or "",
                "remember": self.remember.data,
            }
        is_number = chosen.isascii() and chosen.isdigit() and len(chosen) < 10
        nobody = {"recipient_name": "", "recipient_phone": ""}
        if chosen == OWNER:
            return nobody | {"for_owner": True}
        # What no page of ours sends is nobody's number.
        return nobody | {"recipient_id": int(chosen) if is_number else 0}

    def fill(self, **values: Any) -> None:
        """Put in what is known beforehand."""
        for name, value in values.items():
            self[name].data = value
