"""«Download my data», as its owner asks for it and fetches it."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from leaving import export_row
from signing import letters_are_written
from sqlalchemy import select, update

from shop.db import db
from shop.models import AccountEvent, DataExport

PAGE = "/my/security/data"


@pytest.fixture
def igor(make):
    return make.account("igor@example.ru")


@pytest.fixture
def ready(client, app, igor):
    """The owner's browser, when the worker has prepared the copy."""
    client.become(igor)
    client.post(PAGE)
    letters_are_written(app)
    return client


def kinds(app):
    with app.app_context():
        return list(db.session.scalars(select(AccountEvent.kind).order_by(AccountEvent.id)))


def test_asking_is_answered_and_the_page_says_how_it_stands(client, app, igor):
    client.become(igor)
    assert "Подготовить копию" in client.get(PAGE).text

    answer = client.post(PAGE)

    assert (answer.status_code, answer.location) == (303, PAGE)
    page = client.get(PAGE).text
    assert "Готовим копию." in page
    assert "Копия готовится с" in page
    assert "Скачать копию" not in page
    assert kinds(app) == ["data_asked"]


def test_the_copy_is_fetched_as_a_file_that_nobody_keeps_on_the_way(ready, app):
    assert "Скачать копию" in ready.get(PAGE).text

    answer = ready.client.post(f"{PAGE}/file", headers=ready._headers(None))

    assert answer.status_code == 200
    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=my-data-")
    assert answer.headers["Cache-Control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as copy:
        told = json.loads(copy.read("data.json"))
        assert "igor@example.ru" in copy.read("index.html").decode()
    assert told["account"][0]["email"] == "igor@example.ru"
    assert kinds(app) == ["data_asked", "data_downloaded"]


def test_somebody_else_has_no_copy(ready, other_client, make):
    other_client.become(make.account())

    answer = other_client.post(f"{PAGE}/file")

    assert answer.status_code == 410
    assert "Скачать копию" not in other_client.get(PAGE).text


def test_a_session_left_open_is_asked_for_the_password_first(ready, other_client, igor, app):
    other_client.become(igor, proved_at=datetime.now(UTC) - timedelta(minutes=16))

    answer = other_client.post(f"{PAGE}/file")

    assert answer.status_code == 401
    assert 'id="again"' in answer.text
    assert kinds(app) == ["data_asked"]


def test_after_its_week_the_copy_is_said_to_be_gone(ready, app, igor):
    with app.app_context():
        db.session.execute(
            update(DataExport).values(expires_at=datetime.now(UTC) - timedelta(seconds=1))
        )
        db.session.commit()

    answer = ready.post(f"{PAGE}/file")

    assert answer.status_code == 410
    assert "Подготовить новую копию" in ready.get(PAGE).text
    with app.app_context():
        assert export_row(igor.id).state in {"ready", "gone"}


def test_three_copies_a_day_are_enough(client, app, igor):
    client.become(igor)
    for _ in range(3):
        assert client.post(PAGE).status_code == 303
        letters_are_written(app)

    answer = client.post(PAGE)

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 3600
    assert kinds(app) == ["data_asked"] * 3


def test_the_page_asks_little_of_the_database(ready, queries):
    queries.clear()

    ready.get(PAGE)

    assert len(queries) == 2
