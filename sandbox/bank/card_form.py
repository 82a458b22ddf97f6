"""What the payer types on the card page, checked for shape."""

from dataclasses import dataclass, field
from datetime import datetime

from .cards import Scheme, digits_of, expiry_of, is_expired, is_luhn_valid, scheme_of

YEARS_AHEAD = 20


@dataclass
class CardForm:
    """A card as typed. It lives as long as the request: nothing of it is logged or kept."""

    number: str
    expiry_text: str
    code: str
    problems: dict[str, str] = field(default_factory=dict)
    scheme: Scheme | None = None
    expiry: tuple[int, int] | None = None

    def __repr__(self) -> str:
        """Show nothing, so that no trace of a crash ever shows a card."""
        return "CardForm(…)"


def read_card_form(typed: dict, now: datetime) -> CardForm:
    """Return the card and what is wrong with it."""
    form = CardForm(
        number=digits_of(typed.get("number", ""))[:19],
        expiry_text=typed.get("expiry", "").strip()[:12],
        code=digits_of(typed.get("code", ""))[:4],
    )
    form.scheme = scheme_of(form.number)
    form.expiry = expiry_of(form.expiry_text)
    for name, check in (("number", _number), ("expiry", _expiry), ("code", _code)):
        problem = check(form, now)
        if problem:
            form.problems[name] = problem
    return form


def _number(form: CardForm, now: datetime) -> str | None:
    if not form.number:
        return "Введите номер карты"
    if form.scheme is None:
        return "Подойдёт карта МИР, Visa, Mastercard или American Express"
    if len(form.number) not in form.scheme.lengths:
        return f"В номере карты {form.scheme.title} должно быть {_lengths(form.scheme)} цифр"
    if not is_luhn_valid(form.number):
        return "Проверьте номер: в какой-то цифре ошибка"
    return None


def _lengths(scheme: Scheme) -> str:
    first, last = scheme.lengths[0], scheme.lengths[-1]
    return str(first) if first == last else f"от {first} до {last}"


def _expiry(form: CardForm, now: datetime) -> str | None:
    if not form.expiry_text:
        return "Введите срок действия: месяц и год"
    if form.expiry is None:
        return "Введите срок так, как на карте, например 07/29"
    if is_expired(*form.expiry, now):
        return "Срок действия этой карты уже вышел"
    if form.expiry[1] > now.year + YEARS_AHEAD:
        return "Проверьте год: карты столько не живут"
    return None


def _code(form: CardForm, now: datetime) -> str | None:
    length = form.scheme.code_length if form.scheme else 3
    if not form.code:
        return "Введите код с карты"
    if len(form.code) != length:
        return f"В коде этой карты {length} цифры"
    return None
