"""Personal data, and people who receive: what one types about oneself and about them."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from shop.forms.fields import ShopForm, name_field, phone_field
from shop.rules.names import greeting
from shop.rules.phones import phone_of, phone_shown
from shop.rules.profile import NotABirthday, NotADate, PersonalData, birthday_of

_MONTHS = (
    _l("January"),
    _l("February"),
    _l("March"),
    _l("April"),
    _l("May"),
    _l("June"),
    _l("July"),
    _l("August"),
    _l("September"),
    _l("October"),
    _l("November"),
    _l("December"),
)


class AboutMe(ShopForm):
    """A name, how its owner wishes to be addressed, and what else the person cares to tell."""

    family_name = name_field(_l("Last name"), missing=_l("Write your last name."))
    given_name = name_field(_l("First name"), missing=_l("Write your first name."))
    patronymic = name_field(_l("Patronymic"))
    greeting = RadioField(
        _l("How to address you"),
        choices=[
            SelectChoice("name", _l("By first name")),
            SelectChoice("name_and_patronymic", _l("By first name and patronymic")),
        ],
        default="name",
    )
    # Three fields: a calendar is a poor way to a day forty years ago, and not every browser has one.
    birth_day = StringField(_l("Day"))
    birth_month = SelectField(
        _l("Month"),
        choices=[
            SelectChoice("", "—"),
            *(SelectChoice(str(number), name) for number, name in enumerate(_MONTHS, 1)),
        ],
        validate_choice=False,
    )
    birth_year = StringField(_l("Year"))
    sex = RadioField(
        _l("Sex"),
        choices=[
            SelectChoice("female", _l("female")),
            SelectChoice("male", _l("male")),
            SelectChoice("", _l("not said")),
        ],
        default="",
    )
    phone = phone_field(_l("Your phone"))

    def __init__(self, *args: Any, known: PersonalData, today: date, **more: Any) -> None:
        """Begin with what is known; what a request doesn't bring stays as it was."""
        super().__init__(*args, data=_filled(known), **more)
        self.today = today

    def validate_birth_day(self, _field: StringField) -> None:
        """A birthday is a day of the calendar, whole or not at all."""
        try:
            self._birthday()
        except NotADate:
            text = _("There is no such day. Write day, month and year, or leave all three empty.")
            raise ValidationError(text) from None
        except NotABirthday:
            text = _("Write the year in full, from 1900 on, and a day that has been.")
            raise ValidationError(text) from None

    def _birthday(self) -> date | None:
        parts = (self.birth_day.data, self.birth_month.data, self.birth_year.data)
        return birthday_of(*(part or "" for part in parts), today=self.today)

    @property
    def told(self) -> PersonalData:
        """All of it, as services/profile takes it."""
        return PersonalData(
            family_name=self.family_name.data or "",
            given_name=self.given_name.data or "",
            patronymic=self.patronymic.data or "",
            greeting=self.greeting.data,
            birth_on=self._birthday(),
            sex=self.sex.data,
            phone=phone_of(self.phone.data or "") or "",
        )

    @property
    def preview(self) -> str:
        """How letters will call the person."""
        return greeting(
            self.given_name.data or "", self.patronymic.data or "", self.greeting.data or ""
        )


def _filled(known: PersonalData) -> dict[str, str]:
    born = known.birth_on
    return {
        "family_name": known.family_name,
        "given_name": known.given_name,
        "patronymic": known.patronymic,
        "greeting": known.greeting,
        "birth_day": str(born.day) if born else "",
        "birth_month": str(born.month) if born else "",
        "birth_year": str(born.year) if born else "",
        "sex": known.sex,
        "phone": phone_shown(known.phone),
    }


class KeepRecipient(ShopForm):
    """Somebody who may receive parcels."""

    full_name = name_field(
        _l("First and last name"),
        missing=_l("Write who will receive: first and last name."),
        most=200,
    )
    phone = phone_field(
        _l("Phone"), missing=_l("Write the recipient's phone: the courier calls before coming.")
    )
    # Minted with the page: a form sent twice is one recipient.
    once_key = HiddenField(validators=[Length(max=64)])

    @property
    def person(self) -> dict[str, str]:
        """Who it is, as services/profile takes them."""
        return {
            "full_name": self.full_name.data or "",
            "phone": phone_of(self.phone.data or "") or "",
        }
