"""The desk's forms about orders."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp

from shop.forms.fields import ShopForm


class CameBack(ShopForm):
    """How many pieces of one line have come back in good order."""

    good = IntegerField(
        _l("Can be sold again, pieces"),
        validators=[
            InputRequired(_l("Say how many can be sold again.")),
            NumberRange(0, message=_l("Say how many can be sold again.")),
        ],
    )


class Dispatch(ShopForm):
    """Under which number the carrier takes a parcel, where there is one."""

    track = StringField(
        _l("Track number"),
        validators=[
            Length(max=40, message=_l("At most %(max)d characters, please.")),
            Regexp(
                r"[A-Za-z0-9 \-]*\Z", message=_l("A track number has letters, digits and hyphens.")
            ),
        ],
    )
