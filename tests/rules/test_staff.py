import pytest

from shop.rules.staff import NeedsAnother, OwnMoney, refuse_alone, refuse_own

LARGE = {"kopecks": 3_000_000, "two_from": 30_000, "employee_id": 7}


def test_ones_own_money_is_not_for_ones_own_decision():
    with pytest.raises(OwnMoney):
        refuse_own(customer_id=7, employee_id=7)
    refuse_own(customer_id=8, employee_id=7)


def test_a_large_sum_is_not_sent_by_who_has_decided_about_it():
    with pytest.raises(NeedsAnother):
        refuse_alone(**LARGE, decided_by={None, 7}, is_owner=False)
    with pytest.raises(NeedsAnother):
        refuse_alone(**LARGE | {"kopecks": 100, "two_from": 1}, decided_by={7}, is_owner=False)


@pytest.mark.parametrize(
    "more",
    [
        {"kopecks": 2_999_999},
        {"two_from": 0},
        {"decided_by": {8}},
        {"decided_by": {None}},
        {"is_owner": True},
    ],
    ids=["smaller", "switched off", "another decided", "nobody decided", "the owner"],
)
def test_else_one_person_is_enough(more):
    refuse_alone(**{"decided_by": {7}, "is_owner": False} | LARGE | more)
