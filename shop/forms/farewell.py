"""Leaving for good: what must be said before."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import DataRequired

from shop.forms.fields import ShopForm


class Leave(ShopForm):
    """That the person knows what goes, and gives up what the shop gave to spend, where there is any."""

    understood = BooleanField(
        _l("I understand that this can't be undone once the day has come"),
        validators=[DataRequired(_l("Tick the box if you really want to delete the account."))],
    )
    gives_up = BooleanField(
        _l("I agree to lose them"),
        validators=[
            DataRequired(_l("Tick the box if you agree to lose your points and promo balance."))
        ],
    )

    def ask_for(self, *, losing: bool) -> None:
        """Leave the second box out where nothing is lost."""
        if not losing:
            del self.gives_up
