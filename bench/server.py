"""A server under measure: started, asked for its processor time and memory, stopped."""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
from types import TracebackType

ROOT = pathlib.Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")
WORKERS = 2


class Server:
    """granian with two workers, as `make run` starts it."""

    def __init__(self, application: str, settings: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.application = application
        usual = {"PYTHONPATH": str(ROOT), "LOG_LEVEL": "WARNING", "MALLOC_ARENA_MAX": "2"}
        self.settings = {**os.environ, **usual, **settings}

    def __enter__(self) -> "Server":
        settings = {**self.settings, "SHOP_URL": f"http://127.0.0.1:{self.port}"}
        shop = self.application == "wsgi:app"
        what = ["wsgi.py"] if shop else ["-m", "granian", "--interface", "wsgi", self.application]
        options = ["--host", "127.0.0.1", "--port", str(self.port), "--workers", str(WORKERS)]
        options += ["--blocking-threads", "16", "--workers-kill-timeout", "5", "--no-ws"]
        self.process = subprocess.Popen(
            [sys.executable, *what, *options, "--log-level", "warning"],
            cwd=ROOT,
            env=settings,
            start_new_session=True,
        )
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return self
            except OSError:
                time.sleep(0.1)
        raise RuntimeError(f"{self.application} did not start")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def processes(self) -> list[int]:
        """The master and its workers."""
        found = [self.process.pid]
        for task in pathlib.Path(f"/proc/{self.process.pid}/task").iterdir():
            found += [int(pid) for pid in (task / "children").read_text().split()]
        return found

    def cpu_seconds(self) -> float:
        """User and system time of all its processes until now."""
        total = 0
        for pid in self.processes():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def memory_mb(self) -> float:
        """Memory that no other process shares (private pages), of all its processes."""
        kilobytes = 0
        for pid in self.processes():
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith(("Private_Clean", "Private_Dirty")):
                    kilobytes += int(line.split()[1])
        return kilobytes / 1024
