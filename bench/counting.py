"""How many SQL statements a page sends, counted inside the application."""

from datetime import UTC, datetime

from sqlalchemy import event, select

from bench.load import Request
from shop.app import create_app
from shop.config import read_config
from shop.db import db
from shop.models import Account
from shop.rules.devices import NO_DEVICE
from shop.services.auth import open_session


def queries_of(settings: dict[str, str], request: Request, email: str) -> int:
    """Return how many statements `request` makes the shop send, signed in as `email` if given."""
    app = create_app(read_config(settings))
    client = app.test_client()
    sent: list[str] = []
    with app.app_context():
        engine = db.engine
        account = (
            db.session.scalar(select(Account).where(Account.email == email)) if email else None
        )
        if account is not None:
            token = open_session(
                account_id=account.id, way="password", device=NO_DEVICE, now=datetime.now(UTC)
            )
        db.session.remove()
    if account is not None:
        with client.session_transaction() as session:
            session["_user_id"] = token
            session["who"] = "bench"
    client.get(request.path)  # The first request also opens connections.
    event.listen(
        engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_rest: sent.append(statement),
    )
    client.get(request.path)
    engine.dispose()
    return sum(
        statement.split(None, 1)[0].upper() in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}
        for statement in sent
    )
