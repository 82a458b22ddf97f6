"""The desk of returns: the steps in their order, what is urgent first, payouts by hand, calling orders off."""

from datetime import UTC, datetime, timedelta

import pytest
from browser import Browser
from lxml import html
from sqlalchemy import select, update

from shop.db import db
from shop.models import Order, Parcel, PaymentRefund, ReturnLine, ReturnRequest
from shop.queries.returns import choice_of
from shop.services.returns import request_return


@pytest.fixture
def clerk(client, make):
    """An employee of the fulfilment; the support may do the same."""
    account = make.employee("fulfilment")
    client.become(account)
    return account


def demand(app, make, days_ago=0, reason="defect"):
    """Two things of a received order, to be given back since so many days."""
    moment = datetime.now(UTC) - timedelta(days=days_ago)
    account = make.account()
    things = make.product(price=1490), make.product(price=500)
    order = make.order(account, *things, state="received", placed_at=moment)
    with app.app_context():
        choice = choice_of(account_id=account.id, number=order.number)
        chosen = {line.id: 1 for line in choice.lines}
        return request_return(
            account_id=account.id,
            number=order.number,
            chosen=chosen,
            reason=reason,
            words="Не греет",
            note=choice.note(choice.taking_back(chosen, reason), chosen),
            once_key="desk",
            now=moment,
        )


def state_of(app, number):
    with app.app_context():
        query = select(ReturnRequest.state).where(ReturnRequest.number == number)
        return db.session.scalars(query).one()


def flat(page):
    return page.text.replace("\xa0", " ")


def test_the_whole_way_of_a_return(app, client, make, clerk, queries):
    number = demand(app, make)
    address = f"/staff/returns/{number}"
    queries.clear()
    page = client.get(address)
    assert len(queries) == 7
    assert "Не греет" in page.text and "2 289 ₽" in flat(page)
    assert f'<a href="/staff/orders/{number.rpartition("-")[0]}">' in page.text

    assert client.post(f"{address}/approval").location == address
    assert client.post(f"{address}/receipt").location == address
    lines = html.fromstring(client.get(address).text).xpath("//input[contains(@name, '-accepted')]")
    typed = {line.get("name"): line.get("value") for line in lines}
    assert list(typed.values()) == ["1", "1"]
    assert client.post(f"{address}/inspection", data=typed).location == address
    assert "2 289 ₽" in flat(client.get(address))
    assert client.post(f"{address}/refund").location == address

    assert state_of(app, number) == "refunded"
    again = client.post(f"{address}/refund")
    assert again.status_code == 422
    with app.app_context():
        assert db.session.scalars(select(PaymentRefund.amount_kopecks)).all() == [228_900]


def test_fewer_pieces_taken_back_are_shown_before_they_are_paid(app, client, make, clerk):
    number = demand(app, make)
    address = f"/staff/returns/{number}"
    client.post(f"{address}/approval")
    client.post(f"{address}/receipt")
    with app.app_context():
        one, other = db.session.scalars(select(ReturnLine.id).order_by(ReturnLine.id)).all()
    typed = {f"line-{one}-accepted": "1", f"line-{other}-accepted": "0"}

    too_many = client.post(f"{address}/inspection", data=typed | {f"line-{one}-accepted": "2"})
    nothing = client.post(f"{address}/inspection", data=typed | {f"line-{one}-accepted": "0"})
    silent = client.post(f"{address}/inspection", data=typed)
    no_number = client.post(f"{address}/inspection", data=typed | {f"line-{one}-accepted": ""})
    assert {one.status_code for one in (too_many, nothing, silent, no_number)} == {422}
    for answer in (nothing, silent):
        assert "Принимаете меньше, чем просили: объясните покупателю почему." in answer.text
    assert state_of(app, number) == "received"
    client.post(f"{address}/inspection", data=typed | {"remark": "Второй цел"})

    page = client.get(address)
    assert "1 490 ₽" in flat(page) and "Второй цел" in page.text


@pytest.mark.parametrize(("reason", "ticked"), [("defect", []), ("unsuitable", ["y", "y"])])
def test_only_what_had_no_fault_is_offered_to_be_sold_again(
    app, client, make, clerk, reason, ticked
):
    address = f"/staff/returns/{demand(app, make, reason=reason)}"
    client.post(f"{address}/approval")
    client.post(f"{address}/receipt")

    page = html.fromstring(client.get(address).text)

    boxes = page.xpath("//input[@type='checkbox' and contains(@name, '-is_good')]")
    assert len(boxes) == 2
    assert [box.get("value") for box in boxes if box.get("checked") is not None] == ticked


def test_a_refusal_needs_its_reason(app, client, make, clerk):
    number = demand(app, make)
    address = f"/staff/returns/{number}"

    empty = client.post(f"{address}/refusal", data={"refusal": " "})
    assert empty.status_code == 422
    assert state_of(app, number) == "requested"
    client.post(f"{address}/refusal", data={"refusal": "Разбит при переезде"})

    assert state_of(app, number) == "rejected"
    assert "Разбит при переезде" in client.get(address).text


def test_a_return_whose_goods_never_came_is_closed_with_a_word(app, client, make, clerk):
    number = demand(app, make)
    address = f"/staff/returns/{number}"
    assert "Товар не пришёл: закрыть возврат" not in client.get(address).text
    client.post(f"{address}/approval")
    assert "Товар не пришёл: закрыть возврат" in client.get(address).text

    empty = client.post(f"{address}/refusal", data={"refusal": ""})
    assert empty.status_code == 422 and state_of(app, number) == "approved"
    client.post(f"{address}/refusal", data={"refusal": "Посылка не дошла до нас"})

    page = client.get(address).text
    assert state_of(app, number) == "rejected" and "Посылка не дошла до нас" in page
    assert "Следующий шаг" not in page


def test_what_is_urgent_stands_apart_and_first(app, client, make, clerk, queries):
    fresh, old = demand(app, make), demand(app, make, days_ago=9)
    queries.clear()

    page = client.get("/staff/returns/")

    assert len(queries) == 4
    assert page.text.index(old) < page.text.index(fresh)
    urgent = client.get("/staff/returns/?state=urgent")
    assert old in urgent.text and fresh not in urgent.text
    assert client.get("/staff/returns/?state=nonsense").status_code == 404


def test_an_answer_goes_into_the_thread(app, client, make, clerk):
    number = demand(app, make)
    address = f"/staff/returns/{number}"

    assert client.post(f"{address}/messages", data={"text": ""}).status_code == 422
    client.post(f"{address}/messages", data={"text": "Везите на склад", "once_key": "a"})

    assert "Везите на склад" in client.get(address).text


def test_money_is_paid_by_hand_with_a_note(app, client, make, clerk, queries):
    number = demand(app, make)
    address = f"/staff/returns/{number}"
    client.post(f"{address}/approval")
    client.post(f"{address}/receipt")
    with app.app_context():
        lines = db.session.scalars(select(ReturnLine.id)).all()
    client.post(f"{address}/inspection", data={f"line-{one}-accepted": "1" for one in lines})
    client.post(f"{address}/refund")
    with app.app_context():
        db.session.execute(update(PaymentRefund).values(state="manual_due"))
        db.session.commit()
    client.get("/staff/payouts/")
    queries.clear()
    page = client.get("/staff/payouts/")
    assert len(queries) == 2
    assert "2 289 ₽" in flat(page)
    with app.app_context():
        refund_id = db.session.scalars(select(PaymentRefund.id)).one()

    empty = client.post(f"/staff/payouts/{refund_id}", data={"note": ""})
    assert empty.status_code == 422
    paid = client.post(f"/staff/payouts/{refund_id}", data={"note": "п/п 17 от 26.11"})
    again = client.post(f"/staff/payouts/{refund_id}", data={"note": "ещё раз"})

    assert paid.location == "/staff/payouts/" and again.status_code == 422
    assert "п/п 17 от 26.11" in client.get("/staff/payouts/?paid=1").text
    assert state_of(app, number) == "closed"


def test_the_shop_calls_an_order_off_with_its_reason(app, client, make, clerk, queries):
    order = make.order(make.account(), state="shipped")
    address = f"/staff/returns/orders/{order.number}"
    assert address in client.get(f"/staff/orders/{order.number}").text
    queries.clear()
    page = client.get(address)
    assert len(queries) == 3
    assert "1 789 ₽" in flat(page)

    assert client.post(address, data={"once_key": "x"}).status_code == 422
    answer = client.post(address, data={"once_key": "x", "reason": "carrier"})
    late = client.post(address, data={"once_key": "y", "reason": "carrier"})

    assert answer.location == address and late.status_code == 422
    with app.app_context():
        assert db.session.scalars(select(Order.state)).one() == "canceled"


def test_one_parcel_is_called_off_with_what_it_would_give_back(app, client, make, clerk, queries):
    order = make.order(
        make.account(), make.product("Чайник", price=1490), make.product("Чашка"), parcels=2
    )
    first, second = make.parcel_ids(order.id)
    desk = client.get(f"/staff/orders/{order.number}").text
    whole, address = (
        f"/staff/returns/orders/{order.number}{one}" for one in ("", f"/parcels/{second}")
    )
    assert f'href="{address}"' in desk and f'href="{whole}/parcels/{first}"' in desk
    queries.clear()
    page = client.get(address)
    assert len(queries) == 3
    assert "Отмена посылки 2 заказа" in page.text
    assert "Чашка" in page.text and "Чайник" not in page.text

    silent = client.post(address, data={"once_key": "k"})
    early = client.post(address, data={"once_key": "k", "reason": "not_taken"})
    done = client.post(address, data={"once_key": "k", "reason": "carrier"})

    assert (silent.status_code, early.status_code) == (422, 422)
    assert "Ничего из этого ещё не отправлено" in early.text
    assert (done.status_code, done.location) == (303, address)
    assert "Отменить тут уже ничего нельзя" in client.get(address).text
    assert "Чайник" in client.get(whole).text
    with app.app_context():
        states = select(Parcel.state).where(Parcel.order_id == order.id).order_by(Parcel.id)
        assert db.session.scalars(states).all() == ["waiting", "canceled"]
    for strange in (first - 1, second + 1, 2**63 - 1):
        assert client.get(f"{whole}/parcels/{strange}").status_code == 404


def test_what_has_not_been_sent_cannot_have_been_refused(client, make, clerk):
    order = make.order(make.account(), state="paid")

    answer = client.post(
        f"/staff/returns/orders/{order.number}", data={"once_key": "x", "reason": "not_taken"}
    )

    assert answer.status_code == 422
    assert "Ничего из этого ещё не отправлено" in answer.text


def test_the_support_and_the_fulfilment_may_come_in_and_nobody_else(app, make):
    number = demand(app, make)

    seen = {
        role: Browser(app).become(make.employee(role)).get(f"/staff/returns/{number}").status_code
        for role in ("support", "fulfilment", "owner", "moderator", "catalog")
    }

    assert seen == {
        "support": 200,
        "fulfilment": 200,
        "owner": 200,
        "moderator": 403,
        "catalog": 403,
    }
