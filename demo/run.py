"""Open the demo shop: database, goods, then web, worker and sandbox, until Ctrl-C.

Settings (environment): PORT, MAILBOX_PORT, BANK_PORT (8000, 8025, 8026), SHOP_DATA (instance).
"""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).parents[1]
# Seconds a part may take to close before it is ended.
PATIENCE = 12
# Seconds the shop may take to open.
OPENING = 60


class CannotOpen(Exception):
    """The shop cannot be opened; the text says why and what to do."""


def main() -> int:
    """Open everything, wait, close everything; return the exit code."""
    settings = _settings()
    parts: list[tuple[str, subprocess.Popen[bytes]]] = []
    closing = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: closing.set())
    try:
        _check_ports(settings)
        print("Opening the shop…", flush=True)
        _flask(settings, "db", "upgrade")
        people = _flask(settings, "demo", "fill")
        for name, command in _commands(settings).items():
            parts.append(
                (name, subprocess.Popen(command, cwd=ROOT, env=settings, start_new_session=True))
            )
        _wait_until_ready(settings, parts, closing)
        if not closing.is_set():
            _tell(settings, people)
        return _stay(parts, closing)
    except CannotOpen as problem:
        print(problem, file=sys.stderr)
        return 1
    finally:
        _close(parts)


def _settings() -> dict[str, str]:
    """The environment of every part, ports decided."""
    env = dict(os.environ)
    port, mailbox, bank = (
        env.get(name) or usual
        for name, usual in (("PORT", "8000"), ("MAILBOX_PORT", "8025"), ("BANK_PORT", "8026"))
    )
    folder = pathlib.Path(env.get("SHOP_DATA") or ROOT / "instance").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    smtp = env.get("SMTP_PORT") or str(_free_port())
    env |= {
        "PORT": port,
        "MAILBOX_PORT": mailbox,
        "BANK_PORT": bank,
        "SMTP_PORT": smtp,
        "SHOP_DATA": str(folder),
        "SANDBOX_DATA": str(folder / "sandbox"),
        "SHOP_ENV": "demo",
        "SHOP_URL": f"http://127.0.0.1:{port}",
        "SHOP_NOTICES": f"http://127.0.0.1:{port}/payments/notices/yookassa",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": smtp,
        "YOOKASSA_API_URL": f"http://127.0.0.1:{bank}/v3",
        "SBER_API_URL": f"http://127.0.0.1:{bank}/sber/payment",
        "PAYPAL_API_URL": f"http://127.0.0.1:{bank}/paypal",
        "WEBMONEY_PAY_URL": f"http://127.0.0.1:{bank}/webmoney/lmi/payment.asp",
        "WEBMONEY_API_URL": f"http://127.0.0.1:{bank}/webmoney/conf/xml/XMLTransGet.asp",
        "QIWI_API_URL": f"http://127.0.0.1:{bank}/qiwi/partner/bill/v1",
        # Threads that share their heaps: a third less memory for each web process.
        "MALLOC_ARENA_MAX": "2",
        "FLASK_APP": "wsgi",
        "PYTHONPATH": str(ROOT),
    }
    env.setdefault("LOG_LEVEL", "WARNING")
    return env


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _check_ports(settings: dict[str, str]) -> None:
    for name in ("PORT", "MAILBOX_PORT", "BANK_PORT"):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", int(settings[name])))
            except (OSError, ValueError, OverflowError):
                raise CannotOpen(
                    f"Port {settings[name]} is taken; choose another one: make run {name}=…"
                ) from None


def _flask(settings: dict[str, str], *words: str) -> str:
    """Run a command of the shop's and return what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", *words],
        cwd=ROOT,
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotOpen(f"flask {' '.join(words)} failed:\n{done.stderr or done.stdout}")
    return done.stdout


def _commands(settings: dict[str, str]) -> dict[str, list[str]]:
    python = sys.executable
    return {
        "sandbox": [python, "-m", "sandbox"],
        "worker": [python, "-m", "flask", "jobs", "work"],
        "web": [
            *(python, "wsgi.py", "--host", "127.0.0.1", "--port", settings["PORT"]),
            *("--workers", "2", "--blocking-threads", "16", "--workers-kill-timeout", "10"),
            *("--respawn-failed-workers", "--no-ws", "--log-level", "warning"),
        ],
    }


def _wait_until_ready(
    settings: dict[str, str],
    parts: list[tuple[str, subprocess.Popen[bytes]]],
    closing: threading.Event,
) -> None:
    end = time.monotonic() + OPENING
    addresses = [
        f"{settings['SHOP_URL']}/readyz",
        *(f"http://127.0.0.1:{settings[name]}/" for name in ("MAILBOX_PORT", "BANK_PORT")),
    ]
    for address in addresses:
        while not closing.is_set() and not _answers(address):
            dead = [name for name, part in parts if part.poll() is not None]
            if dead or time.monotonic() > end:
                raise CannotOpen(
                    f"The {dead[0] if dead else 'shop'} did not start: {address} doesn't answer."
                )
            time.sleep(0.1)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _tell(settings: dict[str, str], people: str) -> None:
    print(
        f"\nThe shop is open:  {settings['SHOP_URL']}\n"
        f"Mailbox:           http://127.0.0.1:{settings['MAILBOX_PORT']}   (all letters the shop sends)\n"
        f"Test bank:         http://127.0.0.1:{settings['BANK_PORT']}   (card 2200 0000 0000 0004, any date and code)\n"
        f"Kept in:           {settings['SHOP_DATA']}\n\n{people}\nCtrl-C closes it.",
        flush=True,
    )


def _stay(parts: list[tuple[str, subprocess.Popen[bytes]]], closing: threading.Event) -> int:
    while not closing.wait(0.5):
        for name, part in parts:
            if part.poll() is not None:
                print(
                    f"The {name} ended by itself (code {part.returncode}); closing the shop.",
                    file=sys.stderr,
                )
                return 1
    return 0


def _close(parts: list[tuple[str, subprocess.Popen[bytes]]]) -> None:
    for _, part in parts:
        if part.poll() is None:
            part.send_signal(signal.SIGTERM)
    end = time.monotonic() + PATIENCE
    for _, part in parts:
        try:
            part.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(part.pid, signal.SIGKILL)
            part.wait()


if __name__ == "__main__":
    sys.exit(main())
