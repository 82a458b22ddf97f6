"""Whether passkeys work at the address that this page is seen at."""

from flask import request

from shop.rules.passkeys import Party, address_for_passkeys, party_at
from shop.web.context import config


def party() -> Party | None:
    """Return who asks for a key here, or None where browsers know no keys."""
    return party_at(
        here=request.host_url,
        shop_url=config().shop_url,
        shop_name=config().shop_name,
        is_production=config().is_production,
    )


def right_address(path: str) -> str:
    """Return where else the same page is, with passkeys."""
    return address_for_passkeys(config().shop_url) + path
