"""The owner's form about a payment that isn't what was asked for."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from shop.forms.fields import ShopForm


class SortedOut(ShopForm):
    """What was found of a payment, in words for its payer."""

    words = TextAreaField(
        _l("Words to the customer"),
        validators=[
            DataRequired(_l("Tell the customer what was found.")),
            Length(max=500, message=_l("At most %(max)d characters, please.")),
        ],
    )
