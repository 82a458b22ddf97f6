"""A lost mailbox: what its owner types or tells, and what employees decide."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from shop.forms.fields import ShopForm, email_field, name_field
from shop.rules.money import kopecks_of
from shop.rules.recovery import REFUSALS

LONGEST_STORY = 1000
# No order was ever dearer; larger figures are slips of the finger.
MOST_KOPECKS = 10**12


class AskToMove(ShopForm):
    """Who asks, from which mailbox to which, and what only the owner knows."""

    family_name = name_field(_l("Last name"), missing=_l("Write your last name."))
    given_name = name_field(_l("First name"), missing=_l("Write your first name."))
    patronymic = name_field(_l("Patronymic"))
    old_email = email_field(_l("The e-mail that is lost"), missing=_l("Write the lost e-mail."))
    new_email = email_field(_l("The new e-mail"), missing=_l("Write the new e-mail."))
    order_number = StringField(
        _l("Number of one of your orders"),
        validators=[Length(max=20, message=_l("At most %(max)d characters, please."))],
    )
    order_sum = StringField(
        _l("That order's sum, roubles"),
        validators=[Length(max=20, message=_l("At most %(max)d characters, please."))],
    )
    knowledge = TextAreaField(
        _l("What only you know"),
        validators=[Length(max=LONGEST_STORY, message=_l("At most %(max)d characters, please."))],
    )
    is_second_step_lost = BooleanField(_l("The app that makes the codes is lost as well"))
    # Minted with the page: a form sent twice is one request.
    once_key = HiddenField(validators=[Length(max=64)])

    def validate_new_email(self, field: Field) -> None:
        """Two different addresses, or there is nothing to move."""
        if field.data == self.old_email.data:
            raise ValidationError(_("This is the lost e-mail. Write the one that opens."))

    def validate_order_sum(self, field: Field) -> None:
        """A sum as people write it."""
        if field.data and _kopecks(field.data) is None:
            raise ValidationError(_("Write the sum in figures, such as 1490 or 1490,50."))

    @property
    def told(self) -> dict[str, object]:
        """What was told, as services/recovery takes it."""
        names = "family_name given_name patronymic old_email new_email order_number knowledge"
        return {
            **{name: self[name].data or "" for name in names.split()},
            "order_kopecks": _kopecks(self.order_sum.data or ""),
            "is_second_step_lost": bool(self.is_second_step_lost.data),
        }


class WriteDown(AskToMove):
    """The same, told to an employee."""

    source = RadioField(
        _l("Where the request comes from"),
        choices=[SelectChoice("phone", _l("A call")), SelectChoice("letter", _l("A letter"))],
        default="phone",
    )


class RefuseMove(ShopForm):
    """Why a request is refused: a reason that the applicant may read, and a remark for colleagues."""

    # The words are in recovery/_words.html; they go to mailboxes that may be strangers'.
    reason = RadioField(
        _l("Reason for the applicant"),
        choices=[SelectChoice(name) for name in REFUSALS],
        validators=[DataRequired(_l("Choose a reason."))],
    )
    remark = TextAreaField(
        _l("Remark for colleagues"),
        validators=[Length(max=LONGEST_STORY, message=_l("At most %(max)d characters, please."))],
    )


def _kopecks(text: str) -> int | None:
    """Read «1 490,50 ₽», or return None."""
    figures = "".join(text.split()).lower().rstrip("₽р.уб")
    try:
        kopecks = kopecks_of(figures)
    except ValueError:
        return None
    return kopecks if kopecks <= MOST_KOPECKS else None
