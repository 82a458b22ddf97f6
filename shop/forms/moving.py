"""Another e-mail for an account, another person for it: what people type."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import DataRequired

from shop.forms.fields import ShopForm, email_field, name_field, new_password_field


class NewAddress(ShopForm):
    """Where letters shall go from now on."""

    email = email_field(_l("New email"), missing=_l("Write the new e-mail."))


class TakersAddress(ShopForm):
    """Whom the account shall belong to."""

    email = email_field(
        _l("The new owner's email"), missing=_l("Write the e-mail of the new owner.")
    )


class TakeOver(ShopForm):
    """The new owner, in the owner's own words; nothing is copied from the former one."""

    given_name = name_field(_l("First name"), missing=_l("Write your first name."))
    family_name = name_field(_l("Last name"), missing=_l("Write your last name."))
    patronymic = name_field(_l("Patronymic"))
    password = new_password_field(_l("Password"))
    consent = BooleanField(
        _l("I agree to the processing of my personal data"),
        validators=[
            DataRequired(_l("Without your consent we may not keep your name and address."))
        ],
    )

    @property
    def newcomer(self) -> dict[str, str]:
        """The new owner, as services/security/handover.Newcomer takes one."""
        names = ("given_name", "family_name", "patronymic", "password")
        return {name: self[name].data or "" for name in names}
