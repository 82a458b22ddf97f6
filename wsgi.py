"""What the web server runs.

`python wsgi.py --port 8000 --workers 2` opens the shop by granian (its options all hold). Everything
is loaded before the workers part, so that they share it; any other WSGI server takes `wsgi:app`.
"""

import gc
import sys

from shop.app import create_app, load_everything

app = create_app()


def serve(options: list[str]) -> None:
    """Open the shop with granian's `options`; returns when it is closed."""
    load_everything(app)
    gc.freeze()  # The collector would write into what is shared, and so part it.
    from granian.cli import cli

    cli(["--interface", "wsgi", *options, "wsgi:app"])


if __name__ == "__main__":
    sys.modules["wsgi"] = sys.modules[__name__]  # The workers ask for it by this name.
    serve(sys.argv[1:])
