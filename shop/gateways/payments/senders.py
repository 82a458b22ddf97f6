"""Whose notices are listened to."""

import ipaddress
from collections.abc import Iterable


class Senders:
    """The networks a gateway's notices come from, as the owner has named them."""

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = tuple(ipaddress.ip_network(network) for network in networks)

    def __contains__(self, address: str) -> bool:
        """True for an address of these networks; an IPv4 address may come dressed as IPv6."""
        try:
            given = ipaddress.ip_address(address)
        except ValueError:
            return False
        plain = getattr(given, "ipv4_mapped", None) or given
        return any(plain in network for network in self._networks)
