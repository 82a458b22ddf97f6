import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from feeds import feed, offer

from shop.gateways.feeds import BrokenFeed, CannotFetch, fetched, records
from shop.gateways.feeds.addresses import is_public
from shop.rules.feeds import RawCategory, RawOffer


def read(tmp_path, content):
    path = tmp_path / "feed.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(records(path))


def broken(tmp_path, content):
    with pytest.raises(BrokenFeed) as caught:
        read(tmp_path, content)
    return caught.value.line, str(caught.value)


def offers(found):
    return [record for record in found if isinstance(record, RawOffer)]


def test_reads_everything_an_offer_has(tmp_path):
    more = (
        "<vendor> Нева </vendor><picture>https://a.example/1.webp</picture><picture>https://a.example/2.webp</picture>"
        '<param name="Цвет">синий</param><param name="Объём" unit="л">1,5</param>'
        '<outlets><outlet id="tver" instock="3"/><outlet id="podolsk" instock="0"/></outlets>'
        "<description><![CDATA[<p>Да</p>]]></description>"
    )

    found = offers(read(tmp_path, feed(offer(7, more=more))))[0]

    assert (found.line, found.id, found.available) == (3, "7", "true")
    assert found.texts["vendor"] == "Нева"
    assert found.texts["description"] == "<p>Да</p>"
    assert found.pictures == ["https://a.example/1.webp", "https://a.example/2.webp"]
    assert found.params == [("Цвет", "синий", ""), ("Объём", "1,5", "л")]
    assert found.outlets == [("tver", "3"), ("podolsk", "0")]


def test_reads_windows_1251_and_a_byte_order_mark(tmp_path):
    old = feed(offer()).replace("UTF-8", "windows-1251").encode("cp1251")
    marked = b"\xef\xbb\xbf" + feed(offer()).encode()

    assert offers(read(tmp_path, old))[0].texts["name"] == "Чайник заварочный"
    assert offers(read(tmp_path, marked))[0].texts["name"] == "Чайник заварочный"


def test_a_parent_may_be_spelt_in_several_ways(tmp_path):
    categories = '<category id="1">А</category><category id="2" parent_id="1">Б</category><category id="3" parentid="1">В</category>'

    found = read(tmp_path, feed(categories=categories))

    assert [record.parent for record in found if isinstance(record, RawCategory)] == ["", "1", "1"]


def test_a_document_type_loads_nothing_and_its_signs_are_read(tmp_path):
    content = feed(
        offer(name="Чай&nbsp;— лист"), prologue='\n<!DOCTYPE yml_catalog SYSTEM "shops.dtd">'
    )
    (tmp_path / "shops.dtd").write_text("<!ENTITY nbsp 'WRONG'>")

    assert offers(read(tmp_path, content))[0].texts["name"] == "Чай\u00a0— лист"


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % a SYSTEM "http://127.0.0.1/x"> %a;',
    ],
)
def test_entities_are_refused(tmp_path, declared):
    content = feed(offer(name="&a;"), prologue=f"<!DOCTYPE yml_catalog [{declared}]>")

    assert broken(tmp_path, content) == (
        2,
        "The file declares entities of its own, which feeds have no need of",
    )


def test_a_bomb_of_entities_is_refused_at_once(tmp_path):
    levels = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 10))
    content = f'<!DOCTYPE y [<!ENTITY x0 "ha">{levels}]><yml_catalog date="&x9;"/>'

    assert broken(tmp_path, content)[0] == 1


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("", 0, "The file is empty"),
        ("<rss/>", 1, "The file is not a YML catalog; its root is another: rss"),
        (
            "<yml_catalog>\n<shop>\n</yml_catalog>",
            3,
            "The file is not well-formed XML: Opening and ending tag mismatch",
        ),
        (
            b'<?xml version="1.0" encoding="utf-8"?>\n<yml_catalog>\n\xff</yml_catalog>',
            3,
            "The file is not well-formed XML",
        ),
        (
            '<?xml version="1.0" encoding="koi-99"?><yml_catalog/>',
            1,
            "The file is not well-formed XML",
        ),
        ("<yml_catalog>" + "<a>" * 999, 1, "The file is not well-formed XML: Excessive depth"),
    ],
)
def test_says_where_and_why_a_file_is_broken(tmp_path, content, line, reason):
    found_line, found_reason = broken(tmp_path, content)

    assert (found_line, found_reason[: len(reason)]) == (line, reason)


def test_an_offer_without_end_is_refused(tmp_path):
    content = feed("<offer id='1'>" + "<param name='a'>b</param>" * 5001 + "</offer>")

    assert broken(tmp_path, content)[1] == "One offer has more than 5,000 parts"


def test_lines_are_told_far_into_a_file_and_memory_stays_small(tmp_path):
    import tracemalloc

    path = tmp_path / "large.xml"
    path.write_text(
        feed(*(f'<offer id="{n}">\n<name>Чай</name>\n</offer>\n' for n in range(40_000)))
    )

    tracemalloc.start()
    last = None
    for last in records(path):  # noqa: B007
        pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (last.id, last.line) == ("39999", 3 + 39_999 * 3)
    assert most < 2_000_000


def test_a_file_is_copied_and_unpacked(tmp_path):
    (tmp_path / "feed.gz").write_bytes(gzip.compress(b"<yml_catalog/>"))
    (tmp_path / "feed.xml").write_bytes(b"<yml_catalog/>")

    with (
        fetched(str(tmp_path / "feed.gz")) as packed,
        fetched(f"file://{tmp_path}/feed.xml") as plain,
    ):
        assert packed.path.read_bytes() == b"<yml_catalog/>"
        assert packed.content_hash == plain.content_hash
    assert not packed.path.exists()


def refused(source, **more):
    with pytest.raises(CannotFetch) as caught, fetched(source, **more):
        pass
    return str(caught.value)


def test_says_what_is_wrong_with_a_file(tmp_path):
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress(b" " * 1_000_000))
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(bytes(range(256)) * 99)[:200])

    assert refused(str(tmp_path / "no.xml")).startswith("There is no such file: ")
    assert refused("/dev/zero").startswith("There is no such file: ")
    assert refused(str(bomb), most_bytes=1000) == "The feed is larger than the shop takes: 1000 B"
    assert refused(str(cut)).startswith("The feed cannot be read: ")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/feed",
        "http://localhost:8000/feed",
        "http://127.1/feed",
        "http://2130706433/feed",
        "http://0x7f000001/feed",
        "http://017700000001/feed",
        "http://0.0.0.0/feed",
        "http://[::1]/feed",
        "http://[::ffff:127.0.0.1]/feed",
        "http://[64:ff9b::7f00:1]/feed",
        "http://10.0.0.1/feed",
        "http://192.168.1.1/feed",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/feed",
        "http://user@1.1.1.1/feed",
        "ftp://1.1.1.1/feed",
        "gopher://1.1.1.1/feed",
        "http://[fd00::1]/feed",
        "http://224.0.0.1/feed",
    ],
)
def test_asks_public_addresses_only(url):
    assert refused(url).startswith("The address is not a public one: ")


def test_knows_public_addresses():
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")
    assert not is_public("2002:7f00:1::")
    assert not is_public("fe80::1%eth0")


@pytest.fixture
def merchant():
    """A merchant's server on this machine: what it is asked, it answers."""
    answers = {}

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            status, headers, body = answers.get(self.path, (404, {}, b""))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", answers
    server.shutdown()
    server.server_close()


def test_fetches_from_an_address_and_follows_where_it_leads(merchant):
    url, answers = merchant
    answers["/old?a=1"] = (302, {"Location": "/feed"}, b"")
    answers["/feed"] = (200, {}, gzip.compress(b"<yml_catalog/>"))

    with fetched(f"{url}/old?a=1", may_ask=lambda _address: True) as file:
        assert file.path.read_bytes() == b"<yml_catalog/>"


def test_every_step_of_the_way_is_looked_at(merchant):
    url, answers = merchant
    answers["/feed"] = (302, {"Location": "http://169.254.169.254/latest/"}, b"")
    answers["/round"] = (302, {"Location": "/round"}, b"")

    assert refused(f"{url}/feed", may_ask=lambda address: address == "127.0.0.1") == (
        "The address is not a public one: 169.254.169.254"
    )
    assert refused(f"{url}/round", may_ask=lambda _: True) == "The address leads on and on"
    assert (
        refused(f"{url}/none", may_ask=lambda _: True) == "The other side has no feed for us: 404"
    )
