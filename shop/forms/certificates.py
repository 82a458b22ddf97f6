"""Gift certificates: buying one, activating it, and what employees give, block and begin."""

import contextlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from shop.forms.checkout import WAYS
from shop.forms.fields import ShopForm, email_field, name_field
from shop.rules.certificates import (
    LEAST_KOPECKS,
    LONGEST_WORD,
    MOST_DAYS_AHEAD,
    MOST_KOPECKS,
    MOST_POINTS,
    MOST_PROMO_KOPECKS,
    NOMINALS,
    POINTS,
    PROMO,
    may_be_a_word,
    may_be_nominal,
    may_be_sent_on,
    nearly_a_code,
    normal_word,
)
from shop.rules.money import written

_MOST = _l("At most %(max)d characters, please.")
OTHER_SUM = "other"
LONGEST_WISH, LONGEST_REASON = 500, 200
# Nobody means a campaign for more people than that.
MOST_USES = 1_000_000


def whole_number(text: str | None) -> int | None:
    """Read «3 000 ₽» or «150»; None when it is no whole number."""
    figures = "".join((text or "").split()).lower().rstrip("₽руб.")
    return int(figures) if figures.isascii() and figures.isdigit() and len(figures) < 10 else None


def _email_if_any(label: str) -> Field:
    """An address that need not be given; what a form says besides of a missing one is still heard."""
    field = email_field(label, missing="")
    field.kwargs["validators"] = [
        lambda form, one, check=check: check(form, one) if one.data else None
        for check in field.kwargs["validators"][1:]
    ]
    return field


class ForWhom(ShopForm):
    """To whom a certificate goes, with what words, and when."""

    recipient_name = name_field(_l("Recipient's name"))
    recipient_email = _email_if_any(_l("Recipient's e-mail"))
    wish = TextAreaField(_l("Your wish"), validators=[Length(max=LONGEST_WISH, message=_MOST)])
    send_on = DateField(_l("When to send the letter"), validators=[Optional()])
    # Minted with the page: a form sent twice is one certificate.
    once_key = HiddenField(validators=[Length(max=64)])

    def __init__(self, *args: Any, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.today = today

    def validate_send_on(self, field: Field) -> None:
        """Today at the earliest; a day without an address would be of no use."""
        if field.data and not may_be_sent_on(field.data, self.today):
            raise ValidationError(
                _("Choose a day from today on, %(days)d days ahead at most.", days=MOST_DAYS_AHEAD)
            )

    @property
    def gift(self) -> dict[str, Any]:
        """For whom it is, as services/certificates takes it. Of today the letter goes at once."""
        day = self.send_on.data
        return {
            "recipient_name": self.recipient_name.data or "",
            "recipient_email": self.recipient_email.data or "",
            "wish": self.wish.data or "",
            "send_on": day if day != self.today and self.recipient_email.data else None,
        }


class BuyCertificate(ForWhom):
    """A certificate to buy: how much, for whom, how it is paid."""

    nominal = RadioField(
        _l("For how much"),
        choices=[
            *(SelectChoice(str(one), written(one)) for one in NOMINALS),
            SelectChoice(OTHER_SUM, _l("Another sum")),
        ],
        default=str(NOMINALS[3]),
        validators=[DataRequired(_l("Choose a sum."))],
    )
    own_sum = StringField(_l("Your sum, whole roubles"), validators=[Length(max=20, message=_MOST)])
    whom = RadioField(
        _l("For whom"),
        choices=[
            SelectChoice("self", _l("For me, or I hand it over in person")),
            SelectChoice("gift", _l("Send it as a present by e-mail")),
        ],
        default="self",
        validators=[DataRequired(_l("Choose for whom it is."))],
    )
    payment = RadioField(_l("How to pay"), validate_choice=False)

    def offer_ways(self, codes: Iterable[str]) -> None:
        """Let the customer choose among these ways to pay."""
        self.payment.choices = [SelectChoice(code, WAYS[code]) for code in codes]

    @property
    def nominal_kopecks(self) -> int | None:
        """How much, or None while that isn't clear."""
        if self.nominal.data != OTHER_SUM:
            chosen = whole_number(self.nominal.data)
            return chosen if chosen in NOMINALS else None
        roubles = whole_number(self.own_sum.data)
        return None if roubles is None else roubles * 100

    def validate_own_sum(self, _field: Field) -> None:
        """Another sum is whole roubles within the limits."""
        if self.nominal.data == OTHER_SUM and not may_be_nominal(self.nominal_kopecks or 0):
            raise ValidationError(
                _(
                    "Write whole roubles, from %(least)s to %(most)s.",
                    least=written(LEAST_KOPECKS),
                    most=written(MOST_KOPECKS),
                )
            )

    def validate_recipient_email(self, field: Field) -> None:
        """A present by letter needs an address."""
        if self.whom.data == "gift" and not field.data:
            raise ValidationError(_("Write the e-mail to send the certificate to."))

    @property
    def gift(self) -> dict[str, Any]:
        """What is typed for a recipient counts for a present only; a wish stands on the card in any case."""
        if self.whom.data == "gift":
            return super().gift
        return super().gift | {"recipient_email": "", "send_on": None}


class Redeem(ShopForm):
    """The one field for a certificate's number and for a code word."""

    code = StringField(
        _l("Number of the certificate or code word"),
        validators=[
            DataRequired(_l("Write the number of the certificate or the code word.")),
            Length(max=100, message=_MOST),
        ],
    )

    def validate_code(self, field: Field) -> None:
        """Say how many signs are missing, before it counts as a wrong one."""
        if signs := nearly_a_code(field.data or ""):
            raise ValidationError(
                _(
                    "A certificate's number has 16 signs, and here are %(signs)d. Check it, please.",
                    signs=signs,
                )
            )


class BlockCertificate(ShopForm):
    """Why nobody may activate it."""

    reason = StringField(
        _l("Reason"),
        validators=[
            DataRequired(_l("Write the reason.")),
            Length(max=LONGEST_REASON, message=_MOST),
        ],
    )


class GiveCertificate(ForWhom):
    """A certificate that the shop gives for nothing."""

    own_sum = StringField(_l("Sum, whole roubles"), validators=[DataRequired(_l("Write the sum."))])
    reason = StringField(
        _l("What for"),
        validators=[
            DataRequired(_l("Write what it is given for.")),
            Length(max=LONGEST_REASON, message=_MOST),
        ],
    )

    @property
    def nominal_kopecks(self) -> int:
        """How much."""
        return (whole_number(self.own_sum.data) or 0) * 100

    def validate_own_sum(self, _field: Field) -> None:
        """Whole roubles within the limits."""
        if not may_be_nominal(self.nominal_kopecks):
            raise ValidationError(
                _(
                    "Write whole roubles, from %(least)s to %(most)s.",
                    least=written(LEAST_KOPECKS),
                    most=written(MOST_KOPECKS),
                )
            )


class BeginCampaign(ShopForm):
    """A code word: what it gives, how many times, from when until when."""

    name = StringField(
        _l("Name for colleagues"),
        validators=[
            DataRequired(_l("Write what colleagues will know it by.")),
            Length(max=100, message=_MOST),
        ],
    )
    word = StringField(
        _l("Code word"),
        validators=[DataRequired(_l("Think of a word.")), Length(max=LONGEST_WORD, message=_MOST)],
    )
    gives = RadioField(
        _l("What it gives"),
        choices=[
            SelectChoice(PROMO, _l("Roubles of the promo balance")),
            SelectChoice(POINTS, _l("Points")),
        ],
        default=PROMO,
    )
    amount = StringField(_l("How much"), validators=[DataRequired(_l("Write how much."))])
    most_uses = StringField(
        _l("How many people at most"), validators=[DataRequired(_l("Write how many people."))]
    )
    starts_on = DateField(_l("First day"), validators=[DataRequired(_l("Choose the first day."))])
    ends_on = DateField(_l("Last day"), validators=[DataRequired(_l("Choose the last day."))])

    def validate_word(self, field: Field) -> None:
        """It must not be taken for a certificate's number."""
        if not may_be_a_word(normal_word(field.data or "")):
            raise ValidationError(
                _(
                    "From 3 letters or figures on, and nothing that looks like a certificate's number."
                )
            )

    def validate_amount(self, _field: Field) -> None:
        """A sane sum, or so many points."""
        most = MOST_POINTS if self.gives.data == POINTS else MOST_PROMO_KOPECKS // 100
        if not 1 <= (whole_number(self.amount.data) or 0) <= most:
            raise ValidationError(_("Write a whole number, %(most)d at most.", most=most))

    def validate_most_uses(self, _field: Field) -> None:
        """How many people there may be."""
        if not 1 <= (whole_number(self.most_uses.data) or 0) <= MOST_USES:
            raise ValidationError(_("Write a whole number, %(most)d at most.", most=MOST_USES))

    def validate_ends_on(self, field: Field) -> None:
        """It ends after it begins."""
        with contextlib.suppress(TypeError):
            if field.data < self.starts_on.data:
                raise ValidationError(_("The last day comes before the first."))

    @property
    def told(self) -> dict[str, Any]:
        """What it gives, as services/certificates takes it."""
        amount = whole_number(self.amount.data) or 0
        return {
            "name": self.name.data or "",
            "word": self.word.data or "",
            "gives": self.gives.data,
            "amount": amount if self.gives.data == POINTS else amount * 100,
            "most_uses": whole_number(self.most_uses.data) or 0,
        }
