"""How templates write money, days and moments."""

import math
import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from babel.dates import format_date
from flask import Flask, current_app
from flask_babel import get_locale, gettext, ngettext
from markupsafe import Markup

from shop.rules.auth import masked_email
from shop.rules.cards import card_told
from shop.rules.money import written
from shop.rules.phones import phone_shown


def init_app(app: Flask) -> None:
    """Make them known to Jinja."""
    app.jinja_env.filters.update(
        money=written,
        day=day,
        moment=moment,
        near_day=near_day,
        day_month=day_month,
        phone=phone_shown,
        country=country,
        card=card,
        level=level,
        hours=hours,
        pieces=pieces,
        unbroken=unbroken,
        masked=masked_email,
    )
    app.jinja_env.globals["card_told"] = card_told


def _local(value: date | datetime | str) -> date:
    """A day as people here have it; letters keep theirs as ISO texts."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        return value.astimezone(current_app.extensions["shop_config"].shop_time_zone).date()
    return value


def today() -> date:
    """Today in the shop's time zone."""
    return _local(datetime.now(UTC))


def _formatted(value: date, pattern: str) -> str:
    return _written(value, pattern, str(get_locale() or "ru"))


@lru_cache(4096)
def _written(value: date, pattern: str, locale: str) -> str:
    """A list of orders writes the same days again and again."""
    return format_date(value, pattern, locale=locale)


def day(value: date | datetime | str) -> str:
    """«23 ноября 2026»"""
    return _formatted(_local(value), "d MMMM y")


def day_month(value: date | datetime | str) -> str:
    """«23 ноября»"""
    return _formatted(_local(value), "d MMMM")


def near_day(value: date | datetime | str) -> str:
    """«сегодня», «завтра», else «23 ноября»."""
    value = _local(value)
    near = {today(): gettext("today"), today() + timedelta(days=1): gettext("tomorrow")}
    return near.get(value) or day_month(value)


def moment(value: datetime | str) -> str:
    """«23 ноября 2026, 14:05» in the shop's time zone."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    local = value.astimezone(current_app.extensions["shop_config"].shop_time_zone)
    return f"{day(value)}, {local:%H:%M}"


def in_words(wait: timedelta) -> str:
    """«40 секунд», «12 минут», «20 часов»: how long to wait, rounded up so that waiting is enough."""
    seconds = max(1, math.ceil(wait.total_seconds()))
    if seconds < 60:
        return ngettext("%(num)d second", "%(num)d seconds", seconds)
    minutes = math.ceil(seconds / 60)
    if minutes <= 90:
        return ngettext("%(num)d minute", "%(num)d minutes", minutes)
    return ngettext("%(num)d hour", "%(num)d hours", math.ceil(minutes / 60))


def country(code: str) -> str:
    """«Россия» for «RU», in the reader's language."""
    locale = get_locale()
    return str(locale.territories.get(code, code)) if locale else code


def card(text: str) -> str:
    """«МИР ···· 0004» for «Mir ···· 0004»: by the name people know; gateways write «AmericanExpress», «Unknown»."""
    scheme, dots, last4 = text.partition("····")
    names = {
        "Mir": gettext("MIR"),
        "MasterCard": "Mastercard",
        "AmericanExpress": "American Express",
        "Unknown": "",
    }
    return f"{names.get(scheme.strip(), scheme.strip())} {dots}{last4}".strip()


def level(name: str) -> str:
    """The name of a level in the reader's language: those the shop comes with are known, others stay as the owner calls them."""
    names = {
        "Базовый": gettext("Basic"),
        "Серебряный": gettext("Silver"),
        "Золотой": gettext("Gold"),
    }
    return names.get(name, name)


def hours(text: str) -> str:
    """«every day 10:00–22:00» for «ежедневно 10:00–22:00»: opening hours are kept as people here write them."""
    names = {
        "ежедневно": gettext("every day"),
        "пн": gettext("Mon"),
        "вт": gettext("Tue"),
        "ср": gettext("Wed"),
        "чт": gettext("Thu"),
        "пт": gettext("Fri"),
        "сб": gettext("Sat"),
        "вс": gettext("Sun"),
    }
    return re.sub("[а-яё]+", lambda word: names.get(word[0], word[0]), text)


def pieces(number: int) -> str:
    """«1 pc», «3 pcs»"""
    return ngettext("%(num)d pc", "%(num)d pcs", number)


def unbroken(code: str) -> Markup:
    """A number with dashes that stays on one line."""
    return Markup('<span class="nowrap">%s</span>') % code
