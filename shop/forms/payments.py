"""The owner's form about a payment that isn't what was asked for."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from shop.forms.fields import ShopForm
from shop.rules.money import kopecks_of, written
from shop.rules.payments import MOST_CAME_KOPECKS

_MOST = _l("At most %(max)d characters, please.")
CAME, NOTHING = "came", "nothing"


class SortedOut(ShopForm):
    """What was found of a payment: money that came, with its sum, or nothing that is open; and words for its payer."""

    found = RadioField(
        _l("What was found"),
        choices=[
            SelectChoice(CAME, _l("Money came: it goes back to the customer")),
            SelectChoice(NOTHING, _l("No money came, or all of it has gone back already")),
        ],
        validators=[InputRequired(_l("Choose what was found."))],
    )
    came = StringField(
        _l("How much came, roubles"),
        validators=[
            DataRequired(_l("Write how much came, as the gateway tells it.")),
            Length(max=20, message=_MOST),
        ],
    )
    words = TextAreaField(
        _l("Words to the customer"),
        validators=[
            DataRequired(_l("Tell the customer what was found.")),
            Length(max=500, message=_MOST),
        ],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a sum only where money came; words are needed where nothing else tells the customer anything."""
        if self.found.data == CAME:
            self.words.validators = [Optional(), Length(max=500, message=_MOST)]
        else:
            self.came.validators = [Optional()]
        return super().validate(extra_validators)

    def validate_came(self, field: Field) -> None:
        """More than nothing, and no more than any gateway takes."""
        if self.found.data == CAME and field.data and not self.came_kopecks:
            raise ValidationError(
                _(
                    "Write the sum in roubles, such as 1490 or 1490,50: more than nothing, at most %(most)s.",
                    most=written(MOST_CAME_KOPECKS),
                )
            )

    @property
    def came_kopecks(self) -> int:
        """How much came; 0 when nothing did, or what is written is no such sum."""
        if self.found.data != CAME:
            return 0
        try:
            kopecks = kopecks_of("".join((self.came.data or "").split()).rstrip("₽"))
        except ValueError:
            return 0
        return kopecks if kopecks <= MOST_CAME_KOPECKS else 0
