"""Put an app or a letter box on a port of this machine, and take it down again."""

import socket
from threading import Thread

from aiosmtpd.controller import Controller
from werkzeug.serving import WSGIRequestHandler, make_server

HOST = "127.0.0.1"
LARGEST_LETTER = 10 * 1024 * 1024


class _Quiet(WSGIRequestHandler):
    """Log no requests: the log of a bank is no place for addresses with secrets."""

    def log(self, type, message, *args):
        """Say nothing."""


class Serving:
    """An app that answers at `url` until `stop()`."""

    def __init__(self, app, port: int = 0):
        with _bound(port) as listener:
            self._server = make_server(
                HOST, port, app, threaded=True, request_handler=_Quiet, fd=listener.fileno()
            )
            self.port: int = listener.getsockname()[1]
        self.url = f"http://{HOST}:{self.port}"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.daemon = True
        self._thread.start()

    def stop(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()


class SmtpServing:
    """A receiver of letters on `port` until `stop()`."""

    def __init__(self, handler, port: int = 0):
        self.port = port or free_port()
        self._controller = Controller(
            handler,
            hostname=HOST,
            port=self.port,
            data_size_limit=LARGEST_LETTER,
            enable_SMTPUTF8=True,
        )
        with _bound(self.port):
            pass  # The controller would say only that it failed, not which port is taken.
        self._controller.start()

    def stop(self) -> None:
        """Receive no letters any more."""
        self._controller.stop()


def serve(app, port: int = 0) -> Serving:
    """Answer with `app` on `port`, or on a free one, in a thread of its own."""
    return Serving(app, port)


def serve_smtp(handler, port: int = 0) -> SmtpServing:
    """Receive letters for `handler` on `port`, or on a free one."""
    return SmtpServing(handler, port)


def _bound(port: int) -> socket.socket:
    """Return a socket that has the port.

    :raises OSError: when somebody else has it; Werkzeug would end the program instead.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as problem:
        listener.close()
        raise OSError(f"port {port} is taken ({problem.strerror})") from problem
    return listener


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]
