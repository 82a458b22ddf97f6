"""A test client that reads every page it gets, as a strict reader would."""

import re
import secrets
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from lxml import html
from werkzeug.test import TestResponse

from shop.db import db
from shop.models import UserSession
from shop.rules.auth import token_hash

_HANDLER = re.compile(r"^on[a-z]+$")
_LABELLED = {"hidden", "submit", "button", "image", "reset"}


class Browser:
    """Fetches and reads. Sends `Origin` as browsers do; `target` makes it a page's htmx."""

    def __init__(self, app: Flask, target: str = "") -> None:
        self.app = app
        self.target = target
        self.client = app.test_client()

    def _headers(self, given: dict[str, str] | None) -> dict[str, str]:
        headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
        if self.target:
            headers |= {
                "HX-Request": "true",
                "HX-Request-Type": "partial",
                "HX-Target": f"div#{self.target}",
            }
        return headers | (given or {})

    def get(self, url: str, headers: dict[str, str] | None = None, **more: Any) -> TestResponse:
        """Fetch and read."""
        return read(self.client.get(url, headers=self._headers(headers), **more))

    def post(
        self, url: str, data: Any = None, headers: dict[str, str] | None = None, **more: Any
    ) -> TestResponse:
        """Send a form and read the answer."""
        return read(self.client.post(url, data=data, headers=self._headers(headers), **more))

    def become(self, account: Any, **session_values: Any) -> "Browser":
        """Be signed in as `account`, as after a successful sign-in."""
        token = secrets.token_urlsafe(8)
        with self.app.app_context():
            open_session_row(account.id, token, **session_values)
        with self.client.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
            session["who"] = f"who-{account.id}"
        return self


def read(response: TestResponse) -> TestResponse:
    """Fail on what no page of ours may have; give the answer on."""
    if response.mimetype == "text/html" and response.text.strip():
        whole = "<html" in response.text[:200]
        tree = (
            html.fromstring(response.text)
            if whole
            else html.fragment_fromstring(response.text, create_parent="div")
        )
        problems = list(_problems(tree, whole))
        assert not problems, f"{response.request.path}: {problems[:5]}"
    return response


def _problems(tree: Any, whole: bool) -> Any:
    ids = tree.xpath("//@id")
    yield from _structure(tree, ids, whole)
    yield from _inline(tree)
    for field in tree.xpath("//input|//select|//textarea"):
        if not _is_labelled(tree, field):
            yield f"no label: {html.tostring(field, encoding='unicode')[:120]}"
    for name in tree.xpath("//@aria-describedby|//@aria-labelledby"):
        if whole and any(part not in ids for part in name.split()):
            yield f"points at nothing: {name}"


def _structure(tree: Any, ids: list[str], whole: bool) -> Any:
    if whole and len(tree.xpath("//h1")) != 1:
        yield f"{len(tree.xpath('//h1'))} h1"
    if twice := {name for name in ids if ids.count(name) > 1}:
        yield f"id twice: {twice}"


def _inline(tree: Any) -> Any:
    for element in tree.iter():
        if isinstance(element.tag, str):
            for name in element.attrib:
                if _HANDLER.match(name) or name == "style" or name.startswith("hx-on"):
                    yield f"inline {name} on <{element.tag}>"
    for script in tree.xpath("//script[not(@src)][not(@type='application/ld+json')]|//style"):
        yield f"inline <{script.tag}>"


def _is_labelled(tree: Any, field: Any) -> bool:
    if field.get("type") in _LABELLED or field.get("aria-label") or field.get("aria-labelledby"):
        return True
    return bool(
        field.xpath("ancestor::label")
        or (field.get("id") and tree.xpath("//label[@for=$id]", id=field.get("id")))
    )


def open_session_row(account_id: int, token: str, **values: Any) -> None:
    """A sign-in of a moment ago; `proved_at` and `seen_at` say when it was another moment."""
    now = datetime.now(UTC)
    moments = {"opened_at": now, "proved_at": now, "seen_at": now}
    row = {"account_id": account_id, "token_hash": token_hash(token), "way": "password"}
    db.session.add(UserSession(**row | moments | values))
    db.session.commit()
