"""A forgotten password: what people type."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import Length, ValidationError

from shop.forms.fields import ShopForm, email_field, new_password_field


class AskForLink(ShopForm):
    """The address that the link goes to, and the anti-spam code, or the browser's work in its place."""

    email = email_field(_l("Email"), missing=_l("Write your e-mail."))
    key = HiddenField(validators=[Length(max=200)])
    proof = HiddenField(validators=[Length(max=200)])
    code = StringField(
        _l("Code from the picture or the recording"),
        validators=[Length(max=60, message=_l("The code is five digits long."))],
    )

    def validate_code(self, field):  # type: ignore[no-untyped-def]
        """Ask for the code where the browser hasn't done its work."""
        if not field.data and not self.proof.data:
            raise ValidationError(
                _("Write the five digits. You may listen to them, or let your browser do it.")
            )

    @property
    def asked(self) -> dict[str, str]:
        """What is asked for, and what speaks for it."""
        fields = (self.email, self.key, self.proof, self.code)
        return {field.name: field.data or "" for field in fields}

    def start_anew(self, key: str) -> None:
        """Ask for another code; all else stays as it was typed."""
        self.key.data, self.code.data, self.proof.data = key, "", ""


class NewPassword(ShopForm):
    """The password from now on; once, for it can be looked at."""

    password = new_password_field(_l("New password"))
