"""A forgotten password: what people type."""

from flask_babel import lazy_gettext as _l

from shop.forms.fields import ShopForm, email_field, new_password_field


class AskForLink(ShopForm):
    """The address that the link goes to."""

    email = email_field(_l("Email"), missing=_l("Write your e-mail."))


class NewPassword(ShopForm):
    """The password from now on; once, for it can be looked at."""

    password = new_password_field(_l("New password"))
