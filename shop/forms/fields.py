"""The shop's form and its kinds of fields: trimmed, with limits, with sentences for errors."""

import unicodedata
from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField, StringField
from wtforms.validators import (
    DataRequired,
    Email,
    InputRequired,
    Length,
    Optional,
    ValidationError,
)

from shop.rules.auth import canonical_email
from shop.rules.names import may_be_a_name
from shop.rules.passwords import PASSWORD_LENGTH, is_easy_to_guess
from shop.rules.phones import phone_of

EMAIL_LENGTH = 254
# Signs that nobody types and that databases and letters choke on; line breaks stay for long texts.
_CONTROLS = dict.fromkeys(
    code for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\r\t"
)


def _trimmed(value: object) -> object:
    """Take away what the eye doesn't see: spaces around, control signs, and letters written in two pieces."""
    return (
        unicodedata.normalize("NFC", value).translate(_CONTROLS).strip()
        if isinstance(value, str)
        else value
    )


def _on_one_line(value: object) -> object:
    """Turn line breaks and runs of spaces into one space."""
    return " ".join(value.split()) if isinstance(value, str) else value


def _canonical(value: object) -> object:
    """Write an e-mail address as it is kept."""
    return canonical_email(value) if isinstance(value, str) else value


class ShopForm(FlaskForm):
    """A form whose texts come trimmed (passwords as they are typed)."""

    class Meta(FlaskForm.Meta):
        """Every text field gets the filter, so that no form can forget it."""

        def bind_field(self, form, unbound_field, options):  # type: ignore[no-untyped-def]
            """Add the trimming filter to text fields."""
            if issubclass(unbound_field.field_class, StringField) and not issubclass(
                unbound_field.field_class, PasswordField
            ):
                own = unbound_field.kwargs.get("filters", ())
                options["filters"] = (_trimmed, *options.get("filters", ()), *own)
            return unbound_field.bind(form=form, **options)

    @property
    def first_problem(self) -> str:
        """The first error's sentence, for places that have room for one."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")

    def blame(self, field: str, problem: str) -> None:
        """Put on a field what only a service could know."""
        self[field].errors = [*self[field].errors, problem]


def email_field(label: str, *, missing: str) -> Field:
    """An e-mail address; whether its mailbox exists is for the letter to show."""
    return EmailField(
        label,
        filters=[_canonical],
        validators=[
            DataRequired(missing),
            Length(
                max=EMAIL_LENGTH, message=_l("An e-mail address is at most 254 characters long.")
            ),
            Email(
                _l("Write the whole address, such as igor@example.ru."), check_deliverability=False
            ),
        ],
    )


def name_field(label: str, *, missing: str | None = None, most: int = 100) -> Field:
    """A name, exactly as its owner writes it: any letters, hyphens, apostrophes, one letter too."""
    checks: list[Callable[..., None]] = [
        Length(max=most, message=_l("At most %(max)d characters, please.")),
        _is_a_name,
    ]
    if missing:
        checks.insert(0, DataRequired(missing))
    return StringField(label, filters=[_on_one_line], validators=checks)


def _is_a_name(form: FlaskForm, field: Field) -> None:
    if field.data and not may_be_a_name(field.data):
        raise ValidationError(
            _("A name has at least one letter. Signs that aren't seen can't be in it.")
        )


def phone_field(label: str, *, missing: str | None = None) -> Field:
    """A telephone number, spaced as its owner likes; not required unless `missing` says what is missing."""
    return StringField(
        label,
        validators=[
            DataRequired(missing) if missing else Optional(),
            Length(max=32, message=_l("At most %(max)d characters, please.")),
            _is_phone,
        ],
    )


def _is_phone(form: FlaskForm, field: Field) -> None:
    if phone_of(field.data or "") is None:
        raise ValidationError(_("Write the whole number, such as +7 916 123-45-67."))


def new_password_field(label: str) -> Field:
    """A password to be remembered: any characters, 8 to 128."""
    least, most = PASSWORD_LENGTH
    return PasswordField(
        label,
        validators=[
            InputRequired(_l("Think of a password.")),
            Length(least, most, _l("A password has 8 to 128 characters, any you like.")),
            _not_easy_to_guess,
        ],
    )


def _not_easy_to_guess(form: FlaskForm, field: Field) -> None:
    """Refuse what is tried first: the common ones, and what else stands in the same form."""
    personal = [str(other.data) for other in form if isinstance(other, StringField) and other.data]
    if is_easy_to_guess(field.data or "", *personal):
        raise ValidationError(
            _("This password is among the first that are tried. Think of another one.")
        )
