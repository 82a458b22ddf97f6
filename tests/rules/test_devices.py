import pytest

from shop.rules.devices import NO_DEVICE, Device, country_of, device_name, device_of, network_of

CHROME = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (CHROME, "Chrome, Android"),
        (CHROME.replace("Safari/537.36", "Safari/537.36 EdgA/140.0"), "Edge, Android"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 YaBrowser/25.8 Yowser/2.5 Safari/537.36",
            "Яндекс Браузер, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0",
            "Firefox, Mac",
        ),
        ("curl/8.4.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_known_by_its_own_words(user_agent, name):
    assert device_name(user_agent) == name


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2a02:6b8:12:34::5", "2a02:6b8:12::/48"),
        ("not an address", ""),
        ("", ""),
    ],
)
def test_an_address_is_kept_as_its_network_only(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("address", "country"),
    [("5.255.255.5", "RU"), ("2a02:6b8::1", "RU"), ("127.0.0.1", ""), ("10.1.2.3", ""), ("x", "")],
)
def test_a_country_is_known_without_asking_anybody(address, country):
    assert country_of(address) == country


def test_what_is_kept_of_a_device_holds_no_whole_address():
    device = device_of(user_agent=CHROME, address="5.255.255.5")

    assert device == Device("5.255.255.5", "Chrome, Android", "RU", "5.255.255.0/24")
    assert device.kept == {
        "device": "Chrome, Android",
        "country": "RU",
        "network": "5.255.255.0/24",
    }
    assert set(NO_DEVICE.kept.values()) == {""}
