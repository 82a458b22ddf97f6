"""The desk's forms about orders."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length, Regexp

from shop.forms.fields import ShopForm


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
