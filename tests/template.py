"""The migrated database that every worker copies, and puts back after each test that commits."""

import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

# What is written while a database is migrated: the schema, the triggers and the first rows.
_MIGRATED_FROM = (
    "requirements.txt",
    "*/migrations/*.py",
    "*/apps.py",
    "*/triggers.py",
    "reports/marking.py",
    "*/reference_data.py",
    "*/editorial.py",
    "*/services/editorial.py",
)


def _migrated_from() -> str:
    files = sorted(file for pattern in _MIGRATED_FROM for file in settings.BASE_DIR.glob(pattern))
    return hashlib.sha256(b"".join(str(file).encode() + file.read_bytes() for file in files)).hexdigest()


class Template:
    """The migrated database that this session's workers copy: a file beside the test database, or a database."""

    def __init__(self) -> None:
        folder = settings.BASE_DIR / ".cache" / "schema"
        folder.mkdir(parents=True, exist_ok=True)
        host = settings.DATABASES["default"].get("HOST")
        own = hashlib.sha256(f"{connection.vendor} {host} {settings.BASE_DIR}".encode()).hexdigest()[:16]
        self.file = folder / f"{own}.sqlite3"
        self.name = f"presisi_template_{own}"
        self.stamp = folder / f"{own}.migrations"
        self.lock = (folder / f"{own}.lock").open("w")
        self.rows: Rows | None = None

    def is_current(self) -> bool:
        return self.stamp.exists() and self.stamp.read_text() == _migrated_from()

    def make(self) -> None:
        """Keep a copy of this worker's database, which was migrated a moment ago."""
        self.stamp.unlink(missing_ok=True)
        if connection.vendor == "sqlite":
            self.file.unlink(missing_ok=True)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(self.file)])
        else:
            self._copy(connection.settings_dict["NAME"], self.name)
        self.stamp.write_text(_migrated_from())

    def copy(self) -> None:
        """Make this worker's database from it."""
        target = connection.creation._get_test_db_name()
        if connection.vendor == "sqlite":
            for old in Path(target).parent.glob(f"{Path(target).name}*"):
                old.unlink()
            shutil.copyfile(self.file, target)
        else:
            self._copy(self.name, target)

    def put_back(self) -> None:
        """Let the database of this worker be as it was migrated, whoever is still in it."""
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with closing(sqlite3.connect(self.file)) as source:
                source.backup(connection.connection)
        elif not (self.rows and self.rows.put_back()):
            self._copy(self.name, connection.settings_dict["NAME"])
            self.rows = Rows()

    def _copy(self, source: str, target: str) -> None:
        # Nobody may be connected to what PostgreSQL copies.
        connection.close()
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


class Rows:
    """What the migrations wrote into PostgreSQL: put back in a fifth of the time that a new copy takes."""

    # A test may have changed more than rows: tables, triggers switched off, functions.
    SCHEMA = """
        SELECT md5(concat(
            (SELECT string_agg(concat(oid, relname), ',' ORDER BY oid) FROM pg_class
                WHERE relnamespace = 'public'::regnamespace),
            (SELECT string_agg(concat(oid, tgenabled), ',' ORDER BY oid) FROM pg_trigger WHERE NOT tgisinternal),
            (SELECT string_agg(concat(oid, xmin), ',' ORDER BY oid) FROM pg_proc
                WHERE pronamespace = 'public'::regnamespace)
        ))"""
    NAMES = "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = %s"
    OTHERS = """
        SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"""

    def __init__(self) -> None:
        """Keep what a database copied a moment ago holds."""
        with connection.cursor() as cursor:
            self.schema = self._schema(cursor)
            cursor.execute(self.NAMES, ["r"])
            tables = [name for (name,) in cursor.fetchall()]
            self.kept = {}
            for table in tables:
                with cursor.copy(f"COPY {table} TO STDOUT") as lines:
                    if rows := b"".join(lines):
                        self.kept[table] = rows
            cursor.execute(self.NAMES, ["S"])
            self.script = ["SET LOCAL session_replication_role = replica", *(f"DELETE FROM {name}" for name in tables)]
            for (name,) in cursor.fetchall():
                cursor.execute(f"SELECT last_value, is_called FROM {name}")
                last, called = cursor.fetchone()
                self.script.append(f"SELECT setval('{name}', {last}, {called})")

    def put_back(self) -> bool:
        """Return False, with nothing done, where more than rows was changed."""
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute(self.OTHERS)
            if self._schema(cursor) != self.schema:
                return False
            with transaction.atomic():
                cursor.execute(";".join(self.script))
                for table, rows in self.kept.items():
                    with cursor.copy(f"COPY {table} FROM STDIN") as lines:
                        lines.write(rows)
        return True

    def _schema(self, cursor) -> str:
        cursor.execute(self.SCHEMA)
        return cursor.fetchone()[0]
