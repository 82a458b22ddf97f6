"""Every letter about calling off and giving back reads whole, in both languages, with the sums that were booked."""

from datetime import timedelta

import pytest
from factories import NOON
from returning import return_lines, returning  # noqa: F401  (the fixture)
from sqlalchemy import select

from shop.db import db
from shop.gateways import mail
from shop.models import OutboxItem
from shop.queries.ledger import balances_of
from shop.rules.money import written as money
from shop.services.points import mature_due
from shop.services.returns import (
    answer_customer,
    approve,
    cancel_by_shop,
    cancel_unpaid,
    reject,
)
from shop.services.returns.guests import send_code

LETTERS = {
    *("order_canceled", "return_requested", "return_approved", "return_rejected"),
    *("return_refunded", "return_answered", "return_code"),
}


def everything_that_is_written(returning):  # noqa: F811
    clerk = returning.clerk.id
    unpaid, paid = returning.order(stage="unpaid"), returning.order()
    cancel_unpaid(account_id=unpaid.account.id, number=unpaid.number, now=NOON)
    returning.cancel(paid, {paid.teapots: 1})
    cancel_by_shop(number=paid.number, reason="carrier", actor_id=clerk, once_key="s", now=NOON)
    order = returning.order(stage="received")
    number = returning.ask(order, {order.teapots: 2}, "defect")
    told = {"number": number, "actor_id": clerk, "now": NOON}
    answer_customer(**told, text="Ждём\nпосылку", once_key="m")
    returning.bring_back(number)
    other = returning.ask(order, {order.cups: 1}, key="r2")
    reject(number=other, refusal="Чашка разбита", actor_id=clerk, now=NOON)
    at_the_door = returning.order(method="on_receipt", stage="received")
    returning.give_back(at_the_door, at_the_door.everything, "wrong_item")
    send_code(number=order.number, asked="a", now=NOON)
    return order, paid


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_letter_reads_whole(returning, language):  # noqa: F811
    order, _ = everything_that_is_written(returning)
    rows = db.session.scalars(select(OutboxItem).where(OutboxItem.kind == "letter")).all()
    mine = [row.payload for row in rows if row.payload["letter"] in LETTERS]
    assert {one["letter"] for one in mine} == LETTERS

    for one in mine:
        letter = mail.render(letter=one["letter"], language=language, facts=one["facts"])
        number = one["facts"].get("number") or one["facts"]["order"]
        assert number in letter.subject and number in letter.text + letter.html
        assert "%(" not in letter.text + letter.html
        if one["facts"].get("outside_kopecks") and one["letter"] != "return_requested":
            assert "₽" in letter.text and "₽" in letter.html

    refused = next(one for one in mine if one["letter"] == "return_rejected")
    text = mail.render(letter="return_rejected", language=language, facts=refused["facts"]).text
    assert "Чашка разбита" in text
    assert f"/my/returns/{order.number}-2" in text


def test_a_refund_by_the_gateway_names_the_card_and_one_by_hand_the_transfer(returning):  # noqa: F811
    everything_that_is_written(returning)
    letters = select(OutboxItem).where(OutboxItem.kind == "letter").order_by(OutboxItem.id)
    rows = db.session.scalars(letters).all()
    refunded = [row.payload["facts"] for row in rows if row.payload["letter"] == "return_refunded"]

    card, by_hand = (
        mail.render(letter="return_refunded", language="en", facts=facts).text for facts in refunded
    )

    assert "To the card Mastercard ···· 4477" in card
    assert "By bank transfer" in by_hand


def test_nothing_is_agreed_twice_in_letters(returning):  # noqa: F811
    order = returning.order(stage="received")
    number = returning.ask(order, {order.teapots: 1})
    approve(number=number, actor_id=returning.clerk.id, now=NOON)

    rows = db.session.scalars(select(OutboxItem.payload)).all()

    assert [one["letter"] for one in rows if one.get("letter") == "return_approved"] == [
        "return_approved"
    ]
    assert len(return_lines(number)) == 1


def test_money_of_a_return_is_not_called_money_that_nobody_waited_for(returning):  # noqa: F811
    order = returning.order(stage="received")
    returning.give_back(order, {order.teapots: 1})

    returning.work()

    facts = returning.paying.facts("payment_returned")
    assert (facts["number"], facts["is_surplus"], facts["is_certificate"]) == (
        order.number,
        False,
        False,
    )
    assert facts["greeting"]


def written(letter, facts, language="ru"):
    sent = mail.render(letter=letter, language=language, facts=facts)
    return sent.subject.replace("\xa0", " "), sent.text.replace("\xa0", " ")


def test_letters_of_an_order_list_what_paid_for_it(returning):  # noqa: F811
    returning.order()

    for letter, last in (("order_accepted", "К оплате"), ("order_paid", "Оплачено")):
        facts = returning.paying.facts(letter)
        _, text = written(letter, facts)
        outside = facts["outside_kopecks"]

        assert "Баллами: 700 ₽\nС баланса: 1 500,01 ₽\n" in text
        assert f"{last}: {spoken(outside)}\nОплата: Банковской картой\n" in text
        html = mail.render(letter=letter, language="ru", facts=facts).html.replace("\xa0", " ")
        assert "С баланса:</span> 1 500,01 ₽" in html and f"{last}:</span>" in html
        if letter == "order_paid":
            assert f"пришла: {spoken(outside)}. Уже собираем." in text


def test_an_order_paid_on_receipt_is_told_with_its_points(returning):  # noqa: F811
    returning.order(method="on_receipt")
    facts = returning.paying.facts("order_accepted")

    _, text = written("order_accepted", facts)

    assert "Баллами: 700 ₽\n" in text
    assert f"К оплате при получении: {spoken(facts['outside_kopecks'])}\n" in text


@pytest.mark.parametrize(
    ("points", "told"),
    [(700, "оплачен баллами и с баланса. Уже собираем."), (0, "оплачен с баланса. Уже собираем.")],
)
def test_an_order_that_the_balance_pays_whole_waits_for_no_money(returning, points, told):  # noqa: F811
    returning.order(points=points, promo=0, balance=5_734_00 - points * 100)
    facts = returning.paying.facts("order_paid")
    assert facts["outside_kopecks"] == 0

    _, text = written("order_paid", facts)

    assert told in text and "Оплачено" not in text and "0 ₽." not in text


def test_letters_of_a_return_tell_the_way_without_signing_in(returning):  # noqa: F811
    everything_that_is_written(returning)
    rows = db.session.scalars(select(OutboxItem.payload)).all()
    of_return = [
        one for one in rows if "letter" in one and one["facts"].get("number", "").count("-") == 2
    ]

    assert {one["letter"] for one in of_return} == {
        *("return_requested", "return_approved", "return_answered"),
        *("return_refunded", "return_rejected"),
    }
    for one in of_return:
        sent = mail.render(letter=one["letter"], language="ru", facts=one["facts"])
        for body in (sent.text, sent.html):
            assert "Не получается войти? Откройте страницу возврата" in body
            assert "/returns/find" in body


def test_money_that_a_person_pays_is_not_said_to_be_on_its_way(returning):  # noqa: F811
    order = returning.order(method="on_receipt", stage="received")
    number = returning.give_back(order, {order.teapots: 1}, "defect")

    subject, text = written("return_refunded", returning.paying.facts("return_refunded"))
    _, wanted = written("payout_wanted", returning.paying.facts("payout_wanted"))

    assert subject == f"Товар по возврату {number} у нас"
    assert "Деньги переведёт наш бухгалтер, как только вы напишете, куда" in text
    assert "в пути" not in text
    assert f"Вы оплатили заказ {order.number} при получении, поэтому" in wanted


def test_a_way_that_takes_money_only_is_told_in_letters(returning):  # noqa: F811
    order = returning.order(method="webmoney", stage="received")
    returning.give_back(order, {order.teapots: 1}, "defect")

    _, text = written("return_refunded", returning.paying.facts("return_refunded"))
    wanted = returning.paying.facts("payout_wanted")
    _, asks = written("payout_wanted", wanted)
    _, failed = written("payout_wanted", wanted | {"was_refused": True})
    del wanted["was_refused"]  # As letters were written before.

    assert "Банковским переводом: " in text and "WebMoney" not in text
    assert (
        f"Тем способом, которым вы оплатили покупку № {order.number}, деньги вернуть нельзя" in asks
    )
    assert "не получилось" in failed
    assert written("payout_wanted", wanted)[1] == failed


@pytest.mark.parametrize(("way", "name"), [("yoo_money", "ЮMoney"), ("sbp", "СБП")])
def test_letters_name_the_way_that_is_no_card(returning, way, name):  # noqa: F811
    order = returning.order(stage="received")
    returning.give_back(order, {order.teapots: 1})
    returning.work()
    refunded = returning.paying.facts("return_refunded") | {"card": "", "way": way}
    returned = returning.paying.facts("payment_returned") | {"card": "", "way": way}

    assert f"Тем же способом: {name}: " in written("return_refunded", refunded)[1]
    _, text = written("payment_returned", returned)
    assert f"\nТем же способом: {name}\n" in text
    assert "на карте" not in text and "зависит от банка или платёжной системы" in text


def test_letters_that_were_written_before_the_way_was_known_read_whole(returning):  # noqa: F811
    order = returning.order(stage="received")
    returning.give_back(order, {order.teapots: 1})
    returning.work()
    returned = returning.paying.facts("payment_returned")
    assert "На карту Mastercard ···· 4477" in written("payment_returned", returned)[1]
    del returned["card"], returned["way"]
    refunded = returning.paying.facts("return_refunded") | {"card": ""}
    del refunded["way"]

    assert "Тем же способом" not in written("payment_returned", returned)[1]
    assert "Туда же, откуда платили: " in written("return_refunded", refunded)[1]


def spoken(kopecks):
    return money(kopecks).replace("\xa0", " ")


def test_points_that_were_only_promised_do_not_come(returning):  # noqa: F811
    order = returning.order(points=0, promo=0, balance=0, stage="received")
    coming = balances_of(account_id=order.account.id).points_pending
    returning.give_back(order, order.everything)

    facts = returning.paying.facts("return_refunded")

    assert (facts["promised"], facts["earned"]) == (coming, 0) and coming > 4
    assert " за эти товары не придут." in written("return_refunded", facts)[1]


def test_points_that_had_come_are_taken_back(returning):  # noqa: F811
    order = returning.order(points=0, promo=0, balance=0, stage="received")
    later = NOON + timedelta(days=9)
    mature_due(now=later)
    had = balances_of(account_id=order.account.id).points
    number = returning.ask(order, order.everything, "defect", now=later)
    returning.bring_back(number, now=later)

    facts = returning.paying.facts("return_refunded")

    assert (facts["promised"], facts["earned"]) == (0, had)
    _, text = written("return_refunded", facts)
    assert "за эти товары не придут" not in text
    assert f"\n{had} балла, которые принесли эти товары, спишутся.\n" in text
    assert text.index("На карту") < text.index("спишутся")


def test_the_letter_of_an_agreed_return_promises_no_courier(returning):  # noqa: F811
    order = returning.order(stage="received")
    number = returning.ask(order, {order.teapots: 1}, "unsuitable")
    approve(number=number, actor_id=returning.clerk.id, now=NOON)
    facts = returning.paying.facts("return_approved")
    assert facts["is_our_fault"] is False

    address = {"return_address": "г. Москва, Складской пр., 1"}
    _, own = written("return_approved", facts | address)
    _, ours = written("return_approved", facts | {"is_our_fault": True, "return_address": ""})

    assert f"Вложите листок с номером {number} и выберите, как отправить товар:" in own
    assert "службой доставки по адресу: г. Москва, Складской пр., 1." in own
    assert "службой доставки: позвоните нам, мы назовём адрес." in ours
    assert "Почту или службу доставки оплачиваете вы" in own and "сможет ли он приехать" in own
    assert "по адресу" not in ours and "Обратную дорогу оплатим мы" in ours
    assert "отдайте курьеру" not in own + ours
