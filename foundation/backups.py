"""A backup is a folder: the database as one consistent snapshot, every stored file, and a manifest.

The database is copied through SQLite's online backup or ``pg_dump``, never as a live file, and before the
files: rows that name a file are then never newer than the files. The manifest has row counts of that very
snapshot and a SHA-256 of everything, so a restore can prove itself.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient
from django.db.migrations.recorder import MigrationRecorder

from . import audit

MANIFEST = "manifest.json"
MADE, RESTORED = "backup.made", "backup.restored"
# Below a store, what goes within days and is made anew for whoever asks: prepared files of reports.
FLEETING = "exports"
_DATABASE_FILE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


class BackupRefused(Exception):
    """A backup cannot be made or put back this way; the message says what to do."""


def stores() -> dict[str, Path]:
    """Folders of stored files that belong to a backup, by their name in it."""
    return {"media": Path(settings.MEDIA_ROOT), "private": Path(settings.PRIVATE_ROOT)}


# --- making -----------------------------------------------------------------


def make(folder: Path, *, at: datetime, keep: int | None = None) -> Path:
    """Write a backup below ``folder`` and return it; with ``keep`` only so many of the newest stay."""
    name = f"presisi-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    target, partial = folder / name, folder / f".{name}.partial"
    if target.exists():
        raise BackupRefused(f"{target} sudah ada.")
    partial.mkdir(mode=0o700, parents=True)
    try:
        database = partial / _DATABASE_FILE[connection.vendor]
        rows = _snapshot(database)
        manifest: dict[str, Any] = {
            "made_at": at.isoformat(),
            "vendor": connection.vendor,
            "migrations": sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()),
            "rows": rows,
            "files": {database.name: _described(database)},
        }
        for store, root in stores().items():
            for path in _files(root):
                relative = Path(store) / path.relative_to(root)
                (partial / relative).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, partial / relative)
                manifest["files"][relative.as_posix()] = _described(partial / relative)
        (partial / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True))
        _flush_to_disk(partial)
        partial.rename(target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    audit.record(verb=MADE, actor=None, at=at, detail={"name": name, "rows": sum(rows.values())})
    if keep:
        for old in sorted(folder.glob("presisi-*Z"))[:-keep]:
            shutil.rmtree(old)
    return target


def _snapshot(target: Path) -> dict[str, int]:
    if connection.vendor == "sqlite":
        return _sqlite_snapshot(target)
    return _postgresql_snapshot(target)


def _sqlite_snapshot(target: Path) -> dict[str, int]:
    live = sqlite3.connect(
        f"{Path(connection.settings_dict['NAME']).absolute().as_uri()}?mode=ro", uri=True, timeout=60
    )
    copy = sqlite3.connect(target)
    try:
        # All pages in one step: with smaller steps every write of somebody else begins the copy anew.
        live.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")
        _check_integrity(copy)
        return _sqlite_counts(copy)
    finally:
        copy.close()
        live.close()


def _check_integrity(database: sqlite3.Connection) -> None:
    [(verdict,)] = database.execute("PRAGMA integrity_check(1)").fetchall()
    if verdict != "ok":
        raise BackupRefused(f"Basis data rusak: {verdict}")


def _sqlite_counts(database: sqlite3.Connection) -> dict[str, int]:
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    tables = [name for (name,) in database.execute(query)]
    return {name: database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608


def _postgresql_snapshot(target: Path) -> dict[str, int]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        _run_postgresql("pg_dump", "-Fc", "--no-owner", f"--snapshot={snapshot}", "-f", str(target))
        return _postgresql_counts()


def _postgresql_counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            counts[table] = cursor.fetchone()[0]
        return counts


def _run_postgresql(program: str, *arguments: str) -> None:
    options = connection.settings_dict
    _psql, environment = DatabaseClient.settings_to_cmd_args_env(options, [])
    where = ["-d", options["NAME"]]
    for flag, key in (("-h", "HOST"), ("-p", "PORT"), ("-U", "USER")):
        if options.get(key):
            where += [flag, str(options[key])]
    # The password travels in the environment, never in the list of processes.
    done = subprocess.run(  # noqa: S603
        [program, *where, *arguments],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupRefused(f"{program} gagal: {done.stderr.strip()[-500:]}")


# --- checking ---------------------------------------------------------------


def verified(backup: Path) -> dict[str, Any]:
    """Return the manifest of ``backup`` after reading every file. Raises BackupRefused when one differs."""
    try:
        manifest = json.loads((backup / MANIFEST).read_text())
    except (OSError, ValueError):
        raise BackupRefused(f"{backup} bukan cadangan: {MANIFEST} tidak ada atau tidak terbaca.") from None
    for name, description in manifest["files"].items():
        path = backup / name
        if not path.is_file():
            raise BackupRefused(f"Cadangan tidak lengkap: {name} tidak ada.")
        if _described(path) != description:
            raise BackupRefused(f"Cadangan rusak: isi {name} tidak sama dengan manifes.")
    return manifest


# --- putting back -----------------------------------------------------------


def restore(backup: Path, *, at: datetime, force: bool = False) -> dict[str, Any]:
    """Put ``backup`` back and return its manifest; stop every other process of the platform first.

    Refuses a database or store that is not empty; with ``force`` what was there is set aside, not removed.
    """
    manifest = verified(backup)
    if manifest["vendor"] != connection.vendor:
        raise BackupRefused(f"Cadangan ini dari {manifest['vendor']}, pemasangan ini memakai {connection.vendor}.")
    occupied = ["basis data"] if connection.introspection.table_names() else []
    occupied += [name for name, root in stores().items() if any(_files(root))]
    if occupied and not force:
        raise BackupRefused(f"Tujuan tidak kosong ({', '.join(occupied)}). Pakai --force untuk menyisihkannya.")
    aside = f"before-restore-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    put_back = _restore_sqlite if connection.vendor == "sqlite" else _restore_postgresql
    put_back(backup / _DATABASE_FILE[connection.vendor], aside)
    for store, root in stores().items():
        if any(_files(root)):
            root.rename(root.with_name(f"{root.name}.{aside}"))
        if (backup / store).is_dir():
            shutil.copytree(backup / store, root, dirs_exist_ok=True)
    rows = current_counts()
    if rows != manifest["rows"]:
        wrong = sorted(name for name in {*rows, *manifest["rows"]} if rows.get(name) != manifest["rows"].get(name))
        raise BackupRefused(f"Jumlah baris tidak sama dengan manifes: {', '.join(wrong)}.")
    audit.record(verb=RESTORED, actor=None, at=at, detail={"name": backup.name, "made_at": manifest["made_at"]})
    return manifest


def current_counts() -> dict[str, int]:
    """Rows of every table of the database in use."""
    if connection.vendor == "postgresql":
        return _postgresql_counts()
    connection.ensure_connection()
    return _sqlite_counts(connection.connection)


def _restore_sqlite(source: Path, aside: str) -> None:
    connection.close()
    target = Path(connection.settings_dict["NAME"])
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.restoring")
    shutil.copyfile(source, fresh)
    for ending in ("", "-wal", "-shm"):
        old = target.with_name(target.name + ending)
        if old.exists():
            old.rename(old.with_name(f"{target.name}.{aside}{ending}"))
    fresh.rename(target)
    set_aside = target.with_name(f"{target.name}.{aside}")
    if set_aside.exists() and not set_aside.stat().st_size:
        set_aside.unlink()


def _restore_postgresql(source: Path, aside: str) -> None:
    schema = connection.ops.quote_name(aside.lower().replace("-", "_"))
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.introspection.table_names(cursor):
            # It would go aside with the schema, and what comes in would miss it.
            cursor.execute("DROP EXTENSION IF EXISTS pg_trgm CASCADE")
            cursor.execute(f"ALTER SCHEMA public RENAME TO {schema}")
            cursor.execute("CREATE SCHEMA public")
    connection.close()
    # Without comments: that of an extension which somebody else made is not ours to write.
    _run_postgresql("pg_restore", "--no-owner", "--no-comments", "--exit-on-error", "--single-transaction", str(source))


# --- files ------------------------------------------------------------------


def _files(root: Path) -> Iterator[Path]:
    if not root.is_dir():
        return iter(())
    return (path for path in sorted(root.rglob("*")) if path.is_file() and root / FLEETING not in path.parents)


def _described(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"size": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _flush_to_disk(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
