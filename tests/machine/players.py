"""What all players have in common: the world they act in, and choosing one of several things."""

from collections.abc import Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st
from machine.checks import all_is_well
from machine.facts import Facts
from machine.world import World

T = TypeVar("T")
# Which of several things: the number is taken modulo how many there are.
WHICH = st.integers(0, 11)
CUSTOMER = st.integers(0, 2)
# A part of what there is, in quarters.
PART = st.integers(0, 4)


def one_of(things: Sequence[T], which: int) -> T | None:
    """Return one of the things, or None of none."""
    return things[which % len(things)] if things else None


class Player:
    """Somebody who does things to the shop."""

    world: World

    def look(self) -> None:
        """Look at everything; the machine does after each step, and now and then within one."""
        all_is_well(self.world)

    @property
    def facts(self) -> Facts:
        """How everything stood after the last step."""
        return self.world.facts

    @property
    def config(self) -> Any:
        """The shop's settings."""
        return self.world.app.extensions["shop_config"]

    @property
    def today(self) -> Any:
        """The day where the shop is."""
        return self.world.now.astimezone(self.config.shop_time_zone).date()
