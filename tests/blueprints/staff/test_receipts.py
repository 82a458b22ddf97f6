"""The desk of receipts: printed by hand, refused, on their way, registered; who may, and what is typed wrong."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from receipting import STORAGE, receipts
from sqlalchemy import update

from shop.db import db
from shop.models import Receipt

FORM = {
    "document_number": "17",
    "storage_number": STORAGE,
    "fiscal_attribute": "2617603922",
    "registered_at": datetime.now(ZoneInfo("Europe/Moscow")).strftime("%Y-%m-%dT%H:%M"),
}


def text_of(page) -> str:
    return " ".join(page.text.replace("\xa0", " ").split())


@pytest.fixture
def clerk(client, make):
    return client.become(make.employee("support"))


@pytest.fixture
def waiting(app, make):
    """Make receipts of an order, one for each state that is named; return their ids."""

    def waiting(state="by_hand", **more):
        make.order(make.account(), make.product("Чайник", price=1490), placed_at=datetime.now(UTC))
        with app.app_context():
            receipt = receipts()[-1]
            db.session.execute(
                update(Receipt).where(Receipt.id == receipt.id).values(state=state, **more)
            )
            db.session.commit()
            return receipt.id

    return waiting


def kept(app, receipt_id):
    with app.app_context():
        return next(one for one in receipts() if one.id == receipt_id)


def test_the_desk_lists_what_is_to_be_printed_with_all_that_a_cash_desk_is_told(
    clerk, waiting, queries
):
    waiting()
    waiting("failed", problem="invalid_request")
    clerk.get("/staff/receipts/")
    queries.clear()

    told = text_of(clerk.get("/staff/receipts/"))

    few = len(queries)
    assert 'Пробить <span class="num">1</span>' in told
    assert 'Отклонены шлюзом <span class="num">1</span>' in told
    assert "<td>Чайник</td>" in told and "Доставка заказа" in told
    assert "Приход 1 789 ₽" in told and "полная предоплата, услуга" in told
    for _ in range(3):
        waiting()
    queries.clear()
    clerk.get("/staff/receipts/")
    assert few == len(queries) == 3  # Who is it; how many; the page.


def test_a_printed_one_is_written_down_with_who_did_it(app, clerk, waiting):
    receipt_id = waiting()

    answer = clerk.post(f"/staff/receipts/{receipt_id}/marks?view=by_hand", data=FORM)

    assert answer.location == "/staff/receipts/?view=by_hand"
    assert "Чек отмечен как пробитый." in clerk.get(answer.location).text
    one = kept(app, receipt_id)
    assert (one.state, one.document_number, one.storage_number, one.fiscal_attribute) == (
        "registered",
        "17",
        STORAGE,
        "2617603922",
    )
    assert datetime.now(UTC) - one.registered_at < timedelta(minutes=5)
    assert one.registered_by is not None
    told = text_of(clerk.get("/staff/receipts/?view=registered"))
    assert f"ФД 17, ФН {STORAGE}, ФП 2617603922" in told and "на своей кассе:" in told
    twice = clerk.post(f"/staff/receipts/{receipt_id}/marks", data=FORM | {"document_number": "18"})
    assert (twice.status_code, kept(app, receipt_id).document_number) == (422, "17")
    assert "Этот чек уже зарегистрирован." in twice.text


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("document_number", "", "Напишите номер документа (ФД)."),
        ("document_number", "12a", "От одной до десяти цифр."),
        ("document_number", "12345678901", "От одной до десяти цифр."),
        ("storage_number", "999907890201424", "Ровно шестнадцать цифр."),
        ("storage_number", "٩٩٩٩٠٧٨٩٠٢٠١٤٢٤٢", "Ровно шестнадцать цифр."),
        ("fiscal_attribute", "-1", "От одной до десяти цифр."),
        ("registered_at", "", "Напишите дату и время с чека."),
        ("registered_at", "вчера", ""),
        ("registered_at", "2020-01-01T10:00", "Тогда этот чек пробить не могли."),
    ],
)
def test_what_is_typed_wrong_is_told_at_its_field_and_nothing_is_lost(
    app, clerk, waiting, field, typed, sentence
):
    receipt_id = waiting()

    page = clerk.post(f"/staff/receipts/{receipt_id}/marks", data=FORM | {field: typed})

    assert page.status_code == 422
    told = text_of(page)
    assert sentence in told and "<title>Ошибка:" in told
    assert (
        f'value="{FORM["fiscal_attribute" if field != "fiscal_attribute" else "storage_number"]}"'
        in told
    )
    assert kept(app, receipt_id).state == "by_hand"


def test_the_same_number_twice_is_told(app, clerk, waiting):
    first, second = waiting(), waiting()
    clerk.post(f"/staff/receipts/{first}/marks", data=FORM)

    page = clerk.post(f"/staff/receipts/{second}/marks", data=FORM)

    assert page.status_code == 422
    assert "Такой номер уже есть у другого чека." in page.text
    assert kept(app, second).state == "by_hand"


def test_a_refused_one_tells_why_and_is_sent_again(app, clerk, waiting):
    receipt_id = waiting("failed", problem="not_found")
    told = text_of(clerk.get("/staff/receipts/?view=failed"))
    assert "через сутки у шлюза его нет" in told

    answer = clerk.post(f"/staff/receipts/{receipt_id}/sending?view=failed")

    assert answer.location == "/staff/receipts/?view=failed"
    assert (kept(app, receipt_id).state, kept(app, receipt_id).is_inside) == ("queued", False)
    assert clerk.post(f"/staff/receipts/{receipt_id}/sending").status_code == 422


def test_one_that_a_gateway_is_at_has_no_form(clerk, waiting):
    waiting("queued")

    page = clerk.get("/staff/receipts/?view=under_way").text

    assert "Чайник" in page and "/marks" not in page and "/sending" not in page


def test_strange_views_and_pages_are_not_there(clerk):
    assert clerk.get("/staff/receipts/?view=all").status_code == 404
    assert clerk.get("/staff/receipts/?page=0").status_code == 404
    assert clerk.post("/staff/receipts/999/marks", data=FORM).status_code == 404
    assert clerk.post("/staff/receipts/999/sending").status_code == 404
    assert clerk.get("/staff/receipts/1/marks").status_code == 405


def test_pages_follow_each_other(clerk, waiting):
    for _ in range(21):
        waiting()

    assert clerk.get("/staff/receipts/").text.count("/marks") == 20
    assert clerk.get("/staff/receipts/?page=2").text.count("/marks") == 1


def test_the_first_page_counts_what_is_to_be_seen_to(client, make, waiting):
    waiting()
    waiting("failed")
    waiting("queued")

    told = text_of(client.become(make.employee("fulfilment")).get("/staff/"))

    assert 'Чеки, которыми надо заняться</dt><dd><a href="/staff/receipts/">2</a></dd>' in told
