"""The bank's pages as a browser without JavaScript sees them."""

import pytest

from sandbox.bank.cards import is_luhn_valid
from sandbox.bank.reasons import REASONS

WITH_CODE = "2200000000000004"
WITHOUT_CODE = "2202474301322987"


def code_of(bank, payment):
    (row,) = [row for row in bank.dump()["payment"] if row["id"] == payment["id"]]
    return row["code"]


def details(bank, payment):
    return bank.get(f"/payments/{payment['id']}").json()["cancellation_details"]


def test_the_card_page_says_who_wants_what_and_that_it_is_a_test(bank):
    payment = bank.open(description="Заказ № 17")

    page = bank.page(f"/checkout/{payment['id']}").text

    assert "Тестовый банк, деньги не списываются" in page
    assert "Заказ № 17" in page
    assert "1\u00a0000\u00a0₽" in page
    assert 'autocomplete="cc-number"' in page
    assert 'autocomplete="cc-exp"' in page
    assert 'autocomplete="cc-csc"' in page


def test_every_page_forbids_scripts_of_others_and_lets_the_form_go_to_the_shop(bank):
    payment = bank.open()

    headers = bank.page(f"/checkout/{payment['id']}").headers

    policy = headers["Content-Security-Policy"]
    origin = bank.shop.return_url.removesuffix("/orders/1")
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert policy.endswith(f"form-action 'self' {origin}")
    assert headers["Cache-Control"] == "no-store"


def test_a_card_without_a_code_pays_at_once(bank):
    payment = bank.open()

    answer = bank.pay_by_card(payment, WITHOUT_CODE)

    assert (answer.status_code, answer.headers["Location"]) == (303, bank.shop.return_url)
    paid = bank.get(f"/payments/{payment['id']}").json()
    assert paid["status"] == "succeeded"
    assert paid["payment_method"]["card"] == {
        "first6": "220247",
        "last4": "2987",
        "expiry_month": "12",
        "expiry_year": "2040",
        "card_type": "Mir",
        "issuer_country": "RU",
        "issuer_name": "Sandbox Bank",
    }
    assert paid["authorization_details"]["three_d_secure"] == {"applied": False}


def test_a_card_with_a_code_pays_after_the_code(bank):
    payment = bank.open()
    sent = bank.pay_by_card(payment, "2200 0000 0000 0004")
    path = f"/3ds/{payment['id']}"
    assert (sent.status_code, sent.headers["Location"]) == (303, path)
    code = code_of(bank, payment)
    assert code in bank.page(path).text

    answer = bank.press(path, code=f"{code[:3]} {code[3:]}")

    assert (answer.status_code, answer.headers["Location"]) == (303, bank.shop.return_url)
    paid = bank.get(f"/payments/{payment['id']}").json()
    assert paid["status"] == "succeeded"
    assert paid["authorization_details"]["three_d_secure"] == {"applied": True}


@pytest.mark.parametrize(
    "number", ["378282246310005", "4929000000000006", "2223003122003222", "2204000000000000016"]
)
def test_any_other_right_number_of_the_four_schemes_is_asked_for_a_code(bank, number):
    code = "1234" if number.startswith("37") else "123"
    number = number if is_luhn_valid(number) else number[:-1] + _check_digit(number[:-1])
    payment = bank.open()

    answer = bank.pay_by_card(payment, number, code=code)

    assert answer.headers["Location"] == f"/3ds/{payment['id']}"


def _check_digit(number):
    return next(digit for digit in "0123456789" if is_luhn_valid(number + digit))


DECLINES = [
    ("5555555555554535", "payment_network", "call_issuer"),
    ("4141435412630840", "payment_network", "card_expired"),
    ("2200000000000046", "payment_network", "fraud_suspected"),
    ("5555555555554527", "payment_network", "general_decline"),
    ("4562265587712390", "payment_network", "insufficient_funds"),
    ("2201382000000013", "payment_network", "invalid_card_number"),
    ("5555555555554626", "payment_network", "invalid_csc"),
    ("4654130848359150", "payment_network", "issuer_unavailable"),
    ("2201382000000039", "payment_network", "payment_method_limit_exceeded"),
    ("5555555555554550", "payment_network", "payment_method_restricted"),
    ("4969751510013864", "yoo_money", "country_forbidden"),
    ("2201696981989955", "yoo_money", "fraud_suspected"),
]


@pytest.mark.parametrize(("number", "party", "reason"), DECLINES)
def test_a_refused_card_ends_the_payment_and_says_why(bank, number, party, reason):
    payment = bank.open()

    answer = bank.pay_by_card(payment, number)

    assert answer.headers["Location"] == f"/checkout/{payment['id']}"
    assert details(bank, payment) == {"party": party, "reason": reason}
    page = bank.page(f"/checkout/{payment['id']}").text
    assert "Оплата не прошла" in page
    assert REASONS[reason][0] in page
    assert bank.shop.return_url in page


def test_the_card_whose_code_never_fits_fails_even_with_the_right_code(bank):
    payment = bank.open()
    bank.pay_by_card(payment, "4839665499603842")

    bank.press(f"/3ds/{payment['id']}", code=code_of(bank, payment))

    assert details(bank, payment) == {"party": "payment_network", "reason": "3d_secure_failed"}


def test_three_wrong_codes_end_the_payment(bank):
    payment = bank.open()
    bank.pay_by_card(payment, WITH_CODE)
    path = f"/3ds/{payment['id']}"
    wrong = "000000" if code_of(bank, payment) != "000000" else "111111"

    first = bank.press(path, code=wrong)
    second = bank.press(path, code=wrong)
    third = bank.press(path, code=wrong)

    assert (first.status_code, second.status_code, third.status_code) == (422, 422, 303)
    assert "Осталось попыток: 2" in first.text and "Осталось попыток: 1" in second.text
    assert details(bank, payment)["reason"] == "3d_secure_failed"


def test_an_empty_code_costs_no_try(bank):
    payment = bank.open()
    bank.pay_by_card(payment, WITH_CODE)

    answer = bank.press(f"/3ds/{payment['id']}", code="")

    assert answer.status_code == 422
    assert "Введите код из сообщения" in answer.text
    assert "Осталось попыток: 3" in answer.text


def test_an_old_code_is_not_taken_and_a_new_one_is(bank):
    payment = bank.open()
    bank.pay_by_card(payment, WITH_CODE)
    path = f"/3ds/{payment['id']}"
    bank.sim("/clock/advance", {"seconds": 301})
    late = bank.press(path, code=code_of(bank, payment))
    assert "Этот код устарел" in late.text

    bank.press(f"{path}/code", seen=bank.page(path))
    bank.press(path, code=code_of(bank, payment))

    assert bank.status(payment) == "succeeded"


def test_giving_up_on_the_code_ends_the_payment(bank):
    payment = bank.open()
    bank.pay_by_card(payment, WITH_CODE)
    path = f"/3ds/{payment['id']}"

    bank.press(f"{path}/cancellation", seen=bank.page(path))

    assert details(bank, payment)["reason"] == "3d_secure_failed"


WRONG = [
    ({"number": ""}, "Введите номер карты"),
    ({"number": "4111111111111112"}, "Проверьте номер"),
    ({"number": "411111111111"}, "от 16 до 19"),
    ({"number": "6759649826438453"}, "МИР, Visa, Mastercard или American Express"),
    ({"expiry": "13/40"}, "например 07/29"),
    ({"expiry": "01/20"}, "уже вышел"),
    ({"expiry": "01/99"}, "Проверьте год"),
    ({"code": "12"}, "3 цифры"),
    ({"number": "370000000000002", "code": "123"}, "4 цифры"),
]


@pytest.mark.parametrize(("changes", "sentence"), WRONG)
def test_a_wrong_entry_is_explained_and_nothing_happens(bank, changes, sentence):
    payment = bank.open()
    typed = {"number": WITHOUT_CODE, "expiry": "12/40", "code": "123"} | changes

    answer = bank.press(f"/checkout/{payment['id']}", **typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text or "aria-invalid=true" in answer.text
    assert "<title>Ошибка: " in answer.text
    assert bank.status(payment) == "pending"


def test_the_form_counts_once(bank):
    payment = bank.open()
    path = f"/checkout/{payment['id']}"
    page = bank.page(path)
    typed = {"number": WITHOUT_CODE, "expiry": "12/40", "code": "123"}

    first = bank.press(path, seen=page, **typed)
    second = bank.press(path, seen=page, **typed | {"number": "5555555555554535"})

    assert first.headers["Location"] == second.headers["Location"] == bank.shop.return_url
    assert len(bank.shop.hears(1)) == 1
    assert bank.status(payment) == "succeeded"


def test_a_form_without_its_token_does_nothing(bank):
    payment = bank.open()
    path = f"/checkout/{payment['id']}"
    page = bank.page(path)

    typed = {"token": "guess", "number": WITHOUT_CODE, "expiry": "12/40", "code": "123"}
    bank.press(path, seen=page, **typed)
    bank.press(f"{path}/cancellation", seen=page, token="guess")

    assert bank.status(payment) == "pending"
