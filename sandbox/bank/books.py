"""The bank's open books: recent payments, and the notices sent about them."""

import json

from flask import Blueprint, current_app, render_template

books = Blueprint("books", __name__)

_ROWS = 20


@books.get("/")
def index():
    """Show what has happened lately."""
    bank = current_app.house
    bank.let_time_work()
    payments = bank.store.all("SELECT * FROM payment ORDER BY number DESC LIMIT ?", _ROWS)
    notices = bank.store.all("SELECT * FROM notice ORDER BY number DESC LIMIT ?", _ROWS)
    refunds = bank.store.all("SELECT * FROM refund ORDER BY number DESC LIMIT ?", _ROWS)
    for payment in payments:
        payment["order"] = json.loads(payment["metadata"]).get("order_no", "")
    return render_template(
        "books.html",
        payments=payments,
        notices=notices,
        refunds=refunds,
        url=bank.courier.url,
        mode=bank.courier.mode()["mode"],
        ahead_minutes=bank.clock.ahead() // 60_000,
    )
