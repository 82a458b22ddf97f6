"""Where money shall be sent that a person pays: an account with its bank, or a telephone in СБП; and what employees say of it."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    Optional,
    StopValidation,
    ValidationError,
)

from shop.forms.fields import ShopForm, name_field, phone_field
from shop.rules.payouts import (
    ACCOUNT_LENGTH,
    TO_ACCOUNT,
    TO_BALANCE,
    TO_PHONE,
    WAYS,
    digits_of,
    is_account_of,
    is_bic,
    is_in_roubles,
    looks_like_a_card,
)
from shop.rules.phones import phone_of

_MOST = _l("At most %(max)d characters, please.")
# What each way asks for; nothing of the others is read.
ASKED = {
    TO_ACCOUNT: ("name", "bic", "account_number"),
    TO_PHONE: ("name", "phone", "bank"),
    TO_BALANCE: (),
}


class TellWhereto(ShopForm):
    """The way, and what it needs. A card's number is refused wherever it is typed, and not shown again."""

    way = RadioField(
        _l("Where shall we send the money?"),
        choices=[SelectChoice(way, way) for way in WAYS],
        validators=[InputRequired(_l("Choose where to send the money."))],
    )
    name = name_field(
        _l("Recipient's full name"), missing=_l("Write the recipient's name, as the bank knows it.")
    )
    bic = StringField(
        _l("Bank's BIC"),
        validators=[
            DataRequired(_l("Write the bank's BIC: nine digits.")),
            Length(max=40, message=_MOST),
        ],
    )
    account_number = StringField(
        _l("Account number"),
        validators=[
            DataRequired(_l("Write the account number: twenty digits.")),
            Length(max=40, message=_MOST),
        ],
    )
    phone = phone_field(_l("Phone"), missing=_l("Write the phone that your bank knows you by."))
    bank = StringField(
        _l("Bank"),
        validators=[
            DataRequired(_l("Write the bank that takes transfers by this phone for you.")),
            Length(max=60, message=_MOST),
        ],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask only for what the chosen way needs."""
        asked = ASKED.get(self.way.data or "", ())
        for field in (self.name, self.bic, self.account_number, self.phone, self.bank):
            field.validators = (
                _no_card,
                *(field.validators if field.name in asked else [Optional()]),
            )
        return super().validate(extra_validators)

    def validate_bic(self, field: Field) -> None:
        """Nine digits of a Russian bank."""
        if self.way.data == TO_ACCOUNT and field.data and not is_bic(digits_of(field.data)):
            raise ValidationError(_("A BIC has nine digits and begins with 04. Check it, please."))

    def validate_account_number(self, field: Field) -> None:
        """Twenty digits of an account in roubles, the check digit among them."""
        if self.way.data != TO_ACCOUNT or not field.data:
            return
        digits, bic = digits_of(field.data), digits_of(self.bic.data or "")
        if len(digits) != ACCOUNT_LENGTH:
            raise ValidationError(_("An account number has twenty digits. Check it, please."))
        if not is_in_roubles(digits):
            raise ValidationError(
                _("This account isn't in roubles. Write one in roubles: it has 810 in its middle.")
            )
        if is_bic(bic) and not is_account_of(digits, bic):
            raise ValidationError(
                _("The account number and the BIC don't fit together. Check both, please.")
            )

    @property
    def whereto(self) -> dict[str, str]:
        """What was told, as services/payments takes it, digits only; nothing of the other ways."""
        told = {
            "name": self.name.data or "",
            "bic": digits_of(self.bic.data or ""),
            "account_number": digits_of(self.account_number.data or ""),
            "phone": phone_of(self.phone.data or "") or "",
            "bank": self.bank.data or "",
        }
        way = str(self.way.data)
        return {"way": way} | {name: told[name] for name in ASKED[way]}


def _no_card(_form: ShopForm, field: Field) -> None:
    if looks_like_a_card(field.data or ""):
        field.data = ""
        raise StopValidation(
            _(
                "This is as long as a card's number, and we never take those. The account number has twenty digits: it stands in your bank's app among the account's details."
            )
        )


class PaidByHand(ShopForm):
    """How money was paid back by hand."""

    note = StringField(
        _l("How it was paid"),
        validators=[
            DataRequired(_l("Write how it was paid: the number of the payment order, the date.")),
            Length(max=500, message=_MOST),
        ],
    )


class AskAgain(ShopForm):
    """Why the owner is asked once more where to send the money."""

    remark = StringField(
        _l("What the bank said"),
        validators=[
            DataRequired(_l("Write why the bank sent it back: the customer reads it.")),
            Length(max=200, message=_MOST),
        ],
    )
