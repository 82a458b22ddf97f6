"""The cart: how many of what, ticked or not, sooner or together."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField, ValidationError
from wtforms.validators import AnyOf

from shop.forms.fields import ShopForm
from shop.rules.cart import MOST_OF_ONE_PRODUCT, quantity_of


def _is_quantity(_form: FlaskForm, field: Field) -> None:
    if quantity_of(field.data or "") is None:
        raise ValidationError(
            _("Write a whole number from 0 to %(most)d, please.", most=MOST_OF_ONE_PRODUCT)
        )


class PutInCart(ShopForm):
    """How many of one product; none takes it out."""

    quantity = StringField(_l("How many"), validators=[_is_quantity])

    @property
    def number(self) -> int:
        """The quantity, once the form is valid."""
        return quantity_of(self.quantity.data or "") or 0


def _one_of_two(label: str) -> Field:
    return StringField(label, validators=[AnyOf(["1", "0"], _l("Choose one of the two."))])


class TickLine(ShopForm):
    """Whether a line is part of the order."""

    ticked = _one_of_two(_l("Order it"))


class ChooseWay(ShopForm):
    """Everything together, or each thing as soon as it can come."""

    together = _one_of_two(_l("How to bring it"))
