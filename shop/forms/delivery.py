"""The town that promises are made for."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from shop.forms.fields import ShopForm


class ChoosePlace(ShopForm):
    """A town of the list."""

    place = IntegerField(
        _l("Town"),
        validators=[
            InputRequired(_l("Choose a town of the list.")),
            NumberRange(1, 2**31 - 1, _l("Choose a town of the list.")),
        ],
    )
