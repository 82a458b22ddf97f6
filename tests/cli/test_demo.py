import re
from datetime import UTC, datetime

import pytest

from shop.cli import demo
from shop.db import db
from shop.models import Account, PickupPoint, Place, Product, StaffRole, Warehouse

NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def small_demo(monkeypatch, tmp_path):
    """The demo's lists, but three goods and no pictures to draw."""
    from feeds import offer, written

    for name in ("cities.csv", "pickup_points.csv", "warehouses.csv"):
        (tmp_path / name).write_bytes((demo.DEMO / name).read_bytes())
    written(tmp_path, offer(1), offer(2), offer(3), name="catalog.yml")
    (tmp_path / "pictures").mkdir()
    monkeypatch.setattr(demo, "DEMO", tmp_path)


def count(app):
    with app.app_context():
        return {
            model.__name__: db.session.query(model).count()
            for model in (Account, StaffRole, Place, PickupPoint, Warehouse, Product)
        }


def test_fills_the_shop_and_changes_nothing_the_second_time(app, small_demo):
    runner = app.test_cli_runner()

    first = runner.invoke(args=["demo", "fill"])
    filled = count(app)
    second = runner.invoke(args=["demo", "fill"])

    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert filled == {
        "Account": 5,
        "StaffRole": 5,
        "Place": 1080,
        "PickupPoint": 40,
        "Warehouse": 3,
        "Product": 3,
    }
    assert count(app) == filled
    assert "igor@example.ru  parol-igor-1  (покупатель)" in first.output
    assert "staff@example.ru  parol-staff-1  (сотрудник)" in second.output
    assert "olga@example.ru  parol-olga-1  (сотрудник)" in second.output
    assert "owner@example.ru  parol-owner-1  (владелец)" in second.output
    presents = [one.output.splitlines()[-1] for one in (first, second)]
    assert presents[0] == presents[1]
    assert re.search(r"ОСЕНЬ.*\b(\w{4}-){3}\w{4}$", presents[0])


def test_the_demo_people_may_sign_in(app, small_demo):
    from shop.services.auth import sign_in_with_password

    app.test_cli_runner().invoke(args=["demo", "fill"])

    with app.test_request_context():
        assert sign_in_with_password(email="igor@example.ru", password="parol-igor-1", now=NOON) > 0


def test_the_places_come_alone(app, small_demo):
    answer = app.test_cli_runner().invoke(args=["demo", "places"])

    assert answer.output == "Городов: 1080, пунктов выдачи: 40, складов: 3.\n"
    assert count(app)["Account"] == 0
