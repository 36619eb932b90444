"""Drills run the real commands in processes of their own, on an installation copied from the test database."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection


@dataclass
class Command:
    """A command at work in a process of its own."""

    installation: "Installation"
    pid: int
    said: Path

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def wait(self) -> int:
        return self.installation.ask(wait=self.pid)

    def output(self) -> str:
        return self.said.read_text()


@dataclass
class Installation:
    """A folder for its files, a database, and the environment its processes run in."""

    var: Path
    environment: dict[str, str]
    commands: int = 0
    loaded: subprocess.Popen | None = field(default=None, repr=False)

    def start(self, *arguments: str) -> Command:
        """Begin ``manage.py`` with ``arguments``."""
        self.commands += 1
        said = self.var.parent / f"{self.var.name}-{self.commands}.txt"
        return Command(self, self.ask(start=arguments, output=str(said), environment=self.environment), said)

    def manage(self, *arguments: str, fails: bool = False) -> str:
        """Run ``manage.py`` to its end and return what it said on both channels."""
        command = self.start(*arguments)
        failed = command.wait() != 0
        assert failed is fails, command.output()
        return command.output()

    def python(self, program: str) -> str:
        """Run a few lines with Django set up and return what they printed."""
        return self.manage("shell", "--no-imports", "-c", program)

    def ask(self, **question) -> int:
        """What the process that has the project loaded (``loaded.py``) answers; the first question starts it."""
        self.loaded = self.loaded or subprocess.Popen(
            [sys.executable, "-m", "tests.drills.loaded"],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        print(json.dumps(question), file=self.loaded.stdin, flush=True)
        return int(self.loaded.stdout.readline())

    def close(self) -> None:
        if self.loaded:
            self.loaded.communicate()


class Installations:
    def __init__(self, folder: Path):
        self.folder = folder
        self.made: list[Installation] = []
        self.databases: list[str] = []

    def copied(self, name: str) -> Installation:
        """An installation whose database is a copy of the migrated, empty test database."""
        return self._installation(name, copy=True)

    def empty(self, name: str) -> Installation:
        """A machine on which nothing was installed yet: no table, no file."""
        return self._installation(name, copy=False)

    def _installation(self, name: str, *, copy: bool) -> Installation:
        var = self.folder / name
        var.mkdir()
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        environment |= {"PRESISI_VAR": str(var), "DJANGO_SETTINGS_MODULE": "tests.drills.settings"}
        if connection.vendor == "postgresql":
            environment["DATABASE_URL"] = self._create(f"{connection.settings_dict['NAME']}_{name}", copy=copy)
        elif copy:
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(var / "db.sqlite3")])
        self.made.append(Installation(var, environment))
        return self.made[-1]

    def _create(self, database: str, *, copy: bool) -> str:
        template = connection.settings_dict["NAME"] if copy else "template0"
        self.drop(database)
        if copy:
            self._send_everybody_out(template)
        self._as_owner(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        self.databases.append(database)
        options = connection.settings_dict
        # A socket's folder stands as a path behind a second slash (scripts/postgres.py).
        socket = options["HOST"].startswith("/")
        host, folder = ("", f"/{options['HOST']}") if socket else (options["HOST"], "")
        password = f":{options['PASSWORD']}" if options["PASSWORD"] else ""
        port = f":{options['PORT']}" if options["PORT"] else ""
        return f"postgresql://{options['USER']}{password}@{host}{port}{folder}/{database}"

    def drop(self, database: str) -> None:
        self._as_owner(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _send_everybody_out(self, database: str) -> None:
        """Nobody may be in a database while it is copied: not the threads of an earlier test's server either."""
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database])

    def _as_owner(self, statement: str) -> None:
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)


@pytest.fixture
def installations(transactional_db, tmp_path):
    made = Installations(tmp_path)
    yield made
    for installation in made.made:
        installation.close()
    for database in made.databases:
        made.drop(database)
