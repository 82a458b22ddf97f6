"""A shop whose parts are ended by kill -9 and opened again, and buyers who don't give up."""

import os
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

import requests
from lxml import html

from demo.run import _commands
from sandbox.bank import BankSettings, create_bank
from sandbox.mailbox import Mailbox
from sandbox.serving import free_port, serve

ROOT = pathlib.Path(__file__).parents[1]
OURS = {"Sec-Fetch-Site": "same-origin"}
# Seconds one answer may take, and a shop that was killed may need until it answers again; how fast it
# is isn't asked here, and machines that run tests are busy.
ANSWER, RETURN = 30, 240
# Points that go into each order.
POINTS_EACH = 10


class KillableShop:
    """Web and worker as processes of this test's own; whatever ends is opened again, as systemd would."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.mailbox = Mailbox(folder / "mailbox", most_letters=100_000)
        self.bank = create_bank(
            BankSettings(folder / "bank", notices_url=f"{self.url}/payments/notices/yookassa")
        )
        self.bank_serving = serve(self.bank)
        self.kills: Counter[str] = Counter()
        self.guard, self.closing = threading.Lock(), threading.Event()
        self.parts: dict[str, subprocess.Popen[bytes]] = {}
        self.log = (folder / "shop.log").open("w")
        self.watch = threading.Thread(target=self._watch, daemon=True)
        self.settings = self._settings()
        self.flask("db", "upgrade")

    def _settings(self) -> dict[str, str]:
        inherited = {
            name: text for name, text in os.environ.items() if not name.startswith("PYTEST")
        }
        return inherited | {
            "PORT": str(self.port),
            "SHOP_DATA": str(self.folder),
            "SHOP_ENV": "demo",
            "SHOP_URL": self.url,
            "MAIL_SERVER": "127.0.0.1",
            "MAIL_PORT": str(self.mailbox.smtp_port),
            "YOOKASSA_API_URL": f"{self.bank_serving.url}/v3",
            "PAYMENT_MINUTES": "600",
            "LOG_LEVEL": "WARNING",
            "FLASK_APP": "wsgi",
            "PYTHONPATH": str(ROOT),
        }

    def _command(self, name: str) -> list[str]:
        """As the demo does it; but a web server that closes waits less for its processes."""
        command = _commands(self.settings)[name]
        return [*command, "--workers-kill-timeout", "2"] if name == "web" else command

    def flask(self, *words: str) -> None:
        """Run a command of the shop's."""
        command = [sys.executable, "-m", "flask", *words]
        subprocess.run(command, cwd=ROOT, env=self.settings, check=True, capture_output=True)

    def open(self) -> None:
        """Start both parts and wait until the door is open."""
        for name in ("web", "worker"):
            self._start(name)
        self.watch.start()
        self.wait_for_answer()

    def _start(self, name: str) -> None:
        self.parts[name] = subprocess.Popen(
            self._command(name),
            cwd=ROOT,
            env=self.settings,
            start_new_session=True,
            stdout=self.log,
            stderr=self.log,
        )

    def _watch(self) -> None:
        while not self.closing.wait(0.1):
            with self.guard:
                for name, part in list(self.parts.items()):
                    if part.poll() is not None:
                        self._kill_group(part)
                        self._start(name)

    def wait_for_answer(self) -> None:
        """Wait until the shop says that it can serve."""
        end = time.monotonic() + RETURN
        while time.monotonic() < end:
            with suppress(requests.RequestException):
                if requests.get(f"{self.url}/readyz", timeout=2).status_code == 200:
                    return
            time.sleep(0.1)
        raise AssertionError((self.folder / "shop.log").read_text()[-3000:])

    def kill(self, what: str) -> None:
        """End a process that serves pages, all of the web, or the worker, without a word of warning."""
        with self.guard:
            part = self.parts["worker" if what == "worker" else "web"]
            if part.poll() is not None:
                return
            if what == "one web process":
                if not (serving := _serving(part.pid)):
                    return
                os.kill(random.choice(serving), signal.SIGKILL)
            else:
                self._kill_group(part)
                part.wait()
            self.kills[what] += 1

    @staticmethod
    def _kill_group(part: "subprocess.Popen[bytes]") -> None:
        with suppress(ProcessLookupError):
            os.killpg(part.pid, signal.SIGKILL)

    def close(self) -> None:
        """End everything this test has started."""
        self.closing.set()
        if self.watch.is_alive():
            self.watch.join()
        for part in self.parts.values():
            self._kill_group(part)
            part.wait()
        self.bank.bank.stop()
        self.bank_serving.stop()
        self.mailbox.stop()
        self.log.close()


def _serving(master: int) -> list[int]:
    """The processes of a web server that answer requests."""
    threads = pathlib.Path(f"/proc/{master}/task").iterdir()
    children = [child for one in threads for child in (one / "children").read_text().split()]
    return [int(child) for child in children if b"resource_tracker" not in _words_of(child)]


def _words_of(process: str) -> bytes:
    try:
        return pathlib.Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


@dataclass(frozen=True)
class Acknowledged:
    """What a buyer was told: the order of this key waits for its money there."""

    account_id: int
    once_key: str
    location: str
    pieces: dict[int, int]
    has_paid: bool


@dataclass
class Buyer:
    """Signs in, fills the cart, orders, pays for some; sends the same form again until the shop has answered."""

    shop: KillableShop
    account_id: int
    email: str
    products: list[int]
    pressing: threading.Semaphore
    journal: list[Acknowledged] = field(default_factory=list)

    def buy(self, times: int) -> None:
        """Come in once and order so many times."""
        self.session = requests.Session()
        self._send("/auth/login", {"email": self.email, "password": "correct horse"}, {303})
        for _ in range(times):
            wanted = {product: random.randint(1, 3) for product in random.sample(self.products, 2)}
            for product, quantity in wanted.items():
                self._send(f"/cart/lines/{product}", {"quantity": str(quantity)}, {303})
            form = self._form()
            answer = self._send("/checkout/", form, {303}, is_order=True)
            location = answer.headers["Location"]
            has_paid = self._pays(location)
            key = form["once_key"]
            self.journal.append(Acknowledged(self.account_id, key, location, wanted, has_paid))

    def _pays(self, location: str) -> bool:
        """Pay at the bank for about every other order; the bank tells the shop in its own time."""
        if not location.startswith(self.shop.bank_serving.url) or random.random() < 0.5:
            return False
        self.shop.bank.bank.approve(location.rpartition("/")[2])
        self.pressing.release()
        return True

    def _form(self) -> dict[str, str]:
        page = self._send("/checkout/", None, {200})
        form = html.fromstring(page.text).xpath("//form[contains(@class, 'checkout')]")[0]
        fields = {name: value or "" for name, value in form.form_values()}
        fields |= {"recipient_phone": "+79161234567", "address": "ул. Лесная, 7, кв. 12"}
        return fields | {"use_points": "y", "points": str(POINTS_EACH)}

    def _send(
        self, path: str, form: dict[str, str] | None, good: set[int], is_order: bool = False
    ) -> requests.Response:
        end = time.monotonic() + RETURN
        if is_order:
            self.pressing.release()
        while time.monotonic() < end:
            try:
                answer = self.session.request(
                    "GET" if form is None else "POST",
                    f"{self.shop.url}{path}",
                    data=form,
                    headers=OURS,
                    timeout=ANSWER,
                    allow_redirects=False,
                )
            except requests.RequestException:
                time.sleep(0.2)
                continue
            assert answer.status_code in good, (path, answer.status_code, answer.text[:3000])
            return answer
        raise AssertionError(f"{path} was not answered within {RETURN} s")
