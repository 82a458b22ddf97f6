"""What the page's script brings of a key, and how its owner calls it."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import Length

from shop.forms.fields import ShopForm, name_field
from shop.rules.passkeys import NAME_LENGTH

# The longest keys' answers (RSA, with an attestation) are a third of this.
_LONGEST_ANSWER = 16_000


class AddPasskey(ShopForm):
    """A new key; without a name of its own it is called after the device."""

    name = name_field(_l("What to call the passkey"), most=NAME_LENGTH)
    # Empty when the browser gave none: the service refuses that like any other wrong answer.
    credential = HiddenField(validators=[Length(max=_LONGEST_ANSWER)])


class ShowPasskey(ShopForm):
    """The answer of a key that one has."""

    credential = HiddenField(validators=[Length(max=_LONGEST_ANSWER)])


class NamePasskey(ShopForm):
    """Another name for a key."""

    name = name_field(
        _l("What to call the passkey"), missing=_l("Call it somehow."), most=NAME_LENGTH
    )
