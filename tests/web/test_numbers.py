"""A number that no row can have, in whatever address, is an address that isn't there."""

import pytest
from doors import SAMPLES
from werkzeug.routing import IntegerConverter


def addresses(app, number):
    """(method, address) of every door with a number in its address, with this one in place of each."""
    found = []
    for rule in app.url_map.iter_rules():
        numbers = [
            name for name, kind in rule._converters.items() if isinstance(kind, IntegerConverter)
        ]
        if numbers:
            given = {name: SAMPLES[name] for name in rule.arguments} | dict.fromkeys(
                numbers, number
            )
            _, path = rule.build(given, append_unknown=False)
            found += [(method, path) for method in sorted(rule.methods & {"GET", "POST"})]
    return found


@pytest.mark.parametrize("number", [2**31, 2**63 - 1, 2**63, 10**19, 10**20, 10**400])
def test_no_number_breaks_an_address(app, make, client, number):
    client.become(make.employee("owner"))
    doors = addresses(app, number)
    assert len(doors) > 20

    seen = {
        f"{method} {path}": getattr(client, method.lower())(path).status_code
        for method, path in doors
    }

    assert {door: status for door, status in seen.items() if status >= 500} == {}
    if number >= 2**63:
        # What only looks isn't open to a post, whatever is asked for.
        assert set(seen.values()) <= {404, 405}
