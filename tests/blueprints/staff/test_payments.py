"""The owner's page of ways to pay."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from factories import NOON
from paying import Paying
from sqlalchemy import select

from shop.db import db
from shop.models import GatewayCheck, Order, PaymentAttempt, PaymentDifference, PaymentMethod
from shop.services.payments import sync


def text_of(page) -> str:
    return " ".join(page.text.replace("\xa0", " ").split())


def kept(app):
    with app.app_context():
        rows = db.session.scalars(select(PaymentMethod).order_by(PaymentMethod.code))
        return [(row.code, row.is_on, row.changed_by) for row in rows]


def test_each_way_is_told_with_how_it_stands_today(client, make):
    told = text_of(client.become(make.employee("owner")).get("/staff/payments/"))

    assert told.count('class="panel panel--flat"') == 9
    assert "лишился лицензии 21 февраля 2024 года" in told
    assert "От 1 ₽ до 350 000 ₽ за раз · как было с самого начала" in told
    assert told.count("Выключить</button>") == 9


def test_switching_off_and_on_says_who_and_when_and_is_done_once(app, client, make):
    owner = make.employee("owner")
    browser = client.become(owner)

    answer = browser.post("/staff/payments/sbp/off", data={})

    assert answer.status_code == 303 and answer.location == "/staff/payments/"
    assert kept(app) == [("sbp", False, owner.id)]
    told = text_of(browser.get("/staff/payments/"))
    assert "Больше не предлагается." in told
    assert "Секретов Игорь" in told
    assert told.count("Включить</button>") == 1

    browser.post("/staff/payments/sbp/off", data={})
    assert "Так и было, ничего не изменилось." in text_of(browser.get("/staff/payments/"))
    browser.post("/staff/payments/sbp/on", data={})
    assert kept(app) == [("sbp", True, owner.id)]


def test_a_second_owner_who_switches_it_the_same_way_changes_nothing(
    app, client, other_client, make
):
    first, second = make.employee("owner"), make.employee("owner")
    client.become(first).post("/staff/payments/qiwi/off", data={})

    other_client.become(second).post("/staff/payments/qiwi/off", data={})

    assert kept(app) == [("qiwi", False, first.id)]


def test_what_the_shop_does_not_know_is_not_there_and_a_link_switches_nothing(app, client, make):
    browser = client.become(make.employee("owner"))

    assert browser.post("/staff/payments/bitcoin/on", data={}).status_code == 404
    assert browser.post("/staff/payments/sbp/maybe", data={}).status_code == 404
    assert browser.get("/staff/payments/sbp/off").status_code == 405
    assert kept(app) == []


def test_money_to_settle_and_differences_stand_below(app, client, make):
    order = make.order(make.account(), placed_at=datetime.now(UTC))
    difference = {"gateway": "yookassa", "gateway_ref": "abc", "number": order.number}
    with app.app_context():
        db.session.query(PaymentAttempt).update({"state": "mismatch"})
        db.session.add(
            PaymentDifference(
                kind="status",
                ours="pending",
                theirs="canceled",
                found_at=NOON,
                seen_at=NOON,
                **difference,
            )
        )
        db.session.commit()

    told = text_of(client.become(make.employee("owner")).get("/staff/payments/"))

    assert "платёж не такой, о каком просили" in told
    assert "<td>ЮKassa<br>" in told
    assert "<td>другое состояние</td><td>оплачивается</td><td>отменён</td>" in told
    assert told.count(f'<td class="nowrap">{order.number}</td>') == 2


def test_a_comparison_that_left_payments_out_says_how_many(app, client, make):
    with app.app_context():
        db.session.add(
            GatewayCheck(gateway="sber", tried_at=NOON, compared_at=NOON, payments=900, unasked=42)
        )
        db.session.commit()

    told = text_of(client.become(make.employee("owner")).get("/staff/payments/"))

    assert "слишком много расхождений сразу, ещё 42 платежа проверим позже" in told


def test_a_gateway_that_lists_nothing_is_said_to_be_asked_payment_by_payment(app, client, make):
    checked = {"tried_at": NOON, "compared_at": NOON, "payments": 12}
    with app.app_context():
        for gateway in ("yookassa", "paypal", "webmoney", "qiwi"):
            db.session.add(GatewayCheck(gateway=gateway, **checked))
        db.session.commit()

    told = text_of(client.become(make.employee("owner")).get("/staff/payments/"))

    assert told.count("платежей в списке: 12") == 1
    assert told.count("каждый платёж отдельно: общего списка нет") == 3


def test_the_page_takes_as_many_queries_with_many_orders_as_with_one(client, make, queries):
    browser = client.become(make.employee("owner"))
    customer = make.account()
    make.order(customer)
    queries.clear()
    browser.get("/staff/payments/")
    first = len(queries)
    for _ in range(3):
        make.order(customer)
    queries.clear()

    browser.get("/staff/payments/")

    assert (first, len(queries)) == (7, 7)


def test_a_payment_that_does_not_fit_is_settled_with_words_to_its_payer(
    app, client, other_client, make
):
    paying = Paying(app, make)
    bought = paying.order()
    with app.app_context():
        db.session.query(PaymentAttempt).update({"state": "mismatch", "cancel_reason": "amount"})
        db.session.query(Order).update({"pay_until": datetime.now(UTC) + timedelta(minutes=20)})
        db.session.commit()
    browser, address = client.become(make.employee("owner")), "/staff/payments/"
    page = browser.get(address)
    assert f"Платёж за {bought.number}" in page.text and "Что не совпадает: сумма." in page.text
    field, deed = f"attempt-{bought.attempt_id}-words", f"{address}attempts/{bought.attempt_id}"
    nothing = {f"attempt-{bought.attempt_id}-found": "nothing"}

    empty = browser.post(deed, data=nothing | {field: " "})
    long = browser.post(deed, data=nothing | {field: "я" * 501})
    unsaid = browser.post(deed, data={field: "Деньги не пришли."})
    assert [one.status_code for one in (empty, long, unsaid)] == [422, 422, 422]
    assert "Напишите покупателю, что выяснилось." in empty.text and "я" * 501 in long.text
    assert "Выберите, что выяснилось." in unsaid.text and "Деньги не пришли." in unsaid.text

    done = browser.post(deed, data=nothing | {field: "Деньги не пришли."})
    assert (done.status_code, done.location) == (303, f"{address}#troubles-h")
    told = text_of(browser.get(address))
    assert "Разобрано, покупателю отправлено письмо." in told
    assert f"Платёж за {bought.number}" not in told
    browser.post(deed, data=nothing | {field: "Ещё раз"})
    late = browser.post(deed, data=nothing | {field: ""})
    assert (late.status_code, "ничего не изменилось" in text_of(late)) == (422, True)
    assert paying.letters().count("payment_sorted") == 1
    other_client.become(bought.account)
    page = text_of(other_client.get(f"/my/orders/{bought.number}/payment"))
    assert "Мы разобрались с вашим платежом" in page and "Деньги не пришли." in page
    assert "Оплатить" in page
    for unknown in ("9999", "9223372036854775807", "9" * 20):
        named = {f"attempt-{unknown}-found": "nothing", f"attempt-{unknown}-words": "Да"}
        assert browser.post(f"{address}attempts/{unknown}", data=named).status_code == 404


def test_money_that_came_wrong_is_written_with_its_sum_and_goes_back(
    app, client, other_client, make
):
    paying = Paying(app, make)
    bought = paying.order()
    ref = paying.at_the_bank(bought)
    paying.bank.end(ref, "succeeded")
    paying.bank.payments[ref] = replace(paying.bank.payments[ref], amount_kopecks=1000_50)
    with app.app_context():
        sync(attempt_id=bought.attempt_id, now=NOON)
        db.session.query(Order).update({"pay_until": datetime.now(UTC) + timedelta(minutes=20)})
        db.session.commit()
    other_client.become(bought.account)
    mine = f"/my/orders/{bought.number}/payment"
    assert "Ждать необязательно: до" in text_of(other_client.get(mine))
    browser, name = client.become(make.employee("owner")), f"attempt-{bought.attempt_id}-"
    deed, came = f"/staff/payments/attempts/{bought.attempt_id}", {f"{name}found": "came"}

    for wrong, sentence in (
        ("", "Напишите, сколько пришло по данным платёжной системы."),
        ("0", "Напишите сумму в рублях, например 1490 или 1490,50: больше нуля и не больше"),
        ("-5", "Напишите сумму в рублях"),
        ("1000,505", "Напишите сумму в рублях"),
        ("1000000,01", "Напишите сумму в рублях"),
        ("3279", "По данным платёжной системы пришло 1 000,50 ₽. Проверьте сумму."),
    ):
        told = browser.post(deed, data=came | {f"{name}came": wrong, f"{name}words": "Как есть"})
        assert (told.status_code, sentence in text_of(told)) == (422, True), wrong
        assert f'value="{wrong}"' in told.text and "Как есть" in told.text
    assert paying.refunds() == []

    assert browser.post(deed, data=came | {f"{name}came": "1 000,50"}).status_code == 303

    assert [one.amount_kopecks for one in paying.refunds()] == [1000_50]
    assert f"Платёж за {bought.number}" not in browser.get("/staff/payments/").text
    page = text_of(other_client.get(mine))
    assert "От вас пришло 1 000,50 ₽. Мы отправляем всю сумму туда" in page and "Оплатить" in page
    paying.work(datetime.now(UTC) + timedelta(minutes=1))
    assert "От вас пришло 1 000,50 ₽, и мы вернули всю сумму." in text_of(other_client.get(mine))


def test_an_owners_own_payment_is_for_another_to_settle(app, client, make):
    paying = Paying(app, make)
    owner = make.employee("owner")
    bought = paying.order(account=owner)
    with app.app_context():
        db.session.query(PaymentAttempt).update({"state": "mismatch", "cancel_reason": "amount"})
        db.session.commit()
    name = f"attempt-{bought.attempt_id}-"
    written = {f"{name}found": "came", f"{name}came": "3279"}

    told = client.become(owner).post(f"/staff/payments/attempts/{bought.attempt_id}", data=written)

    assert told.status_code == 403 and 'value="3279"' in told.text
    assert "Это ваши собственные деньги" in text_of(told)
    assert paying.refunds() == []
