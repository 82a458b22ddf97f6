"""The safety of an account: what people type."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, ValidationError

from shop.forms.fields import ShopForm, new_password_field
from shop.rules.passwords import is_easy_to_guess


class ChangePassword(ShopForm):
    """The password from now on; once, for it can be looked at."""

    password = new_password_field(_l("New password"))

    def __init__(self, *args: object, personal: Iterable[str] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.personal = tuple(personal)

    def validate_password(self, field: Field) -> None:
        """Refuse the owner's own name and e-mail, which don't stand in this form."""
        if is_easy_to_guess(field.data or "", *self.personal):
            raise ValidationError(
                _("This password is among the first that are tried. Think of another one.")
            )
