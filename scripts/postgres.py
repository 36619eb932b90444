"""A PostgreSQL cluster of our own for the tests: kept between runs, fsync off, reachable by a socket only."""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from ground import ROOT

# Durability is worth nothing here, speed is.
SETTINGS = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=60"]
OLDEST = 15


def programs() -> Path | None:
    """The folder with initdb and pg_ctl of the newest version that is new enough; None without one."""
    folders = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    newest = max(folders, key=lambda folder: int(folder.parent.name), default=None)
    if newest:
        return newest if int(newest.parent.name) >= OLDEST else None
    found = shutil.which("pg_ctl")
    return Path(found).resolve().parent if found else None


class Cluster:
    """``with Cluster(programs()) as url:`` gives a DATABASE_URL; ``purpose`` tells one cluster from another."""

    def __init__(self, folder: Path, *, purpose: str = "", settings: list[str] = SETTINGS):
        self.bin = folder
        self.settings = settings
        # Not inside the checkout: PostgreSQL refuses root, and the account postgres may not be able to reach it.
        name = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
        self.home = Path(tempfile.gettempdir()) / f"presisi-postgres-{os.geteuid()}-{name}{purpose}"
        self.data = self.home / "data"
        # A path that starts with a second slash is the folder of the socket.
        self.url = f"postgresql://presisi@/{self.home}/presisi"
        self.account = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        command = [str(self.bin / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", self.account, "--", *command]
        log = self.home / "commands.log"
        with log.open("a") as out:
            code = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=out, stderr=out).returncode
        if code and check:
            raise RuntimeError(f"{program} failed:\n{log.read_text()[-2000:]}")
        return code

    def _make(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(mode=0o700)
        shutil.chown(self.home, self.account)
        self._run(
            "initdb", "-D", str(self.data), "-U", "presisi", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"
        )
        with (self.data / "postgresql.conf").open("a") as configuration:
            for setting in self.settings:
                name, value = setting.split("=")
                configuration.write(f"{name} = '{value}'\n")
            configuration.write(f"unix_socket_directories = '{self.home}'\n")

    def __enter__(self) -> str:
        mine = self.home.exists() and self.home.stat().st_uid == pwd.getpwnam(self.account).pw_uid
        start = ("-D", str(self.data), "-l", str(self.home / "server.log"), "-w", "start")
        if not mine or not (self.data / "PG_VERSION").exists():
            self._make()
        self._stop()
        if self._run("pg_ctl", *start, check=False):
            # Made by another version, or cut off: nothing in it is worth keeping.
            self._make()
            self._run("pg_ctl", *start)
        return self.url

    def create(self, database: str) -> None:
        self._run("createdb", "-h", str(self.home), "-U", "presisi", database)

    def __exit__(self, *_exception) -> None:
        self._stop()

    def _stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop", check=False)
