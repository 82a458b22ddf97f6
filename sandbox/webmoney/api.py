"""The doors: the shop's form comes in here, and interface X18 says how its payment stands."""

import base64
import binascii
import hashlib
import hmac
import re
import uuid
from xml.etree import ElementTree

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for

from ..bank.money import kopecks_of
from ..wallets.doors import operation
from .letters import PAYER_PURSE, PAYER_WM, moment

api = Blueprint("api", __name__)

_PURSE, _NUMBER = re.compile(r"[A-Z]\d{12}"), re.compile(r"\d{1,10}")
_NEEDED = ("LMI_PAYEE_PURSE", "LMI_PAYMENT_AMOUNT", "LMI_PAYMENT_NO", "LMI_SUCCESS_URL")
# What X18 says instead of a payment.
_WRONG_HASH, _NOT_THERE, _NOT_PAID, _REFUSED = "-7", "8", "9", "13"


@api.post("/lmi/payment.asp")
def begin():
    """Take in the shop's form. The same one twice leads to the same page."""
    fields = request.form.to_dict()
    if not _is_whole(fields):
        return render_template("missing.html"), 400
    house = current_app.house
    house.let_time_work()
    with house.store.transaction():
        known = [
            one
            for one in house.payments_no(fields["LMI_PAYEE_PURSE"], fields["LMI_PAYMENT_NO"])
            if one["status"] in ("pending", "succeeded")
            and one["details"].items() >= fields.items()
        ]
        payment_id = known[0]["id"] if known else _open(house, fields)
    return redirect(url_for("pages.pay", payment_id=payment_id), 303)


@api.post("/conf/xml/XMLTransGet.asp")
@operation
def get_payment(house):
    """Say how the payment of a number stands."""
    try:
        asked = ElementTree.fromstring(request.get_data())
    except ElementTree.ParseError:
        return _answer("-100")
    wmid, purse, number, given = (
        (asked.findtext(name) or "").strip()
        for name in ("wmid", "lmi_payee_purse", "lmi_payment_no", "sha256")
    )
    text = f"{wmid}{purse}{number}{house.settings.secret}".encode()
    true = hashlib.sha256(text).hexdigest()
    if not hmac.compare_digest(true.encode(), given.lower().encode()):
        return _answer(_WRONG_HASH)
    found = house.payments_no(purse, number)
    if not found:
        return _answer(_NOT_THERE)
    if found[0]["status"] == "succeeded":
        return _answer("0", house.told_of(found[0]))
    return _answer(_REFUSED if found[0]["cancel_reason"] == "refused" else _NOT_PAID)


def _is_whole(fields: dict) -> bool:
    return (
        all(fields.get(name) for name in _NEEDED)
        and bool(_PURSE.fullmatch(fields["LMI_PAYEE_PURSE"]))
        and bool(_NUMBER.fullmatch(fields["LMI_PAYMENT_NO"]))
        and bool(kopecks_of(fields["LMI_PAYMENT_AMOUNT"]))
    )


def _open(house, fields: dict) -> str:
    payment_id = str(uuid.uuid4())
    house.open_payment(
        payment_id,
        kopecks_of(fields["LMI_PAYMENT_AMOUNT"]),
        _words_in(fields),
        fields["LMI_SUCCESS_URL"],
        {"LMI_FAIL_URL": fields["LMI_SUCCESS_URL"]} | fields,
    )
    return payment_id


def _words_in(fields: dict) -> str:
    try:
        return base64.b64decode(fields.get("LMI_PAYMENT_DESC_BASE64", "")).decode()
    except (binascii.Error, ValueError):
        return fields.get("LMI_PAYMENT_DESC", "")


def _answer(code: str, told: dict | None = None) -> Response:
    answer = ElementTree.Element("merchant.response")
    if told:
        operation_ = ElementTree.SubElement(
            answer,
            "operation",
            wmtransid=str(1_000_000 + told["number"]),
            wminvoiceid=str(told["number"]),
        )
        for name, value in (
            ("amount", told["amount"]["value"]),
            ("operdate", moment(told["paid_at"])),
            ("pursefrom", PAYER_PURSE),
            ("wmidfrom", PAYER_WM),
        ):
            ElementTree.SubElement(operation_, name).text = value
    ElementTree.SubElement(answer, "retval").text = code
    ElementTree.SubElement(answer, "retdesc").text = "" if code == "0" else f"code {code}"
    return Response(ElementTree.tostring(answer), mimetype="text/xml")
