"""A real shop for journeys: web, worker, mailbox and bank as people meet them, and real browsers."""

import os
import pathlib
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = pathlib.Path(__file__).parents[1]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PICTURES = ROOT / "e2e" / "pictures"
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --lang=ru-RU"
).split()
SCREENS = {
    "desktop": {"viewport": {"width": 1280, "height": 860}},
    "phone": {
        "viewport": {"width": 360, "height": 780},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
}
# Chromium tells a refused form (422) and a closed door (401) as an error in its console.
EXPECTED = re.compile(r"status of (422|401|404|410)|was preloaded using link preload")


@dataclass
class Shop:
    """Where everything is."""

    url: str
    mailbox: str
    bank: str
    folder: pathlib.Path
    token: str
    settings: dict[str, str]

    @property
    def named_url(self) -> str:
        """The same shop under a name: browsers know no passkeys for a bare number."""
        return self.url.replace("127.0.0.1", "localhost")

    def letter(self, to: str, subject: str, *, within: float = 20) -> dict[str, str]:
        """Wait for the newest letter to `to` whose subject has `subject`; return it."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            letters = requests.get(f"{self.mailbox}/api/v1/messages", timeout=5).json()["messages"]
            for found in letters:
                to_whom = [person["Address"] for person in found["To"]]
                if to in to_whom and subject in found["Subject"]:
                    url = f"{self.mailbox}/api/v1/message/{found['ID']}"
                    return dict(requests.get(url, timeout=5).json())
            time.sleep(0.2)
        raise AssertionError(f"no letter «{subject}» to {to}")

    def letters(self, to: str, subject: str) -> int:
        """Count the letters to `to` whose subject has `subject`."""
        letters = requests.get(f"{self.mailbox}/api/v1/messages?limit=500", timeout=5).json()
        return sum(
            subject in found["Subject"] and to in [person["Address"] for person in found["To"]]
            for found in letters["messages"]
        )

    def bank_control(self, what: str, body: dict[str, object]) -> None:
        """Tell the sandbox's bank to misbehave."""
        answer = requests.post(
            f"{self.bank}/_sim/{what}",
            json=body,
            headers={"X-Sandbox-Token": self.token},
            timeout=5,
        )
        answer.raise_for_status()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Open the demo shop on free ports, as `make run` does, and close it afterwards."""
    folder = tmp_path_factory.mktemp("shop")
    port, mailbox, bank = free_port(), free_port(), free_port()
    token = secrets.token_hex(8)
    settings = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST")},
        "PORT": str(port),
        "MAILBOX_PORT": str(mailbox),
        "BANK_PORT": str(bank),
        "SHOP_DATA": str(folder),
        "SANDBOX_TOKEN": token,
    }
    # Not in the shop's folder: the greeting names a test card, and the audit looks for cards in the shop's logs.
    written = tmp_path_factory.mktemp("log") / "run.log"
    log = written.open("w")
    run = subprocess.Popen(
        [sys.executable, "-m", "demo.run"], cwd=ROOT, env=settings, stdout=log, stderr=log
    )
    here = "http://127.0.0.1"
    shop = Shop(f"{here}:{port}", f"{here}:{mailbox}", f"{here}:{bank}", folder, token, settings)
    try:
        _wait_for_opening(run, written)
        yield shop
    finally:
        run.send_signal(signal.SIGTERM)
        run.wait(30)
        log.close()


def _wait_for_opening(run: "subprocess.Popen[bytes]", log: pathlib.Path) -> None:
    end = time.monotonic() + 180
    while time.monotonic() < end:
        if "Ctrl-C closes it" in log.read_text():
            return
        assert run.poll() is None, log.read_text()
        time.sleep(0.2)
    raise AssertionError(f"the shop did not open: {log.read_text()}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class People:
    """Opens browsers, each a person's own; fails the test on what a person's browser complains of."""

    def __init__(self, chromium: Browser, shop: Shop, name: str) -> None:
        self.chromium, self.shop, self.name = chromium, shop, name
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def page(self, screen: str = "desktop", *, script: bool = True, **more: object) -> Page:
        """Return the page of a new person's browser."""
        options = {
            **SCREENS[screen],
            "base_url": self.shop.url,
            "locale": "ru-RU",
            "timezone_id": "Europe/Moscow",
            **more,
        }
        context = self.chromium.new_context(
            java_script_enabled=script,
            reduced_motion="reduce",
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda fault: self.complaints.append(f"{page.url}: {fault}"))
        page.on("console", lambda line: self._hear(page, line.type, line.text))
        return page

    def _hear(self, page: Page, kind: str, text: str) -> None:
        is_ours = page.url.startswith((self.shop.url, self.shop.named_url))
        if kind == "error" and not EXPECTED.search(text) and is_ours:
            self.complaints.append(f"{page.url}: {text}")

    def leave(self, failed: bool) -> None:
        """Close all; keep pictures of what was on the screens when the test failed."""
        for number, context in enumerate(self.contexts):
            for page in context.pages:
                if failed:
                    PICTURES.mkdir(exist_ok=True)
                    page.screenshot(path=PICTURES / f"{self.name}-{number}.png", full_page=True)
            context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


_FAILED = pytest.StashKey[bool]()


@pytest.fixture
def people(chromium: Browser, shop: Shop, request: pytest.FixtureRequest) -> Iterator[People]:
    people = People(chromium, shop, re.sub(r"\W+", "-", request.node.name))
    yield people
    people.leave(request.node.stash.get(_FAILED, False))
    assert people.complaints == []


@pytest.fixture(params=["desktop", "phone"])
def screen(request: pytest.FixtureRequest) -> str:
    """Each story on both screens."""
    return str(request.param)


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def script(request: pytest.FixtureRequest) -> bool:
    """Each story with JavaScript and without."""
    return bool(request.param)
