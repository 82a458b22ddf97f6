"""Start the bank and the mailbox, and end them together: `python -m sandbox`."""

import signal
import sys
from threading import Event

from .mailbox import Mailbox
from .serving import serve
from .settings import Settings, settings_from
from .town import Town


def main() -> int:
    """Serve until a signal says stop."""
    try:
        settings = settings_from()
    except ValueError as problem:
        print(f"The sandbox can't start: {problem}.", file=sys.stderr)
        return 1
    ended = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ended.set())
    try:
        _run(settings, ended)
    except OSError as problem:
        print(f"The sandbox can't start: {problem}.", file=sys.stderr)
        return 1
    return 0


def _run(settings: Settings, ended: Event) -> None:
    mailbox = Mailbox(settings.data, settings.mailbox_port, settings.smtp_port)
    town = Town(settings.bank)
    try:
        serving = serve(town, settings.bank_port)
        try:
            print(f"Mailbox: {mailbox.url}, SMTP on port {mailbox.smtp_port}")
            print(f"Bank: {serving.url}, API {serving.url}/v3, shop {settings.bank.shop_id}")
            print(f"Sandbox token: {settings.bank.token}", flush=True)
            ended.wait()
        finally:
            serving.stop()
    finally:
        town.stop()
        mailbox.stop()


if __name__ == "__main__":
    sys.exit(main())
