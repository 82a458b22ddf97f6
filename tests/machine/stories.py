"""Stories that lead straight to the ends that must be reached, told by the machine's own steps."""

STORIES = ("paid",)


def tell(machine, story):
    machine.people_have_something()
    machine.look()
    machine.buy(0, 0, 2, 4, True, 0)
    machine.look()
    machine.at_the_bank(0)
    machine.look()
    machine.worker_works()
    machine.look()
    machine.teardown()
