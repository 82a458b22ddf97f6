"""Personal data: what people type about themselves."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from shop.forms.fields import ShopForm, name_field
from shop.rules.names import greeting


class Names(ShopForm):
    """A name, and how its owner wishes to be addressed."""

    family_name = name_field(_l("Last name"), missing=_l("Write your last name."))
    given_name = name_field(_l("First name"), missing=_l("Write your first name."))
    patronymic = name_field(_l("Patronymic"))
    greeting = RadioField(
        _l("How to address you"),
        choices=[
            SelectChoice("name", _l("By first name")),
            SelectChoice("name_and_patronymic", _l("By first name and patronymic")),
        ],
        default="name",
    )

    @property
    def names(self) -> dict[str, str]:
        """The names and the greeting, as services/profile takes them."""
        fields = ("family_name", "given_name", "patronymic", "greeting")
        return {name: self[name].data or "" for name in fields}

    @property
    def preview(self) -> str:
        """How letters will begin."""
        return greeting(
            self.given_name.data or "", self.patronymic.data or "", self.greeting.data or ""
        )
