"""The street for every row of the fault matrix: gateways opened once, all clocks at noon."""

from collections.abc import Iterator

import pytest
import time_machine
from factories import NOON, Make
from flask import Flask
from gateway_town import HOUSES, Gateways
from street import Street


@pytest.fixture(scope="session")
def gateways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateways]:
    """Every gateway of the sandbox."""
    opened = Gateways(tmp_path_factory.mktemp("gateways"))
    yield opened
    opened.stop()


@pytest.fixture
def street(app: Flask, make: Make, gateways: Gateways) -> Iterator[Street]:
    """A street where nothing has happened yet."""
    known, config = app.extensions.get("shop_gateways"), app.extensions["shop_config"]
    with time_machine.travel(NOON, tick=False) as clock:
        for house in HOUSES:
            gateways.sim(house, "/reset", {})
        with gateways.door.opened(app):
            yield Street(app, make, gateways, clock)
    app.extensions["shop_gateways"], app.extensions["shop_config"] = known or {}, config


@pytest.fixture(autouse=True)
def adds_up(street: Street) -> Iterator[None]:
    """Whatever has happened, the books are right afterwards."""
    yield
    street.adds_up()
