"""A customer's fiscal receipts: one with its lines; the lists stand on the pages of orders and certificates."""

from datetime import UTC, datetime

from flask import Blueprint

from shop.queries.certificates import bought_one
from shop.queries.receipts import receipt_of, receipts_of_certificate
from shop.web.audience import shoppers
from shop.web.respond import render
from shop.web.shopper import shopper

blueprint = Blueprint("receipts", __name__, url_prefix="/my/receipts")
blueprint.before_request(shoppers)


@blueprint.get("/<int:receipt_id>")
def show(receipt_id):
    """One receipt: what stands on it, how it was settled, and its marks once it is registered."""
    receipt = receipt_of(account_id=shopper().customer_id, receipt_id=receipt_id)
    return render("receipts/receipt.html", receipt=receipt)


@blueprint.get("/certificates/<serial>")
def of_certificate(serial):
    """The receipts of a certificate that the customer has bought, also of one that was given back."""
    mine = shopper().customer_id
    serial = bought_one(account_id=mine, serial=serial, now=datetime.now(UTC)).serial
    rows = receipts_of_certificate(account_id=mine, serial=serial)
    return render("receipts/certificate.html", receipts=rows, serial=serial)
