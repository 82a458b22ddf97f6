"""Signing in, registering, proving a mailbox: what people type."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from shop.forms.fields import ShopForm, email_field, name_field, new_password_field

# Room for a code with spaces and dashes, or pasted with the words around it.
_LONGEST_CODE = 64


class LogIn(ShopForm):
    """An e-mail address and a password."""

    email = email_field(_l("Email"), missing=_l("Write your e-mail."))
    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Write your password."))])


class ProveAgain(ShopForm):
    """The password once more, before something delicate."""

    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Write your password."))])


class Register(ShopForm):
    """A person, an address, a password (once: it can be looked at), and the consent the law asks for."""

    given_name = name_field(_l("First name"), missing=_l("Write your first name."))
    family_name = name_field(_l("Last name"), missing=_l("Write your last name."))
    patronymic = name_field(_l("Patronymic"))
    email = email_field(_l("Email"), missing=_l("Write your e-mail."))
    password = new_password_field(_l("Password"))
    consent = BooleanField(
        _l("I agree to the processing of my personal data"),
        validators=[
            DataRequired(_l("Without your consent we may not keep your name and address."))
        ],
    )
    # Minted with the page: a form sent twice opens one account.
    once_key = HiddenField(validators=[Length(max=64)])

    @property
    def person(self) -> dict[str, str]:
        """Who registers, as services/auth takes it."""
        names = ("email", "password", "given_name", "family_name", "patronymic")
        return {name: self[name].data or "" for name in names}


class ConfirmByCode(ShopForm):
    """The code of the letter, as typed or pasted."""

    code = StringField(
        _l("Six digits"),
        validators=[DataRequired(_l("Write the code from the letter.")), Length(max=_LONGEST_CODE)],
    )


class ConfirmElsewhere(ConfirmByCode):
    """The code, and the address it came to: for a device where one isn't signed in."""

    email = email_field(_l("Email"), missing=_l("Write the e-mail you registered with."))


class SendAgain(ShopForm):
    """The address a letter is wished to."""

    email = email_field(_l("Email"), missing=_l("Write the e-mail you registered with."))
