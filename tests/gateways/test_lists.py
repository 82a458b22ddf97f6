"""Which gateways list their payments: what the owner's page says of a comparison is what the gateways do."""

import pytest
from factories import NOON

from shop.config import read_config
from shop.gateways.payments import PROVIDERS, Unknown, gateway_of
from shop.rules.reconciling import WITHOUT_A_LIST

# Nobody answers there.
NOWHERE = "http://127.0.0.1:9"


@pytest.mark.parametrize("code", sorted(PROVIDERS))
def test_a_gateway_is_asked_for_its_list_where_it_has_one(app, tmp_path, monkeypatch, code):
    told = {"SHOP_DATA": str(tmp_path), "SHOP_ENV": "test", "SBER_USER": "shop-api"}
    addresses = {"YOOKASSA_API_URL": f"{NOWHERE}/v3", "SBER_API_URL": f"{NOWHERE}/payment"}
    monkeypatch.setitem(app.extensions, "shop_gateways", {})
    monkeypatch.setitem(app.extensions, "shop_config", read_config(told | addresses))

    with app.app_context():
        gateway = gateway_of(code)
        if code in WITHOUT_A_LIST:
            assert list(gateway.list_since(NOON)) == []
        else:
            with pytest.raises(Unknown):
                list(gateway.list_since(NOON))
