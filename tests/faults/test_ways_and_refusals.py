"""Ways to pay that go well, every refusal of the bank's table, and customers who leave: what each of them reads.

A part of the fault matrix, see street.py: real services and pages, a real bank over HTTP, and after each row the
audit finds nothing and the bank's sum is the books' sum.
"""

from dataclasses import dataclass

import pytest
from street import MIR, MIR_WITH_CODE, TOTAL, Stands, Street
from told import NOT_CONFIRMED, NOT_PAID, PAID, TIME_IS_OVER, WAITING


@dataclass(frozen=True)
class Way:
    """How somebody pays: the shop's word for it, and a card or, where there is none, a wallet's yes."""

    name: str
    method: str
    card: str = ""


WAYS = (
    Way("a card whose bank asks for a code", "bank_card", MIR_WITH_CODE),
    Way("a card whose bank asks nothing", "bank_card", MIR),
    Way("Visa with a code", "bank_card", "4793128161644804"),
    Way("Mastercard without", "bank_card", "5555555555554444"),
    Way("American Express", "bank_card", "370000000000002"),
    Way("ЮMoney", "yoo_money"),
    Way("SBP", "sbp"),
    Way("SberPay", "sberpay"),
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_it_is_paid(street: Street, way: Way) -> None:
    street.orders(way.method)
    page = street.goes_to_pay()

    back = street.by_card(page, way.card) if way.card else street.press(page, answer="yes")
    street.hears()

    assert back == f"http://localhost{street.address}"
    assert street.stands() == Stands("paid", ("succeeded",), TOTAL)
    assert street.says() == PAID


# The bank's reason, its cards (МИР, Visa, Mastercard), and what the customer reads about it.
REFUSALS = {
    "3d_secure_failed": (
        "2200000000000012 4839665499603842 5555555555554592",
        "Код от банка не подтвердился. Попробуйте ещё раз и введите код из последнего сообщения.",
    ),
    "call_issuer": (
        "2200000000000020 4926946416239025 5555555555554535",
        "Ваш банк не разрешил эту оплату. Позвоните по номеру на обороте карты или заплатите другой картой.",
    ),
    "card_expired": (
        "2200000000000038 4141435412630840 5555555555554543",
        "Срок действия карты истёк. Заплатите другой картой.",
    ),
    "country_forbidden": (
        "2201382000000054 4969751510013864 5555555555554584",
        "Карту этой страны здесь принять нельзя. Заплатите картой, выпущенной в России.",
    ),
    "fraud_suspected": (
        "2200000000000046 4483274282299972 5555555555554568",
        "Платёж показался банку подозрительным, и он его остановил. Позвоните по номеру на обороте карты "
        "или заплатите другой картой.",
    ),
    "fraud_suspected, by the gateway": (
        "2201696981989955 4119098878796485 5555555555554634",
        "Платёж показался банку подозрительным, и он его остановил. Позвоните по номеру на обороте карты "
        "или заплатите другой картой.",
    ),
    "general_decline": (
        "2202202212312379 4889971706588753 5555555555554527",
        "Банк отказал и не сказал почему. Попробуйте ещё раз или другой картой; причину подскажет ваш банк.",
    ),
    "insufficient_funds": (
        "2200000000000053 4562265587712390 5555555555554600",
        "На карте не хватает денег. Пополните её или заплатите другой картой.",
    ),
    "invalid_card_number": (
        "2201382000000013 4951017853630544 5555555555554618",
        "Карты с таким номером нет. Проверьте номер и попробуйте ещё раз.",
    ),
    "invalid_csc": (
        "2200770212727079 4194180666146368 5555555555554626",
        "Код безопасности карты не подошёл. Проверьте код и попробуйте ещё раз.",
    ),
    "issuer_unavailable": (
        "2201382000000021 4654130848359150 5555555555554501",
        "Ваш банк сейчас не отвечает. Подождите несколько минут или заплатите другой картой.",
    ),
    "payment_method_limit_exceeded": (
        "2201382000000039 4565231022577548 5555555555554576",
        "Лимит платежей исчерпан. Поднимите лимит в приложении банка или заплатите другой картой.",
    ),
    "payment_method_restricted": (
        "2201382000000047 4233961169071671 5555555555554550",
        "Этой картой нельзя платить в интернете. Разрешите это в приложении банка или заплатите другой картой.",
    ),
}


@pytest.mark.parametrize("reason", REFUSALS)
def test_every_refusal_is_told_in_a_sentence_of_its_own_and_another_card_pays(
    street: Street, reason: str
) -> None:
    cards, sentence = REFUSALS[reason]
    street.orders()

    for number, card in enumerate(cards.split(), 1):
        street.pays(card)
        street.hears()
        assert street.stands() == Stands("awaiting_payment", ("canceled",) * number)
        assert street.says() == f"{NOT_PAID} {sentence}"
    street.pays(MIR)
    street.hears()

    assert street.stands() == Stands("paid", ("canceled",) * 3 + ("succeeded",), TOTAL)
    assert street.says() == PAID


@pytest.mark.parametrize("method", ["yoo_money", "sbp", "sberpay"])
def test_a_wallet_without_money_is_told_so_and_no_card_is_spoken_of(
    street: Street, method: str
) -> None:
    street.orders(method)

    street.press(street.goes_to_pay(), answer="no")
    street.hears()

    assert street.stands() == Stands("awaiting_payment", ("canceled",))
    assert street.says() == (
        f"{NOT_PAID} На счёте не хватает денег. Пополните его или заплатите другим способом."
    )


def test_whoever_calls_off_at_the_bank_may_pay_again(street: Street) -> None:
    street.orders()

    street.press(street.goes_to_pay(), "/cancellation")
    street.hears()

    assert street.stands() == Stands("awaiting_payment", ("canceled",))
    assert street.says() == NOT_CONFIRMED
    street.pays()
    street.hears()
    assert street.stands() == Stands("paid", ("canceled", "succeeded"), TOTAL)


def test_whoever_leaves_the_banks_page_is_awaited_until_the_time_is_over(street: Street) -> None:
    street.orders()
    street.goes_to_pay()
    assert street.says() == WAITING

    street.later(minutes=31)
    assert street.stands() == Stands("expired", ("canceled",))
    assert street.says() == TIME_IS_OVER

    street.later(minutes=31)  # The bank's own hour is over too.
    assert street.attempt(street.bought.attempt_id).settled_at is not None
    assert street.stock(street.bought) == 10
    assert street.says() == TIME_IS_OVER
