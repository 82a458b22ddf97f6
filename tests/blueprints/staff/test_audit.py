"""The owner's page of the audit."""

from datetime import UTC, datetime

from sqlalchemy import select

from shop.db import db
from shop.models import AuditRun, OutboxItem, PaymentAttempt
from shop.services.audit import look_over, look_over_for


def text_of(page) -> str:
    return " ".join(page.text.replace("\xa0", " ").split())


def now() -> datetime:
    return datetime.now(UTC)


def lose_the_payment_of(app, order) -> None:
    with app.app_context():
        db.session.query(PaymentAttempt).filter_by(order_id=order.id).update({"state": "canceled"})
        db.session.commit()


def test_before_the_first_audit_it_says_when_there_will_be_one(client, make):
    page = client.become(make.employee("owner")).get("/staff/audit/")

    assert "Книги ещё не проверялись" in page.text


def test_findings_stand_by_rule_with_what_to_do(app, client, make):
    order = make.order(make.account(), placed_at=now())
    lose_the_payment_of(app, order)
    with app.app_context():
        look_over(actor="timer", now=now())

    told = text_of(client.become(make.employee("owner")).get("/staff/audit/"))

    assert "6. У оплаченного заказа ровно один платёж на его сумму" in told
    assert "7. Деньги шлюзов записаны в книгах один раз" in told
    assert f'<td class="nowrap">{order.number}</td>' in told
    assert '<td class="num">0</td><td class="num">1</td>' in told
    assert "Что делать:" in told


def test_checking_now_is_the_workers_errand_and_two_presses_are_one(app, client, make):
    owner = make.employee("owner")
    browser = client.become(owner)

    answer = browser.post("/staff/audit/", data={})
    browser.post("/staff/audit/", data={})

    assert answer.status_code == 303 and answer.location == "/staff/audit/"
    with app.app_context():
        asked = db.session.scalars(select(OutboxItem).where(OutboxItem.kind == "audit")).all()
        assert (
            1 <= len({one.once_key for one in asked}) == len(asked) <= 2
        )  # A minute may end between.
        assert asked[0].payload == {"staff_id": owner.id}
        look_over_for(staff_id=owner.id, now=now())
        run = db.session.scalars(select(AuditRun)).one()
        assert (run.actor, run.finding_count, run.findings) == (f"staff:{owner.id}", 0, [])
    told = text_of(browser.get("/staff/audit/"))
    assert "Секретов Игорь" in told
    assert "ничего не найдено" in told


def test_the_page_takes_as_many_queries_with_many_audits_as_with_one(app, client, make, queries):
    owner = make.employee("owner")
    browser = client.become(owner)
    with app.app_context():
        look_over(actor=f"staff:{owner.id}", now=now())
    queries.clear()
    browser.get("/staff/audit/")
    first = len(queries)
    with app.app_context():
        for _ in range(3):
            look_over(actor=f"staff:{owner.id}", now=now())
    queries.clear()

    browser.get("/staff/audit/")

    assert (first, len(queries)) == (3, 3)
