"""The triggers that note whose figures must be counted again: whatever changes a row, in the row's own transaction.

They stand in the database and not in the services, because a figure that one forgotten service leaves behind would be
wrong for good. SQLite loses triggers with the table they stand on and refuses to rebuild a table that a trigger
elsewhere reads, so they go before a migration and come back after it.
"""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

INSERT, UPDATE, DELETE = "INSERT", "UPDATE", "DELETE"
_OFFICER = ("officer_id", "SELECT DISTINCT officer_id FROM {changed}")
_UNIT = ("unit_id", "SELECT DISTINCT unit_id FROM {changed}")
_UNIT_OF_POSTING = (
    "unit_id",
    "SELECT DISTINCT p.unit_id FROM {changed} c JOIN organisation_posting p ON p.id = c.posting_id",
)
# (table, event, which version of the row, what is marked)
_OFFICER_OF_DUTY = (
    "officer_id",
    "SELECT DISTINCT d.officer_id FROM {changed} c JOIN enrolments_duty d ON d.id = c.duty_id",
)
_EVERY_UNIT = ("unit_id", "SELECT id FROM organisation_unit")
_WATCHED = (
    ("enrolments_duty", INSERT, "NEW", _OFFICER),
    ("enrolments_duty", UPDATE, "NEW", _OFFICER),
    ("enrolments_duty", DELETE, "OLD", _OFFICER),
    ("enrolments_dutyreason", INSERT, "NEW", _OFFICER_OF_DUTY),
    ("enrolments_dutyreason", UPDATE, "NEW", _OFFICER_OF_DUTY),
    ("enrolments_coursecompletion", INSERT, "NEW", _OFFICER),
    ("enrolments_jptarget", INSERT, "NEW", _EVERY_UNIT),
    ("organisation_posting", INSERT, "NEW", _UNIT),
    ("organisation_posting", UPDATE, "NEW", _UNIT),
    ("organisation_posting", UPDATE, "OLD", _UNIT),
    ("organisation_posting", DELETE, "OLD", _UNIT),
    ("organisation_posting_functions", INSERT, "NEW", _UNIT_OF_POSTING),
    ("organisation_posting_functions", DELETE, "OLD", _UNIT_OF_POSTING),
)
_ROW = "(SELECT {version}.{column} AS {column})"
MARKS = "reports_countmark"


def names() -> list[tuple[str, str]]:
    """(table, trigger) of every trigger that should stand."""
    return [(table, _name(table, event, version)) for table, event, version, _what in _WATCHED]


def create(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger in place, where its table stands."""
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table, event, version, (column, select) in _WATCHED:
            if table in there and MARKS in there:
                name = _name(table, event, version)
                for statement in _creation(connection, name, table, event, version, column, select):
                    cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper) -> None:
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table, name in names():
            if table in there:
                on = "" if connection.vendor == "sqlite" else f" ON {table}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def _name(table: str, event: str, version: str) -> str:
    return f"count_{table}_{event.lower()}_{version.lower()}"


def _creation(
    connection: BaseDatabaseWrapper, name: str, table: str, event: str, version: str, column: str, select: str
) -> list[str]:
    if connection.vendor == "postgresql":
        # Once a statement, however many rows it wrote.
        insert = f"INSERT INTO {MARKS} ({column}) {select.format(changed='changed')};"
        return [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {insert} RETURN NULL; END $$",
            f"CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {table} REFERENCING {version} TABLE AS changed "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
        ]
    read = next((name for name in ("posting_id", "duty_id") if name in select), column)
    row = _ROW.format(version=version, column=read)
    insert = f"INSERT INTO {MARKS} ({column}) {select.format(changed=row)};"
    return [f"CREATE TRIGGER IF NOT EXISTS {name} AFTER {event} ON {table} BEGIN {insert} END"]


def drop_before_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    if connections[using].vendor == "sqlite":
        drop(connections[using])


def create_after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    create(connections[using])
