"""Where the nation lies: a PostgreSQL cluster kept between runs, or a SQLite file; made once per size."""

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import postgres  # noqa: E402

# A small server of its own: what is measured is read from memory, as on a machine that was bought for it.
SETTINGS = [
    *postgres.SETTINGS,
    "shared_buffers=3GB",
    "effective_cache_size=10GB",
    "work_mem=64MB",
    "max_wal_size=8GB",
    "random_page_cost=1.1",
    "max_parallel_workers_per_gather=1",
]


@contextmanager
def server() -> Iterator[str]:
    with postgres.Cluster(postgres.programs(), purpose="-nation", settings=SETTINGS) as url:
        yield url


def _stamp() -> str:
    """What the rows are made by; a newer migration is applied to them as to any installation."""
    makers = ("answers.py", "generate.py", "learning.py", "people.py", "sql.py")
    files = (Path(__file__).parent / name for name in makers)
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def environment(url: str, officers: int) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "nation.settings",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'benchmarks'}",
        "NATION_OFFICERS": str(officers),
    }


def prepared(server_url: str | None, officers: int) -> tuple[dict[str, str], float | None]:
    """The environment of a worker on the nation of ``officers``, and the seconds it took to make it (None: kept)."""
    name = f"nation_{officers}_{_stamp()}"
    folder = Path(tempfile.gettempdir()) / "presisi-nation"
    folder.mkdir(exist_ok=True)
    url = f"{server_url.rsplit('/', 1)[0]}/{name}" if server_url else f"sqlite:///{folder / name}.sqlite3"
    own = environment(url, officers)
    mark = folder / f"{'pg' if server_url else 'sqlite'}_{name}.seconds"
    kept = mark.exists() and (server_url is None or _there(server_url, name))
    if not kept and server_url:
        _psql(server_url, f"DROP DATABASE IF EXISTS {name}")
        _psql(server_url, f"CREATE DATABASE {name}")
    elif not kept:
        Path(url.removeprefix("sqlite:///")).unlink(missing_ok=True)
    migrate = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env=own, check=True)
    if kept:
        return own, None
    made = subprocess.run([sys.executable, "-m", "nation.load"], cwd=ROOT, env=own, check=True, stdout=subprocess.PIPE)
    seconds = float(made.stdout.decode().split()[-1])
    mark.write_text(str(seconds))
    return own, seconds


def _psql(server_url: str, sql: str) -> str:
    home = server_url.removeprefix("postgresql://presisi@/").rsplit("/", 1)[0]
    command = [str(postgres.programs() / "psql"), "-h", home, "-U", "presisi", "-At", "-c", sql, "postgres"]
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd="/").stdout


def _there(server_url: str, name: str) -> bool:
    return bool(_psql(server_url, f"SELECT 1 FROM pg_database WHERE datname = '{name}'").strip())
