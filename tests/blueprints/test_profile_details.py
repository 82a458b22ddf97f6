"""Personal data as their page shows them: what is told besides the name, what one was called, what one agreed to."""

from datetime import date

import pytest
from factories import NOON
from lxml import html
from signing import errors_of
from sqlalchemy import select, text

from shop.db import db
from shop.models import AccountEvent, Consent
from shop.rules.legal import DOCUMENTS
from shop.services.profile import note_event

PAGE = "/my/profile/"
TOLD = {
    "family_name": "Секретов",
    "given_name": "Игорь",
    "patronymic": "",
    "greeting": "name",
    "birth_day": "8",
    "birth_month": "3",
    "birth_year": "1985",
    "sex": "male",
    "phone": "+7 916 123-45-67",
}
NO_SUCH_DAY = "Такого дня нет. Напишите день, месяц и год или оставьте все три поля пустыми."
NO_BIRTHDAY = "Напишите год четырьмя цифрами, не раньше 1900, и день, который уже был."
NOTHING_NEW = "Изменений нет: всё осталось как было."


@pytest.fixture
def igor(make, client):
    igor = make.account(birth_on=date(1985, 3, 8), sex="male", phone="+79161234567")
    client.become(igor)
    return igor


def row_of(app, account):
    query = text("SELECT * FROM account WHERE id = :id")
    with app.app_context():
        return db.session.execute(query, {"id": account.id}).one()._asdict()


def log_of(app):
    with app.app_context():
        events = db.session.scalars(select(AccountEvent).order_by(AccountEvent.id))
        return [(event.kind, event.facts) for event in events]


def agree(app, account, document, version):
    with app.app_context():
        db.session.add(
            Consent(account_id=account.id, document=document, version=version, given_at=NOON)
        )
        db.session.commit()


def form_of(answer):
    """What the page's form would send; lxml calls an empty radio «on», browsers send it empty."""
    (form,) = html.fromstring(answer.text).xpath(f"//main//form[@action='{PAGE}']")
    values = ((name, value) for name, value in form.form_values() if name != "csrf_token")
    return {name: "" if value in {None, "on"} else value for name, value in values}


def section(answer, heading):
    """What a part of the page says, in one line."""
    tree = html.fromstring(answer.text)
    found = tree.xpath("//section[@aria-labelledby=$id]", id=heading)
    return " ".join(found[0].text_content().split()) if found else ""


def test_the_form_begins_with_what_is_known(client, igor):
    assert form_of(client.get(PAGE)) == TOLD


def test_sent_as_it_was_shown_it_writes_nothing_and_says_so(client, igor, app):
    before = row_of(app, igor)

    answer = client.post(PAGE, data=form_of(client.get(PAGE)))

    assert (answer.status_code, answer.location) == (303, PAGE)
    page = client.get(PAGE).text
    assert NOTHING_NEW in page and "Сохранено" not in page
    assert row_of(app, igor) == before
    assert log_of(app) == []


def test_pressed_twice_it_is_written_once(client, igor, app):
    for _ in range(2):
        client.post(PAGE, data=TOLD | {"family_name": "Ли"})

    assert log_of(app) == [("name_changed", {"old": "Секретов Игорь", "new": "Ли Игорь"})]


def test_what_was_told_besides_can_be_taken_back(client, igor, app):
    before = row_of(app, igor)
    nothing = dict.fromkeys(("birth_day", "birth_month", "birth_year", "sex", "phone"), "")

    client.post(PAGE, data=TOLD | nothing)

    assert row_of(app, igor) == before | {"birth_on": None, "sex": "", "phone": ""}
    assert form_of(client.get(PAGE)) == TOLD | nothing
    assert log_of(app) == [
        ("details_changed", {"field": field}) for field in ("birthday", "sex", "phone")
    ]


def test_the_log_tells_what_was_changed_and_not_into_what(client, igor, app):
    client.post(PAGE, data=TOLD | {"phone": "8 (916) 000-11-22"})

    assert row_of(app, igor)["phone"] == "+79160001122"
    assert log_of(app) == [("details_changed", {"field": "phone"})]


@pytest.mark.parametrize(
    ("wrong", "link", "sentence"),
    [
        ({"birth_day": "31", "birth_month": "2"}, "#birth-day", NO_SUCH_DAY),
        ({"birth_year": ""}, "#birth-day", NO_SUCH_DAY),
        ({"birth_day": "восемь"}, "#birth-day", NO_SUCH_DAY),
        ({"birth_month": "13"}, "#birth-day", NO_SUCH_DAY),
        ({"birth_year": "85"}, "#birth-day", NO_BIRTHDAY),
        ({"birth_year": "1899"}, "#birth-day", NO_BIRTHDAY),
        ({"birth_year": "9999"}, "#birth-day", NO_BIRTHDAY),
        ({"phone": "12345"}, "#phone", "Напишите номер целиком, например +7 916 123-45-67."),
    ],
)
def test_a_refusal_says_what_to_do_and_loses_nothing_typed(
    client, igor, app, wrong, link, sentence
):
    before, sent = row_of(app, igor), TOLD | {"family_name": "Ли"} | wrong

    answer = client.post(PAGE, data=sent)

    assert answer.status_code == 422
    assert errors_of(answer) == [(link, sentence)]
    typed = form_of(answer)
    kept = sent.keys() - ({"birth_month"} if wrong.get("birth_month") == "13" else set())
    assert {name: typed[name] for name in kept} == {name: sent[name] for name in kept}
    assert row_of(app, igor) == before
    assert log_of(app) == []


def test_a_wrong_birthday_is_told_to_each_of_its_fields(client, igor):
    tree = html.fromstring(client.post(PAGE, data=TOLD | {"birth_day": "32"}).text)

    for name in ("birth-day", "birth-month", "birth-year"):
        (part,) = tree.xpath("//*[@id=$id]", id=name)
        assert part.get("aria-invalid") == "true"
        assert part.get("aria-describedby") == "birth-day-error"


def test_what_a_request_leaves_out_stays_as_it_was(client, igor, app):
    before = row_of(app, igor)

    client.post(PAGE, data={"family_name": "Ли"})

    assert row_of(app, igor) == before | {"family_name": "Ли"}


def test_without_script_the_preview_keeps_what_is_typed_and_changes_nothing(client, igor, app):
    before = row_of(app, igor)
    typed = TOLD | {
        "family_name": "",
        "patronymic": "Ильич",
        "greeting": "name_and_patronymic",
        "birth_day": "99",
        "phone": "12",
    }

    answer = client.post(f"{PAGE}greeting", data=typed)

    assert answer.status_code == 200
    assert "<h1>Личные данные</h1>" in answer.text
    assert "Здравствуйте, Игорь Ильич!" in answer.text
    assert form_of(answer) == typed
    assert row_of(app, igor) == before


def test_the_preview_at_each_letter_asks_for_the_session_alone(app, igor, queries, htmx):
    htmx.become(igor)
    queries.clear()

    answer = htmx.post(f"{PAGE}greeting", data=TOLD | {"given_name": "<b>Я</b>"})

    assert "Здравствуйте, &lt;b&gt;Я&lt;/b&gt;!" in answer.text
    assert len(queries) == 1


def test_former_names_stand_with_the_newest_first(client, igor):
    assert section(client.get(PAGE), "former-h") == ""
    for name in ("Ли", "Римский-Корсаков"):
        client.post(PAGE, data=TOLD | {"family_name": name})

    told = section(client.get(PAGE), "former-h")

    assert told.index("Ли Игорь, до ") < told.index("Секретов Игорь, до ")
    assert "Римский-Корсаков" not in told
    assert "Их видите только вы." in told


def test_a_former_name_of_somebody_else_or_of_an_earlier_owner_isnt_shown(client, igor, make, app):
    other = make.account()
    facts = {"old": "Старая Анна", "new": "Новая Анна"}
    with app.app_context():
        note_event(account_id=other.id, kind="name_changed", facts=facts, now=NOON)
        note_event(account_id=igor.id, kind="name_changed", facts=facts, now=NOON)
        note_event(account_id=igor.id, kind="handed_over", now=make.later(minutes=1))

    page = client.get(PAGE)

    assert section(page, "former-h") == ""
    assert "Старая Анна" not in page.text


def test_consents_are_ones_own_and_say_when_the_text_has_changed(client, igor, make, app):
    agree(app, igor, "offer", DOCUMENTS["offer"])
    agree(app, make.account(), "personal-data", "2020-01-01")
    told = section(client.get(PAGE), "consents-h")
    assert "редакция от 24 ноября 2026. Дано 24 ноября 2026, 12:00." in told
    assert "С тех пор текст обновился." not in told

    agree(app, igor, "personal-data", "2026-01-09")

    told = section(client.get(PAGE), "consents-h")
    assert "редакция от 9 января 2026" in told
    assert told.count("С тех пор текст обновился.") == 1
    assert "2020" not in told


def test_without_consents_the_page_says_so_and_how_to_take_one_back(client, igor):
    page = client.get(PAGE)

    assert "Согласий пока нет." in section(page, "consents-h")
    assert "/my/security/" in html.fromstring(page.text).xpath(
        "//section[@aria-labelledby='consents-h']//a/@href"
    )
