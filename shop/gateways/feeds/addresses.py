"""Which addresses a feed may come from: public ones only, looked up once and then held to."""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from urllib.parse import urlsplit

# Seconds for each step: to connect, and for every piece to come.
TIMEOUT = 10
# Through these an IPv4 address is reached by IPv6.
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))

Numeric = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """True for an address of the open internet: not this machine, not its network, not a cloud's insides."""
    number: Numeric = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(number, ipaddress.IPv6Address):
        inner = number.ipv4_mapped or number.sixtofour or (number.teredo or (None, None))[1]
        if inner is not None:
            return is_public(str(inner))
        if any(number in network for network in _NAT64):
            return is_public(str(ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)))
    return number.is_global and not number.is_multicast and not number.is_reserved


def connected(url: str, may_ask: Callable[[str], bool]) -> http.client.HTTPConnection | None:
    """Return a connection to the host of `url`, or None when it isn't to be asked.

    The name is looked up once, every address it has must be allowed, and the connection goes
    to the address that was looked at: a name that answers differently the second time gains nothing.

    :raises OSError: when the name isn't known or nobody answers.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        return None
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(may_ask(address) for address in addresses):
        return None
    raw = socket.create_connection((addresses[0], port), timeout=TIMEOUT)
    if parts.scheme == "https":
        raw = ssl.create_default_context().wrap_socket(raw, server_hostname=parts.hostname)
    connection = http.client.HTTPConnection(parts.hostname, port, timeout=TIMEOUT)
    connection.sock = raw
    return connection
