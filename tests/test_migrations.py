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


def rules_of(url: str) -> dict[str, set[str]]:
    """What the database itself refuses: checks of each table, partial indexes, triggers."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = inspect(connection)
        rules = {
            table: {
                f"{one['name']}: {_plain(one['sqltext'])}"
                for one in found.get_check_constraints(table)
            }
            | {
                f"{index['name']}: {_plain(str(where))}"
                for index in found.get_indexes(table)
                for name, where in index.get("dialect_options", {}).items()
                if name.endswith("_where")
            }
            for table in Base.metadata.tables
        }
        triggers = connection.execute(text(TRIGGERS[engine.dialect.name])).scalars()
        rules["triggers"] = {_plain(one) for one in triggers}
    engine.dispose()
    return rules


TRIGGERS = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger%'",
    "postgresql": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}


def _plain(words: str) -> str:
    return " ".join(words.replace("(", " ").replace(")", " ").split())


def test_on_sqlite_migrations_and_models_agree(tmp_path):
    url = f"sqlite:///{tmp_path / 'shop.db'}"

    upgrade(url, tmp_path)
    upgrade(url, tmp_path)  # Doing it again changes nothing.

    assert differences(url) == []
    built = f"sqlite:///{tmp_path / 'built.db'}"
    _build(built)
    assert rules_of(url) == rules_of(built)
    assert len(rules_of(url)["triggers"]) == 4


def test_on_postgresql_migrations_and_models_agree(tmp_path, postgres_url):
    server = create_engine(
        postgres_url.replace("postgresql://", "postgresql+psycopg://", 1),
        isolation_level="AUTOCOMMIT",
    )
    with server.connect() as connection:
        for name in ("migrated", "built"):
            connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
            connection.execute(text(f"CREATE DATABASE {name}"))
    server.dispose()
    url = server.url.set(database="migrated").render_as_string(hide_password=False)

    upgrade(url, tmp_path)

    assert differences(url) == []
    built = server.url.set(database="built").render_as_string(hide_password=False)
    _build(built)
    assert rules_of(url) == rules_of(built)
    assert len(rules_of(url)["triggers"]) == 3


def _build(url: str) -> None:
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()


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
