"""The second step of sign-in: codes, as people type them."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from shop.forms.fields import ShopForm

# Room for a code with spaces and dashes, or pasted with the words around it.
_LONGEST = Length(max=64, message=_l("That is too long for a code."))


class CodeForm(ShopForm):
    """A form with one code in it."""

    FIELD = "code"

    @property
    def typed(self) -> str:
        """The code, as it was typed."""
        return self[self.FIELD].data or ""

    def refuse(self, problem: str) -> None:
        """Say what is wrong with the code."""
        self.blame(self.FIELD, problem)


class AppCode(CodeForm):
    """The six digits that the authenticator app shows."""

    code = StringField(
        _l("Code from the app"),
        validators=[DataRequired(_l("Write the six digits that the app shows.")), _LONGEST],
    )


class PaperCode(CodeForm):
    """One of the recovery codes, when the app isn't at hand."""

    FIELD = "recovery_code"

    recovery_code = StringField(
        _l("Recovery code"),
        validators=[DataRequired(_l("Write one of the recovery codes you kept.")), _LONGEST],
    )


class EitherCode(CodeForm):
    """A code of either kind, before something is changed about the second step."""

    code = StringField(
        _l("Code from the app, or a recovery code"),
        validators=[DataRequired(_l("Write the code from the app, or a recovery code.")), _LONGEST],
    )
