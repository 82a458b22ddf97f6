"""What people sign in from, told so that they know it again, and no closer than that."""

import ipaddress
import re
from dataclasses import dataclass

from iptocc import country_code

# The first that fits is the name; browsers call themselves by each other's names, so the order matters.
_BROWSERS = (
    ("Яндекс Браузер", r"YaBrowser/"),
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|OPT/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh|Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
)
# So many bits of an address say which network it is in, and not whose it is.
_NETWORK_BITS = {4: 24, 6: 48}


@dataclass(frozen=True, slots=True)
class Device:
    """What a request came from. `address` is whole and never kept; the rest may be."""

    address: str = ""
    name: str = ""
    country: str = ""
    network: str = ""

    @property
    def kept(self) -> dict[str, str]:
        """The columns that say it: device, country, network."""
        return {"device": self.name, "country": self.country, "network": self.network}


NO_DEVICE = Device()


def device_of(*, user_agent: str, address: str) -> Device:
    """Return what a browser's own words and its address tell."""
    return Device(address, device_name(user_agent), country_of(address), network_of(address))


def device_name(user_agent: str) -> str:
    """Return «Chrome, Android», or an empty string for what isn't known."""
    found = (
        next((name for name, mark in known if re.search(mark, user_agent)), "")
        for known in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(name for name in found if name)


def network_of(address: str) -> str:
    """Return «203.0.113.0/24»: the network that an address is in, or an empty string."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network((parsed, _NETWORK_BITS[parsed.version]), strict=False))


def network_shown(network: str) -> str:
    """Return «203.0.113.•»: a network as people read it, with what isn't known left open."""
    try:
        parsed = ipaddress.ip_network(network)
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Network):
        return str(parsed.network_address).rstrip(":") + ":•"
    return str(parsed.network_address).rpartition(".")[0] + ".•"


def country_of(address: str) -> str:
    """Return the country («RU») whose registry gave the address out, or an empty string. Asks nobody outside."""
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return ""
    return country_code(address) or ""
