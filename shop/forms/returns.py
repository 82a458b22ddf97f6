"""Calling off and giving back: how many of which line, why, and what is said about it."""

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # The stubs are older.
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from shop.forms.fields import ShopForm
from shop.rules.auth import code_digits
from shop.rules.certificates import is_serial
from shop.rules.returns import REASONS, SHOP_REASONS

_MOST = _l("At most %(max)d characters, please.")


def pieces_of(typed: Mapping[str, str], line_ids: Iterable[int]) -> dict[int, int]:
    """Return how many pieces of each of these lines are chosen, lines of none left out; what is no number counts as none."""
    chosen = {line_id: typed.get(f"units-{line_id}", "") for line_id in line_ids}
    return {
        line_id: int(text)
        for line_id, text in chosen.items()
        if text.isascii() and text.isdigit() and len(text) < 6 and int(text)
    }


class CancelPieces(ShopForm):
    """What is called off; the pieces are read by `pieces_of`."""

    note = HiddenField()
    once_key = HiddenField(validators=[Length(max=60)])


class AskToReturn(ShopForm):
    """Why goods come back, in a word and in one's own words."""

    reason = RadioField(
        _l("Why do you return it?"),
        choices=[SelectChoice(reason, reason) for reason in REASONS],
        validators=[InputRequired(_l("Choose why you return it."))],
    )
    words = TextAreaField(
        _l("Tell us more"), validators=[Length(max=2000, message=_MOST)], default=""
    )
    note = HiddenField()
    once_key = HiddenField(validators=[Length(max=60)])

    def offer(self, reasons: Iterable[str]) -> None:
        """Take only these reasons: for the others it is too late."""
        self.reason.choices = [SelectChoice(reason, reason) for reason in reasons]


class SendGoods(ShopForm):
    """Under which number the goods travel back."""

    track = StringField(_l("Track number"), validators=[Length(max=40, message=_MOST)], default="")


class WriteMessage(ShopForm):
    """A message about a return."""

    text = TextAreaField(
        _l("Message"),
        validators=[DataRequired(_l("Write the message.")), Length(max=4000, message=_MOST)],
    )
    once_key = HiddenField(validators=[Length(max=60)])


class NumberOfOrder(ShopForm):
    """The number of an order, as it stands in the letters."""

    number = StringField(
        _l("Number of the order"),
        validators=[
            DataRequired(_l("Write the number of the order: it stands in our letters.")),
            Length(max=20, message=_MOST),
        ],
    )

    def validate_number(self, field: StringField) -> None:
        """Refuse what isn't eight digits, and a certificate's serial: the first of them had the digits of some order."""
        if is_serial(field.data or ""):
            raise ValidationError(
                _l(
                    "This is the number of a certificate, not of an order. Sign in and give it back on the page «Certificates and balance»."
                )
            )
        if sum(sign.isdigit() for sign in field.data or "") != 8:
            raise ValidationError(
                _l(
                    "A number of an order has eight digits, such as 0042-1187. It stands in our letters."
                )
            )

    @property
    def order_number(self) -> str:
        """The number as it is kept, however it was typed."""
        digits = "".join(sign for sign in self.number.data or "" if sign.isdigit())
        return f"{digits[:4]}-{digits[4:]}"


class FindOrder(NumberOfOrder):
    """The order whose mailbox a code is sent to."""

    once_key = HiddenField(validators=[Length(max=60)])


class OpenByCode(NumberOfOrder):
    """The code from the letter, and of which order it is."""

    code = StringField(
        _l("Code from the letter"),
        validators=[
            DataRequired(_l("Write the six digits from the letter.")),
            Length(max=20, message=_MOST),
        ],
    )

    @property
    def digits(self) -> str:
        """The digits of the code, however they are spaced."""
        return code_digits(self.code.data or "")


class RefuseReturn(ShopForm):
    """Why a return is refused; the customer reads it."""

    refusal = TextAreaField(
        _l("Why not"),
        validators=[
            DataRequired(_l("Tell the customer why.")),
            Length(max=1000, message=_MOST),
        ],
    )


class FoundInLine(ShopForm):
    """What the look at one line's goods has found."""

    accepted = IntegerField(
        _l("Taken back, pieces"),
        validators=[
            InputRequired(_l("Say how many are taken back.")),
            NumberRange(0, message=_l("Say how many are taken back.")),
        ],
    )
    is_good = BooleanField(_l("Can be sold again"))


class Inspected(ShopForm):
    """What is told the customer when fewer pieces are taken back than were asked."""

    remark = TextAreaField(
        _l("Words to the customer"), validators=[Length(max=1000, message=_MOST)], default=""
    )


class CancelByShop(ShopForm):
    """Why the shop calls an order off."""

    reason = RadioField(
        _l("Why is it called off?"),
        choices=[SelectChoice(reason, reason) for reason in SHOP_REASONS],
        validators=[InputRequired(_l("Choose why it is called off."))],
    )
    once_key = HiddenField(validators=[Length(max=60)])
