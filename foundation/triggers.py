"""Tables whose rows are written once: the database itself refuses to change or to remove them.

Rooms name their tables in their AppConfig's ``ready``; the triggers are put in place after every
migrate, because SQLite drops them silently when it rebuilds a table. The check of ``manage.py migrate``
and ``manage.py audit_check`` fail when one is missing.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

_tables: set[str] = set()
# SQLite: one trigger an event. PostgreSQL: one for rows, one for the statement that empties a table.
_EVENTS = {"sqlite": ("update", "delete"), "postgresql": ("row", "truncate")}
_MESSAGE = "rows of {table} are written once: they are neither changed nor removed"
_FUNCTION = """
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF position(',' || TG_TABLE_NAME || ',' IN current_setting('presisi.append_only_lifted', true)) > 0 THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    RAISE EXCEPTION 'rows of % are written once: they are neither changed nor removed', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def register_append_only(*tables: str) -> None:
    """Declare ``tables`` append-only; call it in ``AppConfig.ready`` with the names of database tables."""
    _tables.update(tables)


def registered() -> list[str]:
    return sorted(_tables)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the triggers that should guard existing tables and do not, as ``table (event)``."""
    present = _present(connection)
    return [
        f"{table} ({event})"
        for table in _existing(connection)
        for event in _EVENTS[connection.vendor]
        if _name(table, event) not in present
    ]


def create(connection: BaseDatabaseWrapper, tables: Iterable[str] | None = None) -> None:
    """Put every trigger in place; those already there stay."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for table in _existing(connection):
            if tables is None or table in tables:
                for event in _EVENTS[connection.vendor]:
                    cursor.execute(_creation(connection, table, event))


@contextmanager
def lifted(connection: BaseDatabaseWrapper, *tables: str) -> Iterator[None]:
    """Let the rows of ``tables`` (all when none is named) be changed or removed, in one transaction.

    Only the retention of whole sealed days and the flush of a test database do that. On SQLite, where one
    connection writes at a time, the triggers are away until the end of the transaction; on PostgreSQL they
    stay and let this transaction pass.
    """
    chosen = tables or tuple(registered())
    with transaction.atomic(using=connection.alias):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                _let_pass(cursor, chosen)
            else:
                for table in chosen:
                    for event in _EVENTS[connection.vendor]:
                        cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, event)}")
        yield
        # An error takes the way of the rollback, which puts back both kinds.
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                _let_pass(cursor, ())
        else:
            create(connection, chosen)


def _let_pass(cursor: Any, tables: Iterable[str]) -> None:
    cursor.execute("SELECT set_config('presisi.append_only_lifted', %s, true)", [f",{','.join(tables)},"])


def _name(table: str, event: str) -> str:
    return f"append_only_{table}_{event}"


def _existing(connection: BaseDatabaseWrapper) -> list[str]:
    return sorted(_tables.intersection(connection.introspection.table_names()))


def _present(connection: BaseDatabaseWrapper) -> set[str]:
    if connection.vendor == "postgresql":
        # Switched off counts as missing.
        query = "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'append_only_%' AND tgenabled <> 'D'"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}


def _creation(connection: BaseDatabaseWrapper, table: str, event: str) -> str:
    name, quoted = _name(table, event), connection.ops.quote_name(table)
    if connection.vendor == "postgresql":
        what = "UPDATE OR DELETE" if event == "row" else "TRUNCATE"
        each = "ROW" if event == "row" else "STATEMENT"
        return (
            f"CREATE OR REPLACE TRIGGER {name} BEFORE {what} ON {quoted} FOR EACH {each} EXECUTE FUNCTION append_only()"
        )
    return (
        f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event.upper()} ON {quoted} "
        f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE.format(table=table)}'); END"
    )


def create_after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Handle ``post_migrate`` of foundation, which comes when every app's tables stand."""
    create(connections[using])


def check_triggers(app_configs: Any, databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Fail when an append-only table stands unguarded (Django's check with the tag ``database``)."""
    return [
        Error(
            f"append-only trigger missing: {trigger}",
            hint="`manage.py migrate --skip-checks` puts it back; find out who removed it, then run `audit_check`.",
            id="foundation.E001",
        )
        for alias in databases or []
        for trigger in missing(connections[alias])
    ]
