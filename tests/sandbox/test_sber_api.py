"""Sber's gateway in a box, as a shop meets it."""

import json

import pytest
import requests
from sber_gate import WITH_CODE, WITHOUT_CODE, SberGate


@pytest.fixture
def gate(tmp_path):
    gate = SberGate(tmp_path)
    yield gate
    gate.stop()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_registers_an_order_and_shows_it_by_either_number(gate, method):
    opened = gate.ask(
        "register",
        method,
        orderNumber="17-1",
        amount="100000",
        returnUrl="http://localhost/back",
        description="Заказ 17",
        jsonParams='{"attempt_id": "1"}',
    )

    seen = gate.ask("getOrderStatusExtended", method, orderNumber="17-1")
    assert opened["formUrl"] == (
        f"{gate.url}/merchants/shop/payment_ru.html?mdOrder={opened['orderId']}"
    )
    assert seen == gate.status(opened["orderId"])
    assert (seen["errorCode"], seen["orderStatus"], seen["amount"]) == ("0", 0, 100_000)
    assert seen["currency"] == "643"
    assert seen["merchantOrderParams"] == [{"name": "attempt_id", "value": "1"}]
    assert seen["attributes"] == [{"name": "mdOrder", "value": opened["orderId"]}]


def test_a_number_is_used_once(gate):
    gate.open("17-1")

    again = gate.ask("register", orderNumber="17-1", amount="200", returnUrl="http://localhost/")

    assert again == {"errorCode": "1", "errorMessage": "Заказ с таким номером уже обработан"}
    assert gate.ask("getOrderStatusExtended", orderNumber="17-1")["amount"] == 100_000


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"orderNumber": ""}, "4"),
        ({"orderNumber": "9" * 33}, "5"),
        ({"amount": "99"}, "5"),
        ({"amount": "10.00"}, "5"),
        ({"currency": "840"}, "3"),
        ({"returnUrl": "back"}, "5"),
        ({"sessionTimeoutSecs": "soon"}, "5"),
        ({"jsonParams": "[1]"}, "5"),
        ({"jsonParams": '{"sbrf_spasibo:amount_bonus": "100"}'}, "5"),
        ({"password": "wrong"}, "5"),
    ],
)
def test_refuses_with_a_number_and_opens_nothing(gate, changes, code):
    wish = {"orderNumber": "17-1", "amount": "100000", "returnUrl": "http://localhost/back"}

    assert gate.ask("register", **wish | changes)["errorCode"] == code
    assert gate.ask("getOrderStatusExtended", orderNumber="17-1")["errorCode"] == "6"


def test_a_paid_order_tells_of_the_card_and_the_sums(gate):
    order = gate.open()

    assert gate.pay(order, WITH_CODE) == f"http://localhost/back?orderId={order}&lang=ru"

    seen = gate.status(order)
    assert (seen["orderStatus"], seen["actionCode"]) == (2, 0)
    assert seen["cardAuthInfo"]["maskedPan"] == "220000**0004"
    assert seen["cardAuthInfo"]["paymentSystem"] == "MIR"
    assert seen["paymentAmountInfo"] == {
        "paymentState": "DEPOSITED",
        "approvedAmount": 100_000,
        "depositedAmount": 100_000,
        "refundedAmount": 0,
        "feeAmount": 0,
    }


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("2200000000000053", 116),
        ("5555555555554543", 101),
        ("4565231022577548", 121),
        ("2200000000000020", 107),
        ("2201382000000021", 907),
        ("5555555555554584", 120),
        ("2200000000000012", -2006),
    ],
)
def test_a_card_of_a_refusal_is_refused_with_its_number(gate, number, code):
    order = gate.open()

    gate.pay(order, number, bonuses=10)

    seen = gate.status(order)
    assert (seen["orderStatus"], seen["actionCode"]) == (6, code)
    assert seen["paymentAmountInfo"]["depositedAmount"] == 0


def test_an_order_nobody_pays_runs_out_of_its_time(gate):
    order = gate.open(sessionTimeoutSecs="60")

    gate.sim("/clock/advance", {"seconds": 61})

    seen = gate.status(order)
    assert (seen["orderStatus"], seen["actionCode"]) == (6, -2007)


def test_what_is_held_is_taken_or_let_go(gate):
    taken, let_go = (
        gate.ask(
            "registerPreAuth", orderNumber=number, amount="50000", returnUrl="http://localhost/"
        )["orderId"]
        for number in ("1-1", "2-2")
    )
    for order in (taken, let_go):
        gate.pay(order)
        assert gate.status(order)["orderStatus"] == 1

    assert gate.ask("deposit", orderId=taken, amount="0")["errorCode"] == "0"
    assert gate.ask("reverse", orderId=let_go)["errorCode"] == "0"

    assert gate.status(taken)["orderStatus"] == 2
    assert gate.status(let_go)["orderStatus"] == 3
    assert gate.ask("deposit", orderId=taken, amount="0")["errorCode"] == "7"


def test_refunds_keep_the_proportion_however_they_are_cut(gate):
    order = gate.open()
    gate.pay(order, bonuses=800)

    codes = [
        gate.ask("autoRefund", orderId=order, amount=part)["errorCode"]
        for part in ("33333", "33333", "33334", "1")
    ]

    refunds = gate.house.store.all("SELECT amount_kopecks, bonus_kopecks FROM refund")
    assert codes == ["0", "0", "0", "7"]
    assert [tuple(refund.values()) for refund in refunds] == [
        (33_333, 26_600),
        (33_333, 26_700),
        (33_334, 26_700),
    ]
    seen = gate.status(order)
    assert (seen["orderStatus"], seen["paymentAmountInfo"]["refundedAmount"]) == (4, 100_000)
    assert [refund["amount"] for refund in seen["refunds"]] == [33_333, 33_333, 33_334]


def test_a_refund_of_money_only_leaves_the_bonuses(gate):
    order = gate.open()
    gate.pay(order, bonuses=800)

    assert gate.ask("refund", orderId=order, amount="20001")["errorCode"] == "7"
    assert gate.ask("refund", orderId=order, amount="20000")["errorCode"] == "0"
    assert gate.ask("autoRefund", orderId=order, amount="80000")["errorCode"] == "0"

    total = gate.house.store.one("SELECT sum(bonus_kopecks) AS bonus FROM refund")
    assert total["bonus"] == 80_000


def test_a_refund_may_be_refused_to_order(gate):
    order = gate.open()
    gate.pay(order)
    gate.sim("/refund_result", {"status": "canceled"})

    assert gate.ask("autoRefund", orderId=order, amount="100")["errorCode"] == "7"
    assert gate.status(order)["paymentAmountInfo"]["refundedAmount"] == 0


def test_lists_orders_of_a_time_and_state_page_by_page(gate):
    orders = [gate.open(f"17-{count}") for count in range(3)]
    gate.pay(orders[1])
    span = {"from": "20200101000000", "to": "20991231000000"}

    def listed(states, size="2", page="0", **more):
        told = gate.ask(
            "getLastOrdersForMerchants",
            transactionStates=states,
            size=size,
            page=page,
            **span | more,
        )
        return told["totalCount"], [order["orderNumber"] for order in told["orderStatuses"]]

    assert listed("CREATED,DEPOSITED") == (3, ["17-2", "17-1"])
    assert listed("CREATED,DEPOSITED", page="1") == (3, ["17-0"])
    assert listed("DEPOSITED") == (1, ["17-1"])
    assert listed("CREATED", to="20200102000000") == (0, [])


@pytest.mark.parametrize("action", ["500", "502html", "429", "drop_before", "drop_after_commit"])
def test_meets_the_faults_it_is_told_to(gate, action):
    gate.sim("/faults", {"match": "register", "action": action})

    try:
        answer = requests.post(f"{gate.url}/rest/register.do", data=_wish(gate), timeout=5)
        assert answer.status_code == {"500": 500, "502html": 502, "429": 429}[action]
    except requests.ConnectionError:
        assert action.startswith("drop")

    there = gate.ask("getOrderStatusExtended", orderNumber="17-9")["errorCode"] == "0"
    assert there is (action == "drop_after_commit")


def test_the_back_door_wants_its_token(gate):
    address = f"{gate.url.removesuffix('/payment')}/_sim/dump"

    assert requests.get(address, timeout=5).status_code == 403


def test_the_full_number_is_written_nowhere(gate, tmp_path):
    gate.pay(gate.open(), WITHOUT_CODE, bonuses=5)
    gate.give_card(gate.open("18-1"), WITH_CODE)

    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())

    for number in (WITHOUT_CODE, WITH_CODE):
        assert number.encode() not in written
    assert json.dumps(gate.house.store.all("SELECT * FROM payment")).count("220247") == 1


def _wish(gate):
    return {
        "userName": "shop-api",
        "password": gate.settings.sber_password,
        "orderNumber": "17-9",
        "amount": "100",
        "returnUrl": "http://localhost/",
    }
