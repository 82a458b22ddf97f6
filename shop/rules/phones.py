"""Telephone numbers: typed as people like, kept in one form."""

_WITHIN = "+-() .\u00a0\u2011\u2013"


def phone_of(text: str) -> str | None:
    """Return «+79161234567» for a number however it is spaced, or None when it isn't one.

    Ten digits, or eleven that begin with 8, are a Russian number; what begins with + is taken as written.
    """
    written = text.strip()
    digits = "".join(sign for sign in written if sign.isascii() and sign.isdigit())
    if any(sign not in digits and sign not in _WITHIN for sign in written) or "+" in written[1:]:
        return None
    if written.startswith("+"):
        is_whole = 11 <= len(digits) <= 15 and (not digits.startswith("7") or len(digits) == 11)
        return f"+{digits}" if is_whole else None
    if len(digits) == 11 and digits[0] in "78":
        return f"+7{digits[1:]}"
    return f"+7{digits}" if len(digits) == 10 else None


def phone_shown(phone: str) -> str:
    """Return «+7 916 123-45-67» for a Russian number, any other as it is kept."""
    if len(phone) != 12 or not phone.startswith("+7"):
        return phone
    return f"+7 {phone[2:5]} {phone[5:8]}-{phone[8:10]}-{phone[10:]}"
