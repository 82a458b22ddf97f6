"""What of a payment is the same on both sides, and what a person must look at."""

import pytest

from shop.rules.reconciling import Differs, Side, differing

PAID = Side("succeeded", 1000_00, 0)


def kinds(ours, theirs, gateway="yookassa"):
    found = differing(gateway=gateway, ref="r", number="0001-0001", ours=ours, theirs=theirs)
    return [one.kind for one in found]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (PAID, PAID),
        (Side("pending", 1000_00, 0), Side("pending", 1000_00, 0)),
        # We dropped it; it is watched until the gateway ends it.
        (Side("canceled", 1000_00, 0), Side("pending", 1000_00, 0)),
        (Side("rejected", 1000_00, 0), Side("held", 1000_00, 0)),
        (Side("canceled", 1000_00, 0), None),
        (Side("unknown", 1000_00, 0), None),
        (None, None),
        (None, Side("pending", 1000_00, 0)),
        (None, Side("succeeded", 1000_00, 1000_00)),
        # On its way back it may or may not have arrived.
        (Side("succeeded", 1000_00, 100_00, 200_00), Side("succeeded", 1000_00, 100_00)),
        (Side("succeeded", 1000_00, 100_00, 200_00), Side("succeeded", 1000_00, 300_00)),
    ],
)
def test_is_the_same(ours, theirs):
    assert kinds(ours, theirs) == []


@pytest.mark.parametrize(
    ("ours", "theirs", "must_be"),
    [
        (PAID, Side("canceled", 1000_00, 0), ["status"]),
        (Side("canceled", 1000_00, 0), PAID, ["status"]),
        (PAID, Side("succeeded", 999_00, 0), ["amount"]),
        (PAID, Side("succeeded", 1000_00, 1), ["refunded"]),
        (
            Side("succeeded", 1000_00, 100_00, 200_00),
            Side("succeeded", 1000_00, 99_99),
            ["refunded"],
        ),
        (
            Side("succeeded", 1000_00, 100_00, 200_00),
            Side("succeeded", 1000_00, 300_01),
            ["refunded"],
        ),
        (PAID, Side("canceled", 1, 1), ["status", "amount", "refunded"]),
        (PAID, None, ["unknown_there"]),
        (Side("pending", 1000_00, 0), None, ["unknown_there"]),
        (Side("held", 1000_00, 0), None, ["unknown_there"]),
        (None, PAID, ["unknown_here"]),
        (None, Side("held", 1000_00, 0), ["unknown_here"]),
        (None, Side("succeeded", 1000_00, 999_99), ["unknown_here"]),
    ],
)
def test_differs(ours, theirs, must_be):
    assert kinds(ours, theirs) == must_be


def test_a_gateway_that_tells_no_refunds_differs_in_none():
    assert kinds(PAID, Side("succeeded", 1000_00, 500_00), gateway="qiwi") == []


@pytest.mark.parametrize(
    ("ours", "theirs", "told"),
    [
        (None, PAID, [("unknown_here", "", "1 000 ₽")]),
        (PAID, None, [("unknown_there", "succeeded", "")]),
        (
            PAID,
            Side("canceled", 1, 1),
            [
                ("status", "succeeded", "canceled"),
                ("amount", "1 000 ₽", "0,01 ₽"),
                ("refunded", "0 ₽", "0,01 ₽"),
            ],
        ),
    ],
)
def test_each_difference_says_which_payment_and_what_both_sides_have(ours, theirs, told):
    found = differing(gateway="sber", ref="r-1", number="0001-0002", ours=ours, theirs=theirs)

    assert found == [
        Differs("r-1", "0001-0002", kind, left.replace(" ", "\xa0"), right.replace(" ", "\xa0"))
        for kind, left, right in told
    ]


def test_sums_are_written_for_people():
    found = differing(
        gateway="sber", ref="r", number="0001-0001", ours=PAID, theirs=Side("succeeded", 5_50, 0)
    )

    assert found == [Differs("r", "0001-0001", "amount", "1\xa0000\xa0₽", "5,50\xa0₽")]
