"""The machine: all players against one shop, with a look at everything after each step."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant
from machine.ends import count_ends
from machine.ordinary import Ordinary
from machine.settling import settle_everything
from machine.world import World


class ShopMachine(Ordinary, RuleBasedStateMachine):
    """One life of a shop: begun empty, played with, and at last brought to rest with nothing owed to anybody."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.pages, self.sheets = [], []

    @initialize(points=st.booleans(), roubles=st.sampled_from((500, 30_000)))
    def people_have_something(self, points: bool = True, roubles: int = 500) -> None:
        """Most lives begin with something to spend."""
        if points:
            self.begin_campaign(0, "points", 2500)
            self.use_word(0, 0)
            self.use_word(1, 0)
        self.give_a_certificate(roubles)
        self.look()
        self.activate(0, 0)

    @invariant()
    def look(self) -> None:
        """The whole audit, and what it doesn't know."""
        super().look()

    def teardown(self) -> None:
        """Nobody may be left without their money or goods when everybody has done what they have to."""
        settle_everything(self.world, self)
        count_ends(self.world, self.facts)
        super().teardown()
