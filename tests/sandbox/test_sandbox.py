"""The sandbox as one process, as people and supervisors start it."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[2]


@pytest.fixture
def start(tmp_path):
    """Start `python -m sandbox`, and end what is left of it afterwards."""
    started = []

    def start(**changes):
        environ = os.environ | {
            "SANDBOX_DATA": str(tmp_path),
            "BANK_PORT": "0",
            "MAILBOX_PORT": "0",
            "SMTP_PORT": "0",
            "PYTHONPATH": str(ROOT),
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox"],
            env=environ | changes,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_serves_both_until_a_signal_ends_them_cleanly(start, name):
    process = start(SANDBOX_TOKEN="known")
    mailbox = re.search(r"http://\S+:\d+", process.stdout.readline())[0]
    bank = re.search(r"http://\S+:\d+", process.stdout.readline())[0]
    assert process.stdout.readline() == "Sandbox token: known\n"

    assert requests.get(f"{mailbox}/api/v1/messages", timeout=5).json()["total"] == 0
    assert "Тестовый банк" in requests.get(bank, timeout=5).text
    process.send_signal(name)

    assert process.wait(10) == 0
    assert process.stderr.read() == ""


@pytest.mark.parametrize("name", ["BANK_PORT", "MAILBOX_PORT", "SMTP_PORT"])
def test_a_taken_port_is_said_in_a_sentence(start, bank, name):
    port = bank.url.rsplit(":", 1)[1]
    process = start(**{name: port})

    _, said = process.communicate(timeout=10)

    assert process.returncode == 1
    assert said == f"The sandbox can't start: port {port} is taken (Address already in use).\n"


def test_the_sandbox_and_the_shop_do_not_know_each_other():
    for path in (ROOT / "sandbox").rglob("*.py"):
        assert not re.search(r"^\s*(from|import) shop\b", path.read_text(), re.MULTILINE), path
    for path in (ROOT / "shop").rglob("*.py"):
        assert not re.search(r"^\s*(from|import) sandbox\b", path.read_text(), re.MULTILINE), path
