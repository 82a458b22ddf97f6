"""Giving goods back in the cabinet: the form, the list, one return with its photos and messages."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from browser import Browser
from lxml import html
from PIL import Image
from sqlalchemy import select

from shop.db import db
from shop.models import ReturnMessage, ReturnPhoto, ReturnRequest
from shop.services.returns import approve


def form_of(page, ending):
    """What the form of this address would send."""
    forms = html.fromstring(page.text).xpath("//main//form")
    form = next(one for one in forms if one.get("action", "").endswith(ending))
    return {name: value or "" for name, value in form.form_values()}


def flat(page):
    return page.text.replace("\xa0", " ")


@pytest.fixture
def order(client, make):
    """An order received an hour ago by whoever has signed in."""
    account = make.account()
    client.become(account)
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    things = make.product(price=1490), make.product(price=500)
    order = make.order(account, *things, state="received", placed_at=an_hour_ago)
    order.account = account
    return order


def asked(client, order, **typed):
    """Ask for the return of everything; return its page's address."""
    address = f"/my/returns/order/{order.number}"
    fields = form_of(client.get(address), order.number) | {"reason": "defect"} | typed
    for name in list(all_units(client.get(address))):
        fields.setdefault(name, "1")
    shown = client.post(f"{address}/sums", data=fields)
    fields["note"] = form_of(shown, order.number)["note"]
    return client.post(address, data=fields)


def all_units(page):
    return html.fromstring(page.text).xpath("//*[starts-with(@name, 'units-')]/@name")


def photo(size=(3000, 2000), format="JPEG"):
    """A camera's photo with what cameras add."""
    picture = Image.new("RGB", size, "teal")
    exif = Image.Exif()
    exif[0x010E] = "Кривоколенный пер., 4"
    kept = io.BytesIO()
    picture.save(kept, format, exif=exif)
    return kept.getvalue()


def send(client, address, *contents):
    files = [(io.BytesIO(content), f"{number}.jpg") for number, content in enumerate(contents)]
    return client.post(
        f"{address}/photos", data={"photos": files}, content_type="multipart/form-data"
    )


def test_the_form_shows_what_comes_back_and_sends_it(app, client, order, queries):
    queries.clear()
    page = client.get(f"/my/returns/order/{order.number}")
    assert len(queries) == 6
    assert len(all_units(page)) == 2

    answer = asked(client, order, words="Не включается")

    assert answer.location == f"/my/returns/{order.number}-1"
    with app.app_context():
        kept = db.session.scalars(select(ReturnRequest)).one()
        # 1 490 + 500, and the delivery, since it is a fault.
        assert (kept.outside_kopecks, kept.delivery_kopecks) == (228_900, 29_900)
        assert kept.words == "Не включается"
    queries.clear()
    shown = client.get(answer.location)
    assert len(queries) == 5
    assert "2 289 ₽" in flat(shown) and "Не включается" in shown.text


def test_the_sums_follow_the_reason_and_the_pieces(client, htmx, order):
    htmx.become(order.account)
    address = f"/my/returns/order/{order.number}/sums"
    units = all_units(client.get(f"/my/returns/order/{order.number}"))

    unsuitable = htmx.post(address, data={units[0]: "1", "reason": "unsuitable"})
    faulty = htmx.post(address, data={units[0]: "1", units[1]: "1", "reason": "defect"})
    nothing = htmx.post(address, data={"reason": "defect"})

    assert "1 490 ₽" in flat(unsuitable) and "299 ₽" not in flat(unsuitable)
    assert "2 289 ₽" in flat(faulty) and "299 ₽" in flat(faulty)
    assert "₽" not in nothing.text and "<h1" not in nothing.text


def test_a_form_without_reason_or_goods_says_so_and_keeps_the_words(app, client, order):
    address = f"/my/returns/order/{order.number}"
    typed = form_of(client.get(address), order.number) | {"words": "Слишком звонкий"}

    no_reason = client.post(address, data=typed)
    no_goods = client.post(address, data=typed | {"reason": "defect"})

    for answer in (no_reason, no_goods):
        assert answer.status_code == 422
        assert "Слишком звонкий" in answer.text and 'role="alert"' in answer.text
    told = html.fromstring(no_reason.text).xpath("//*[@role='alert']//a")
    assert [(link.get("href")[:8], link.text) for link in told] == [
        ("#reason-", "Выберите, почему возвращаете."),
        ("#units-" + told[1].get("href")[7], "Выберите, что возвращаете."),
    ]
    assert html.fromstring(no_reason.text).xpath(f"//*[@id='{told[1].get('href')[1:]}']")
    with app.app_context():
        assert db.session.scalar(select(ReturnRequest.id)) is None


def test_an_old_order_may_come_back_for_a_fault_only(client, make):
    account = make.account()
    client.become(account)
    long_ago = datetime.now(UTC) - timedelta(days=30)
    order = make.order(account, state="received", placed_at=long_ago)

    page = client.get(f"/my/returns/order/{order.number}")

    values = html.fromstring(page.text).xpath("//input[@name='reason']/@value")
    assert values == ["defect", "damaged", "wrong_item", "incomplete"]


def test_what_is_on_its_way_has_nothing_to_give_back_yet(client, make):
    account = make.account()
    client.become(account)
    order = make.order(account, state="shipped")

    page = client.get(f"/my/returns/order/{order.number}")

    assert all_units(page) == []


def test_the_list_has_them_with_their_day(client, order, queries):
    assert client.get("/my/returns/").status_code == 200
    asked(client, order)
    queries.clear()

    page = client.get("/my/returns/")

    assert len(queries) == 3
    assert f"/my/returns/{order.number}-1" in page.text and "2 289 ₽" in flat(page)
    assert f"/my/returns/{order.number}-1" in client.get(f"/my/orders/{order.number}").text


def test_photos_are_drawn_anew_and_shown_to_their_owner_only(app, client, make, order):
    address = asked(client, order).location

    assert send(client, address, photo(), photo((800, 600), "PNG")).status_code == 303
    assert send(client, address, photo()).status_code == 303  # The same once more.

    with app.app_context():
        names = db.session.scalars(select(ReturnPhoto.name).order_by(ReturnPhoto.id)).all()
    assert len(names) == 2
    answer = client.client.get(f"{address}/photos/{names[0]}")
    assert answer.mimetype == "image/webp"
    assert answer.headers["Cache-Control"] == "private, no-store"
    picture = Image.open(io.BytesIO(answer.data))
    assert picture.size == (1600, 1067)
    assert not picture.getexif() and "Кривоколенный".encode() not in answer.data
    for browser in (Browser(app).become(make.account()), Browser(app)):
        assert browser.client.get(f"{address}/photos/{names[0]}").status_code in {303, 404}
    clerk = Browser(app).become(make.employee("support"))
    seen = clerk.client.get(f"/staff/returns/{order.number}-1/photos/{names[0]}")
    assert seen.mimetype == "image/webp"


@pytest.mark.parametrize(
    "contents",
    [(), (b"GIF89a, no picture",), (b"\xff\xd8" + b"0" * (8 * 1024 * 1024),)],
    ids=["none", "no picture", "too large"],
)
def test_what_is_no_photo_is_refused_and_not_kept(app, client, order, contents):
    address = asked(client, order).location

    answer = send(client, address, *contents)

    assert answer.status_code == 422 and 'id="photos-error"' in answer.text
    with app.app_context():
        assert db.session.scalar(select(ReturnPhoto.id)) is None


def test_six_photos_are_too_many_and_none_is_left_lying(app, client, order):
    address = asked(client, order).location
    folder = app.extensions["shop_config"].shop_data / "returns"
    before = set(folder.iterdir()) if folder.is_dir() else set()

    answer = send(client, address, *(photo((60 + number, 60)) for number in range(6)))

    assert answer.status_code == 422
    assert set(folder.iterdir()) == before
    with app.app_context():
        assert db.session.scalar(select(ReturnPhoto.id)) is None


def test_a_swap_of_the_photos_leaves_the_rest_of_the_page_alone(client, htmx, order):
    """A message that is being written stays."""
    htmx.become(order.account)
    address = asked(client, order).location

    wrong, sent = send(htmx, address), send(htmx, address, photo())

    for answer in (wrong, sent):
        assert answer.text.lstrip().startswith('<section class="panel stack" id="photos-panel"')
        assert "<textarea" not in answer.text and "HX-Redirect" not in answer.headers
    assert (wrong.status_code, sent.status_code) == (422, 200)
    assert 'id="photos-error"' in wrong.text and "/photos/" in sent.text
    assert "toast" in sent.headers["HX-Trigger"]


def test_a_page_that_tells_a_mistake_has_the_same_buttons(client, order):
    address = asked(client, order).headers["Location"]
    actions = "//main//form/@action"
    whole = html.fromstring(client.get(address).text).xpath(actions)

    for what in ("messages", "photos"):
        wrong = client.post(f"{address}/{what}", data=form_of(client.get(address), f"/{what}"))

        assert wrong.status_code == 422
        assert html.fromstring(wrong.text).xpath(actions) == whole
    assert f"{address}/messages" in whole


def test_messages_stand_in_the_thread(app, client, order):
    address = asked(client, order).location
    typed = form_of(client.get(address), "/messages") | {"text": "Куда везти?"}

    for _ in range(2):
        assert client.post(f"{address}/messages", data=typed).status_code == 303
    empty = client.post(f"{address}/messages", data=typed | {"text": " "})

    assert empty.status_code == 422
    assert client.get(address).text.count("Куда везти?") == 1
    with app.app_context():
        assert len(db.session.scalars(select(ReturnMessage.id)).all()) == 1


def test_a_return_is_sent_or_withdrawn(app, client, make, order):
    address = asked(client, order).location
    number = address.rpartition("/")[2]
    early = client.post(f"{address}/dispatch", data={"track": "RA1"})
    assert early.status_code == 422
    with app.app_context():
        approve(number=number, actor_id=make.employee("support").id, now=datetime.now(UTC))

    # The shop of the tests has no address for goods that come back.
    assert "позвоните нам, мы назовём адрес" in client.get(address).text
    assert client.post(f"{address}/dispatch", data={"track": "RA123"}).status_code == 303

    assert "RA123" in client.get(address).text
    late = client.post(f"{address}/withdrawal")
    assert late.status_code == 422
    with app.app_context():
        assert db.session.scalars(select(ReturnRequest.state)).one() == "in_transit"
