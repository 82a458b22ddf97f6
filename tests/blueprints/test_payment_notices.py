"""The gateway's own door: it hears whom it knows, keeps what it hears, and says thanks."""

import json

import pytest
from paying import Paying
from sqlalchemy import select

from shop.db import db
from shop.models import OutboxItem, PaymentNotice

DOOR = "/payments/notices/yookassa"
REF = "22e12f66-000f-5000-8000-18db351245c7"


@pytest.fixture
def paying(app, make):
    """The real gateway's door stays: it only reads and knows networks."""
    paying = Paying(app, make)
    del app.extensions["shop_gateways"]
    return paying


def body(event="payment.succeeded", ref=REF, **more):
    return json.dumps({"type": "notification", "event": event, "object": {"id": ref} | more})


@pytest.fixture
def tell(app, paying):
    """Post as the gateway does: no cookies, no token, no Origin."""

    def tell(text, sender="127.0.0.1", door=DOOR, **more):
        return app.test_client().post(
            door,
            data=text,
            content_type="application/json",
            environ_base={"REMOTE_ADDR": sender},
            **more,
        )

    return tell


def kept(app, model=PaymentNotice):
    with app.app_context():
        return list(db.session.scalars(select(model)))


def test_a_notice_is_kept_as_it_came_and_an_errand_goes_out(tell, app):
    answer = tell(body(status="succeeded"))

    assert (answer.status_code, answer.text) == (200, "ok\n")
    notice = kept(app)[0]
    assert (notice.gateway, notice.event, notice.gateway_ref) == (
        "yookassa",
        "payment.succeeded",
        REF,
    )
    assert notice.body == body(status="succeeded")
    errand = kept(app, OutboxItem)[0]
    assert (errand.kind, errand.payload) == ("payment-sync", {"notice_id": notice.id})


def test_a_repeat_is_thanked_for_and_kept_once(tell, app):
    assert [tell(body()).status_code for _ in range(3)] == [200, 200, 200]

    assert len(kept(app)) == 1
    assert len(kept(app, OutboxItem)) == 1


@pytest.mark.parametrize("event", ["payout.succeeded", "deal.closed", "payment.exploded"])
def test_news_of_other_things_are_thanked_for_and_dropped(tell, app, event):
    assert tell(body(event)).status_code == 200
    assert kept(app) == []


@pytest.mark.parametrize("sender", ["203.0.113.7", "::ffff:203.0.113.7", "2001:db8::1"])
def test_strangers_are_refused_and_nothing_is_kept(tell, app, sender):
    assert tell(body(), sender=sender).status_code == 403
    assert kept(app) == []
    assert kept(app, OutboxItem) == []


def test_an_address_dressed_as_ipv6_is_known(tell):
    assert tell(body(), sender="::ffff:127.0.0.1").status_code == 200


def test_a_forwarded_address_buys_nothing(tell):
    answer = tell(
        body(),
        sender="203.0.113.7",
        headers={"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"},
    )

    assert answer.status_code == 403


@pytest.mark.parametrize("text", ["", "hello", "[]", "null", '{"event": "payment.succeeded"}'])
def test_what_is_no_notice_is_refused(tell, app, text):
    assert tell(text).status_code == 400
    assert kept(app) == []


def test_a_book_is_no_notice(tell, app):
    assert tell(body(filler="x" * 64 * 1024)).status_code == 413
    assert kept(app) == []


def test_an_unknown_gateway_has_no_door(tell):
    assert tell(body(), door="/payments/notices/nobody").status_code == 404


def test_the_door_is_for_telling_only(client):
    assert client.get(DOOR).status_code == 405


def test_the_raw_words_may_hold_anything(tell, app):
    assert tell(body(note="\u0000 «ёж» \ud83d")).status_code == 200
    assert len(kept(app)) == 1
