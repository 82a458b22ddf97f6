"""Migrations build exactly what the models describe, on both databases."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from shop import models  # noqa: F401  (all tables known)
from shop.app import _is_migrated
from shop.db import Base

ROOT = Path(__file__).parents[1]


def upgrade(url: str, folder: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "SHOP_DATA": str(folder),
            "SHOP_ENV": "test",
            "DATABASE_URL": url,
            "LOG_LEVEL": "WARNING",
        },
        check=True,
        capture_output=True,
    )


def differences(url: str) -> list:
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": _is_migrated, "compare_type": True}
        )
        found = compare_metadata(context, Base.metadata)
        tables = inspect(connection).get_table_names()
    engine.dispose()
    assert "product_fts" in tables
    return found


def test_on_sqlite_migrations_and_models_agree(tmp_path):
    url = f"sqlite:///{tmp_path / 'shop.db'}"

    upgrade(url, tmp_path)
    upgrade(url, tmp_path)  # Doing it again changes nothing.

    assert differences(url) == []


def test_on_postgresql_migrations_and_models_agree(tmp_path, postgres_url):
    server = create_engine(
        postgres_url.replace("postgresql://", "postgresql+psycopg://", 1),
        isolation_level="AUTOCOMMIT",
    )
    with server.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS migrated"))
        connection.execute(text("CREATE DATABASE migrated"))
    server.dispose()
    url = server.url.set(database="migrated").render_as_string(hide_password=False)

    upgrade(url, tmp_path)

    assert differences(url) == []


@pytest.mark.parametrize("name", ["SECRET_KEY", "SHOP_URL"])
def test_a_missing_setting_stops_the_start_with_one_sentence(name, tmp_path):
    from shop.config import WrongSetting, read_config

    settings = {
        "SHOP_DATA": str(tmp_path),
        "SHOP_ENV": "production",
        "SECRET_KEY": "x" * 64,
        "SHOP_URL": "https://shop.example",
    }
    settings[name] = {"SECRET_KEY": "short", "SHOP_URL": "http://shop.example"}[name]

    with pytest.raises(WrongSetting, match=name):
        read_config(settings)
