"""Telephone numbers: typed as people like, kept in one form, shown as their country writes them."""

from functools import lru_cache

_WITHIN = "+-() .\u00a0\u2011\u2013"
# What is dialled from Russia before the number of another country: «8 10 375 …».
_WAY_ABROAD = "810"


def phone_of(text: str) -> str | None:
    """Return «+79161234567» for a number however it is spaced, or None when it isn't one.

    Ten digits, or eleven that begin with 8, are a Russian number; what begins with + (or 8 10) is another
    country's and must have as many digits as numbers have there. Whether such a number is given out isn't asked:
    new ranges are opened every month, and nobody should be refused for having one.
    """
    written = text.strip()
    digits = "".join(sign for sign in written if sign.isascii() and sign.isdigit())
    if any(sign not in digits and sign not in _WITHIN for sign in written) or "+" in written[1:]:
        return None
    if written.startswith("+"):
        return f"+{digits}" if _is_russian(f"+{digits}") else _foreign(written)
    if len(digits) > 11 and digits.startswith(_WAY_ABROAD):
        return _foreign(f"+{digits.removeprefix(_WAY_ABROAD)}")
    if len(digits) == 11 and digits[0] in "78":
        return f"+7{digits[1:]}"
    return f"+7{digits}" if len(digits) == 10 else None


def phone_shown(phone: str) -> str:
    """Return «+7 916 123-45-67», or «+375 29 123-45-67» as it is written where the number is from."""
    if _is_russian(phone):
        return f"+7 {phone[2:5]} {phone[5:8]}-{phone[8:10]}-{phone[10:]}"
    return _foreign_shown(phone) if phone.startswith("+") else phone


def _is_russian(phone: str) -> bool:
    return len(phone) == 12 and phone.startswith("+7")


# The book of all countries' numbers takes 6 MB and 0.1 s to open: only a foreign number asks for it.
def _foreign(written: str) -> str | None:
    import phonenumbers as book

    try:
        number = book.parse(written)
    except book.NumberParseException:
        return None
    length = book.is_possible_number_for_type_with_reason(
        number, book.PhoneNumberType.FIXED_LINE_OR_MOBILE
    )
    # Those of +7 have ten digits and were known before.
    if length != book.ValidationResult.IS_POSSIBLE or number.country_code == 7:
        return None
    return str(book.format_number(number, book.PhoneNumberFormat.E164))


@lru_cache(1024)
def _foreign_shown(phone: str) -> str:
    import phonenumbers as book

    try:
        number = book.parse(phone)
    except book.NumberParseException:
        return phone
    return str(book.format_number(number, book.PhoneNumberFormat.INTERNATIONAL))
