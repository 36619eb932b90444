"""The installation under load: web workers as docs/operating.md starts them, and the processor time they use."""

import http.client
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
WORKERS, THREADS = 2, 2


def environment(folder: Path, database: str = "") -> dict[str, str]:
    """What an installation is told; the data live in ``folder``, or in the PostgreSQL of the URL ``database``."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "elearning.settings.production",
        "SECRET_KEY": "only-for-the-benchmark-" * 3,
        "ALLOWED_HOSTS": "localhost",
        "SITE_URL": "https://localhost",
        "PRESISI_VAR": str(folder),
        "DATABASE_URL": database,
        "PYTHONPATH": str(ROOT),
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class WebServer:
    """``with WebServer(env, "elearning.settings.production") as server:`` listens on ``server.port``."""

    def __init__(self, env: dict[str, str], settings: str, log: Path) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "gunicorn", "elearning.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        command += ["--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS)]
        with log.open("a") as out:
            self.process = subprocess.Popen(
                [*command, "--log-level", "warning", "--backlog", "2048"],
                cwd=ROOT,
                env=env | {"DJANGO_SETTINGS_MODULE": settings},
                stdout=out,
                stderr=out,
            )

    def __enter__(self) -> "WebServer":
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                probe = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                probe.request("GET", "/", headers={"Host": "localhost"})
                probe.getresponse()
                return self
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("the web server did not start; its log is beside the data")

    def __exit__(self, *_exception) -> None:
        self.process.terminate()
        self.process.wait()

    def processor_seconds(self) -> float:
        """What the workers have used so far."""
        return sum(seconds_of(pid) for pid in children_of(self.process.pid))


def children_of(parent: int) -> list[int]:
    return [int(stat.parent.name) for stat in Path("/proc").glob("[0-9]*/stat") if _fields(stat)[1:2] == [str(parent)]]


def seconds_of(pid: int) -> float:
    """User and system time of a process, all its threads included."""
    fields = _fields(Path(f"/proc/{pid}/stat"))
    return (int(fields[11]) + int(fields[12])) / TICKS


def _fields(stat: Path) -> list[str]:
    """The fields behind the name, from the state on; none when the process is gone."""
    try:
        return stat.read_text().rpartition(")")[2].split()
    except OSError:
        return []
