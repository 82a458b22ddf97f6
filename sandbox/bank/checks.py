"""What the bank demands of a request before it does anything."""

import re
from urllib.parse import urlsplit

from .money import kopecks_of
from .problems import invalid

# What may be created, with its smallest and largest sum in kopecks.
LIMITS = {
    "bank_card": (100, 35_000_000),
    "yoo_money": (100, 25_000_000),
    "sbp": (100, 70_000_000),
    "sberbank": (100, 100_000_000),
    "tinkoff_bank": (100, 100_000_000),
}
ONE_STAGE_ONLY = ("sbp",)
LONGEST_DESCRIPTION = 128
LONGEST_REFUND_DESCRIPTION = 250
LONGEST_CUSTOMER = 200
MOST_METADATA = 16
LONGEST_METADATA_KEY = 32
LONGEST_METADATA_VALUE = 512
_KEY = re.compile(r"[0-9a-zA-Z+\-_.]{1,64}")


def checked_key(key: str | None) -> str:
    """Return the idempotence key.

    :raises ApiProblem: when there is none or it is too long.
    """
    if not key:
        raise invalid("Idempotence-Key", "Send an Idempotence-Key with every POST.")
    if not _KEY.fullmatch(key):
        raise invalid("Idempotence-Key", "Up to 64 letters, digits and + - _ . are allowed.")
    return key


def amount_in(body: dict, parameter: str = "amount") -> int:
    """Return the amount of a body in kopecks.

    :raises ApiProblem: when it isn't a sum of rubles above zero.
    """
    amount = body.get("amount")
    if not isinstance(amount, dict):
        raise invalid(parameter, "Say the amount: its value and its currency.")
    kopecks = kopecks_of(amount.get("value"))
    if not kopecks:
        raise invalid(f"{parameter}.value", 'The value is a text above zero, like "100.00".')
    if amount.get("currency") != "RUB":
        raise invalid(f"{parameter}.currency", "The shop takes RUB only.")
    return kopecks


def text_in(body: dict, name: str, longest: int) -> str | None:
    """Return a text that may be absent.

    :raises ApiProblem: when it is too long or no text.
    """
    text = body.get(name)
    if text is not None and (not isinstance(text, str) or len(text) > longest):
        raise invalid(name, f"A text of at most {longest} characters, please.")
    return text


def metadata_in(body: dict) -> dict:
    """Return the shop's own notes on an operation.

    :raises ApiProblem: when there are too many or one is too long.
    """
    metadata = body.get("metadata") or {}
    if not isinstance(metadata, dict) or len(metadata) > MOST_METADATA:
        raise invalid("metadata", f"At most {MOST_METADATA} pairs, please.")
    for key, value in metadata.items():
        if len(key) > LONGEST_METADATA_KEY:
            raise invalid("metadata", f"A key has at most {LONGEST_METADATA_KEY} characters.")
        if not isinstance(value, str) or len(value) > LONGEST_METADATA_VALUE:
            raise invalid(
                f"metadata.{key}", f"A text of at most {LONGEST_METADATA_VALUE} characters."
            )
    return metadata


def method_in(body: dict) -> str | None:
    """Return the way to pay the shop has chosen, if it has.

    :raises ApiProblem: for a way that can't be created, and for card data sent here.
    """
    method_data = body.get("payment_method_data")
    if method_data is None:
        return None
    method = method_data.get("type") if isinstance(method_data, dict) else None
    if method not in LIMITS:
        raise invalid("payment_method_data.type", "Payments of this kind can't be created.")
    if "card" in method_data:
        raise invalid("payment_method_data.card", "Card data is taken on the bank's page only.")
    return method


def stages_in(body: dict, method: str | None) -> bool:
    """Tell whether the money is taken at once.

    :raises ApiProblem: when two stages are asked of a way that knows one only.
    """
    capture = body.get("capture", False)
    if not isinstance(capture, bool):
        raise invalid("capture", "True or false, please.")
    if method in ONE_STAGE_ONLY and not capture:
        raise invalid("capture", "This way to pay takes the money at once: send capture=true.")
    return capture


def return_url_in(body: dict) -> str:
    """Return where the payer goes afterwards.

    :raises ApiProblem: when that is no web address.
    """
    confirmation = body.get("confirmation")
    if not isinstance(confirmation, dict) or confirmation.get("type") != "redirect":
        raise invalid("confirmation.type", "This bank knows the confirmation redirect only.")
    address = confirmation.get("return_url")
    if not isinstance(address, str) or len(address) > 2048 or not _is_web(address):
        raise invalid("confirmation.return_url", "A web address of at most 2048 characters.")
    return address


def check_limits(kopecks: int, method: str | None) -> None:
    """Refuse a sum this way to pay doesn't carry.

    :raises ApiProblem: when it is too small or too large.
    """
    least, most = LIMITS[method or "bank_card"]
    if not least <= kopecks <= most:
        raise invalid("amount.value", f"From {least // 100} to {most // 100} rubles, please.")


def _is_web(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.netloc)
