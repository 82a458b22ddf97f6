import pytest

from shop.rules.devices import network_of, network_shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("203.0.113.77", "203.0.113.•"),
        ("10.0.0.1", "10.0.0.•"),
        ("2a02:6b8:1:2::3", "2a02:6b8:1:•"),
        ("2a02:6b8::3", "2a02:6b8:•"),
        ("::ffff:203.0.113.77", "203.0.113.•"),
        ("", ""),
        ("somewhere", ""),
    ],
)
def test_a_network_is_shown_with_its_last_part_left_open(address, shown):
    assert network_shown(network_of(address)) == shown
