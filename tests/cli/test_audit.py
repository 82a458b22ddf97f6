"""`flask audit run` and `flask payments reconcile`."""

from datetime import UTC, datetime

from paying import Paying

from shop.db import db
from shop.models import PaymentAttempt


def run(app, *words):
    return app.test_cli_runner().invoke(args=list(words))


def test_books_in_order_are_zero_findings_and_code_zero(app, make):
    make.order(make.account(), placed_at=datetime.now(UTC))

    done = run(app, "audit", "run")

    assert (done.exit_code, done.output) == (0, "0 замечаний\n")


def test_a_finding_is_told_with_what_to_do_and_code_one(app, make):
    order = make.order(make.account(), placed_at=datetime.now(UTC))
    with app.app_context():
        db.session.query(PaymentAttempt).update({"state": "canceled"})
        db.session.commit()

    done = run(app, "audit", "run")

    assert done.exit_code == 1
    assert "6. У оплаченного заказа ровно один платёж на его сумму" in done.output
    assert (
        f"{order.number}: платежей не столько, сколько должно быть (есть 0, должно быть 1)"
        in done.output
    )
    assert "Что делать: Найдите заказ в кабинете шлюза." in done.output
    assert done.output.endswith("2 замечания\n")


def test_a_file_of_the_log_is_looked_through(app, tmp_path):
    log = tmp_path / "web.log"
    log.write_text("paid with 4111111111111111\n", encoding="utf-8")

    done = run(app, "audit", "run", "--log", str(log))

    assert done.exit_code == 1
    assert "web.log:1: похоже на номер банковской карты" in done.output
    assert "4111111111111111" not in done.output


def test_reconciling_says_how_many_differ(app, make):
    assert (run(app, "payments", "reconcile").exit_code, []) == (0, [])
    paying = Paying(app, make)
    now = datetime.now(UTC)
    bought = paying.order()
    ref = paying.at_the_bank(bought)
    paying.bank.end(ref, "succeeded")

    settled = run(app, "payments", "reconcile")
    del paying.bank.payments[ref]
    lost = run(app, "payments", "reconcile")

    assert (settled.exit_code, settled.output) == (0, "yookassa: расхождений: 0\n")
    assert lost.exit_code == 1
    assert lost.output.splitlines()[0] == "yookassa: расхождений: 1"
    assert ref in lost.output
    assert now is not None
