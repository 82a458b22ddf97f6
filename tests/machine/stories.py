"""One long story that leads straight to every end that must be reached, told by the machine's own steps.

Which order, certificate or return is meant is counted from the newest, which is 0. Ways to pay are numbered as
rules/payments.METHODS has them; goods as `world.GOODS`.
"""

from collections.abc import Callable
from typing import Any

from machine.machine import ShopMachine

CARD, SPASIBO, QIWI, AT_THE_DOOR = 0, 4, 7, 8
TEAPOT, CUP, SAMOVAR, SPOON = range(4)
IGOR, ANNA, OLEG = range(3)
SOME_SECONDS, HALF_AN_HOUR, EIGHT_DAYS, A_YEAR = 0, 3, 8, 10
UNSUITABLE, DEFECT = 0, 2
OUT_OF_STOCK, NOT_TAKEN = 0, 3
ALL, ONE = 0, 1
YOOKASSA, NO_ANSWER = 0, 0


class Telling:
    """A machine that looks at everything after each step it is told to take."""

    def __init__(self, machine: ShopMachine) -> None:
        self.machine = machine

    def __getattr__(self, step: str) -> Callable[..., None]:
        def take(*told: Any, **more: Any) -> None:
            getattr(self.machine, step)(*told, **more)
            self.machine.look()

        return take

    def bought(self, who: int, what: int, quantity: int = 1, **more: Any) -> None:
        """Ordered, paid at the bank, and heard of."""
        self.buy(who, what, quantity, **more)
        self.paid()

    def paid(self, **more: Any) -> None:
        """Whoever is at a bank's page pays, and the worker hears of it."""
        self.at_the_bank(0, **more)
        self.wait(SOME_SECONDS)

    def handed_over(self) -> None:
        """The newest order that is worked on, step by step."""
        for _ in range(3):
            self.move_parcels(0)

    def taken_back(self, some: int, reason: int) -> None:
        """The newest order that has come, from the demand to the refund."""
        self.ask_to_return(0, some, reason)
        for _ in range(4):
            self.go_on_with_a_return(0, good=True, takes=3)


def tell_everything(machine: ShopMachine) -> None:
    """Tell all chapters, one after the other, in one shop."""
    told = Telling(machine)
    told.people_have_something(points=True, roubles=30_000)
    for chapter in (
        _paying,
        _points,
        _returns,
        _late_money,
        _wrong_sums,
        _calling_off,
        _large_sums,
        _gifts,
    ):
        chapter(told)
    machine.teardown()


def _paying(told: Telling) -> None:
    told.buy(IGOR, SAMOVAR, 1, points=4, use_balance=True)
    told.gateway_troubles(YOOKASSA, "create", NO_ANSWER, after=True)
    told.buy_certificate(ANNA, 500)
    told.paid()
    told.activate(ANNA, 0)
    told.bought(ANNA, SAMOVAR, points=4, use_balance=True)
    told.buy(OLEG, TEAPOT, 1, way=SPASIBO)
    told.at_the_bank(0, bonus=True)
    told.notice(0, "double")
    told.worker_works()
    told.call_off(0, ALL)


def _points(told: Telling) -> None:
    """Points that were earned and spent are owed when the goods that brought them come back."""
    told.bought(OLEG, SAMOVAR)
    told.handed_over()
    told.wait(EIGHT_DAYS)
    told.bought(OLEG, TEAPOT, points=4)
    told.taken_back(ALL, DEFECT)
    told.worker_works()


def _returns(told: Telling) -> None:
    told.bought(OLEG, CUP, 3)
    told.call_off(0, ONE)
    told.handed_over()
    told.taken_back(ONE, UNSUITABLE)
    told.ask_to_return(0, ONE, UNSUITABLE)
    told.go_on_with_a_return(0, good=False, takes=0, refuses=0)
    told.ask_to_return(0, ONE, UNSUITABLE)
    told.go_on_with_return(0, "withdraw")
    told.return_as_a_guest(0)
    told.buy(IGOR, SPOON, 2, way=AT_THE_DOOR)
    told.handed_over()
    told.taken_back(ALL, DEFECT)
    told.pay_by_hand(0)
    told.buy(IGOR, SPOON, 1, way=AT_THE_DOOR)
    told.handed_over()
    told.taken_back(ALL, DEFECT)
    told.tell_where_to(0)
    told.at_the_desk_of_payouts(0, is_asked=True)
    told.take_onto_balance(0)
    told.ask_for_the_balance(IGOR)
    told.pay_by_hand(0)


def _late_money(told: Telling) -> None:
    told.give_a_certificate(500)
    told.activate(ANNA, 0)
    told.buy(ANNA, SAMOVAR, 1, use_balance=True)
    told.wait(HALF_AN_HOUR)
    told.paid()
    told.buy(OLEG, SPOON, 1)
    told.pay_again(0, QIWI - 1)
    told.at_the_bank(0)
    told.at_the_bank(0)
    told.notice(0)
    told.light_the_fuse("after an answer", 1)
    told.one_timer_runs("drain")
    told.rest()


def _wrong_sums(told: Telling) -> None:
    for is_outside in (True, False):
        told.buy(OLEG, SPOON, 1)
        told.bank_takes_another_sum(0, 777_77)
        told.wait(SOME_SECONDS)
        told.settle_a_mismatch(0, is_outside=is_outside)
        told.pay_again(0, 0)
        told.paid()


def _calling_off(told: Telling) -> None:
    told.buy(ANNA, TEAPOT, 1, use_balance=True)
    told.call_off_unpaid(0)
    told.bought(ANNA, SPOON, 3)
    told.gateway_troubles(YOOKASSA, "refund", NO_ANSWER, after=True)
    told.call_off(0, ONE)
    told.wait(SOME_SECONDS)
    told.wait(SOME_SECONDS)
    told.next_refunds("canceled")
    told.refuse_order(0, OUT_OF_STOCK)
    told.worker_works()
    told.pay_by_hand(0)
    told.bought(ANNA, TEAPOT, 1)
    told.refuse_order(0, NOT_TAKEN)
    told.nobody_takes_it(0)
    told.goods_come_back(0)
    told.worker_works()


def _large_sums(told: Telling) -> None:
    """Two samovars cost so much that who has looked at them can't send the money."""
    told.gateways_recover()
    told.bought(OLEG, SAMOVAR, 2)
    told.handed_over()
    told.taken_back(ALL, DEFECT)
    told.worker_works()


def _gifts(told: Telling) -> None:
    told.gateways_recover()
    told.buy_certificate(ANNA, 3000)
    told.paid()
    told.give_certificate_back(0)
    told.use_word(OLEG, 0)
    told.buy_certificate(ANNA, 500)
    told.wait(HALF_AN_HOUR)
    told.buy_certificate(ANNA, 500)
    told.paid()
    told.wait(A_YEAR)
