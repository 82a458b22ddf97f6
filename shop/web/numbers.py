"""Numbers in addresses: one that no row can have is an address that isn't there."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

# What a column of whole numbers holds, on both databases.
LARGEST = 2**63 - 1


class RowNumber(IntegerConverter):
    """`<int:…>`, without numbers that the database would choke on."""

    def __init__(self, url_map: Map, *told: Any, max: int = LARGEST, **more: Any) -> None:
        super().__init__(url_map, *told, max=max, **more)


def init_app(app: Flask) -> None:
    """Let every address know it; before the first one is told."""
    app.url_map.converters["int"] = RowNumber
