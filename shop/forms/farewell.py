"""Leaving for good: the one thing that must be said."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import DataRequired

from shop.forms.fields import ShopForm


class Leave(ShopForm):
    """That the person knows what goes."""

    understood = BooleanField(
        _l("I understand that this can't be undone once the day has come"),
        validators=[DataRequired(_l("Tick the box if you really want to delete the account."))],
    )
