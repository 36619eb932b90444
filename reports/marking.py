"""The triggers that note whose figures must be counted again: whatever changes a row, in the row's own transaction.

They stand in the database and not in the services, because a figure that one forgotten service leaves behind would be
wrong for good. SQLite loses triggers with the table they stand on and refuses to rebuild a table that a trigger
elsewhere reads, so they go before a migration and come back after it.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

INSERT, UPDATE, DELETE = "INSERT", "UPDATE", "DELETE"
MARKS, ANSWER_MARKS = "reports_countmark", "reports_answermark"


@dataclass(frozen=True)
class Watch:
    """Writes to ``table`` that mark the officer or the unit (``column``) ``who`` in ``marks``, from ``since`` on.

    Both are SQL of the row as it is ({n}) and as it was before an update ({o}); ``joined`` are tables that they read
    besides, with what must hold. ``version`` only tells two watches of one event apart. With ``changed``, a column,
    other updates are not looked at, which pages that write often do not notice.
    """

    table: str
    event: str
    version: str
    column: str
    who: str
    since: str = "NULL"
    joined: str = ""
    marks: tuple[str, ...] = (MARKS,)
    changed: str = ""

    @property
    def name(self) -> str:
        return f"count_{self.table}_{self.event.lower()}_{self.version.lower()}"


def _earlier(one: str, other: str) -> str:
    """The earlier of two times of which one may be missing."""
    return "{least}(COALESCE(" + one + ", " + other + "), COALESCE(" + other + ", " + one + "))"


_CORRECTED = "(SELECT c.completed_at FROM enrolments_coursecompletion c WHERE c.id = {n}.corrects_id)"
# What was never so is wrong from the beginning; anything else from the moment at which it ended or ends now.
_DUTY_CHANGED = (
    "CASE WHEN {n}.ended_as = 'undone' OR {n}.valid_from <> {o}.valid_from "
    "THEN {least}({n}.valid_from, {o}.valid_from) ELSE " + _earlier("{n}.valid_to", "{o}.valid_to") + " END"
)
_POSTING_CHANGED = (
    "CASE WHEN {n}.unit_id <> {o}.unit_id OR {n}.officer_id <> {o}.officer_id OR {n}.valid_from <> {o}.valid_from "
    "THEN {least}({n}.valid_from, {o}.valid_from) ELSE " + _earlier("{n}.valid_to", "{o}.valid_to") + " END"
)
_EVERY_UNIT = "organisation_unit u ON 1 = 1"
_LONG_AGO = "'2000-01-01 00:00:00'"
_DUTY, _REASON, _LEDGER = "enrolments_duty", "enrolments_dutyreason", "enrolments_coursecompletion"
_CERTIFICATE = "certificates_certificate"
_POSTING, _FUNCTIONS = "organisation_posting", "organisation_posting_functions"
_OF_DUTY: dict[str, Any] = {
    "column": "officer_id",
    "who": "d.officer_id",
    "joined": "enrolments_duty d ON d.id = {n}.duty_id",
}
_BOTH = (MARKS, ANSWER_MARKS)
_OF_POSTING: dict[str, Any] = {
    "column": "unit_id",
    "who": "p.unit_id",
    "since": "p.valid_from",
    "joined": "organisation_posting p ON p.id = {n}.posting_id",
    "marks": _BOTH,
}
# What an item is worth changes figures of a round that is over: a pre-test that was corrected or sat afterwards.
_ITEM, _REOPENING = "enrolments_itemcompletion", "enrolments_itemreopening"
_OF_ITEM: dict[str, Any] = {
    "column": "officer_id",
    "who": "l.officer_id",
    "since": "{n}.completed_at",
    "joined": f"{_LEDGER} l ON l.enrolment_id = {{n}}.enrolment_id AND {{n}}.grade IS NOT NULL",
}
_OF_REOPENING = _OF_ITEM | {
    "who": "g.officer_id",
    "since": "g.completed_at",
    "joined": "(SELECT i.id, i.completed_at, l.officer_id FROM enrolments_itemcompletion i JOIN "
    "enrolments_coursecompletion l ON l.enrolment_id = i.enrolment_id) g ON g.id = {n}.completion_id",
}
_ATTEMPT, _RESPONSE, _CORRECTION = "quizzes_attempt", "quizzes_response", "quizzes_keycorrection"
_GRADED = (
    "(SELECT a.id, a.graded_at, e.officer_id FROM quizzes_attempt a "
    "JOIN enrolments_enrolment e ON e.id = a.enrolment_id) g ON g.id = "
)
_OF_ATTEMPT: dict[str, Any] = {
    "column": "officer_id",
    "who": "g.officer_id",
    "since": "g.graded_at",
    "joined": _GRADED + "{n}.id AND g.graded_at IS NOT NULL",
    "marks": (ANSWER_MARKS,),
}
_OF_RESPONSE = _OF_ATTEMPT | {"joined": _GRADED + "{n}.attempt_id AND g.graded_at IS NOT NULL"}
# A grade that was taken back, until somebody marks, was one.
_GRADED_ANEW = _OF_ATTEMPT | {"since": _earlier("{n}.graded_at", "{o}.graded_at"), "joined": _GRADED + "{n}.id"}
# Another key changes fractions, which mark whom they are of; but a question that was dropped counts again with it.
_DECIDES = (
    " AND ({n}.treatment <> 'key' OR EXISTS (SELECT 1 FROM quizzes_keycorrection c "
    "WHERE c.item_id = {n}.item_id AND c.question = {n}.question AND c.treatment <> 'key'))"
)
_WATCHED = (
    Watch(_DUTY, INSERT, "NEW", "officer_id", "{n}.officer_id", "{n}.valid_from"),
    Watch(_DUTY, UPDATE, "NEW", "officer_id", "{n}.officer_id", _DUTY_CHANGED),
    Watch(_DUTY, DELETE, "OLD", "officer_id", "{n}.officer_id", "{n}.valid_from"),
    Watch(_REASON, INSERT, "NEW", since="{n}.added_at", **_OF_DUTY),
    Watch(_REASON, UPDATE, "NEW", since=_earlier("{n}.ended_at", "{o}.ended_at"), **_OF_DUTY),
    Watch(_LEDGER, INSERT, "NEW", "officer_id", "{n}.officer_id", _earlier("{n}.completed_at", _CORRECTED)),
    Watch(_ITEM, INSERT, "NEW", **_OF_ITEM),
    Watch(_REOPENING, INSERT, "NEW", **_OF_REOPENING),
    # Of past days no certificates are counted.
    Watch(_CERTIFICATE, INSERT, "NEW", "unit_id", "{n}.unit_id"),
    Watch(_CERTIFICATE, INSERT, "OLD", "unit_id", "r.unit_id", joined=f"{_CERTIFICATE} r ON r.id = {{n}}.replaces_id"),
    Watch(_CERTIFICATE, UPDATE, "NEW", "unit_id", "{n}.unit_id"),
    Watch("enrolments_jptarget", INSERT, "NEW", "unit_id", "u.id", _LONG_AGO, _EVERY_UNIT),
    Watch(_POSTING, INSERT, "NEW", "unit_id", "{n}.unit_id", "{n}.valid_from", marks=_BOTH),
    Watch(_POSTING, UPDATE, "NEW", "unit_id", "{n}.unit_id", _POSTING_CHANGED, marks=_BOTH),
    Watch(_POSTING, UPDATE, "OLD", "unit_id", "{o}.unit_id", _POSTING_CHANGED, marks=_BOTH),
    Watch(_POSTING, DELETE, "OLD", "unit_id", "{n}.unit_id", "{n}.valid_from", marks=_BOTH),
    Watch(_FUNCTIONS, INSERT, "NEW", **_OF_POSTING),
    Watch(_FUNCTIONS, DELETE, "OLD", **_OF_POSTING),
    Watch(_ATTEMPT, INSERT, "NEW", **_OF_ATTEMPT),
    Watch(_ATTEMPT, UPDATE, "GRADED", changed="graded_at", **_GRADED_ANEW),
    Watch(_ATTEMPT, UPDATE, "SET_ASIDE", changed="set_aside_by_id", **_OF_ATTEMPT),
    Watch(_RESPONSE, UPDATE, "MARKED", changed="fraction", **_OF_RESPONSE),
    # Past days too are told as answers are marked today.
    Watch(_CORRECTION, INSERT, "NEW", "unit_id", "u.id", _LONG_AGO, _EVERY_UNIT + _DECIDES, (ANSWER_MARKS,)),
)


def names() -> list[tuple[str, str]]:
    """(table, trigger) of every trigger that should stand."""
    return [(watch.table, watch.name) for watch in _WATCHED]


def create(connection: BaseDatabaseWrapper) -> None:
    """Put every trigger in place, where its table stands."""
    there = set(connection.introspection.table_names())
    creation = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    with connection.cursor() as cursor:
        for watch in _WATCHED:
            if watch.table in there and there.issuperset(watch.marks):
                for statement in creation(watch):
                    cursor.execute(statement)


def drop(connection: BaseDatabaseWrapper) -> None:
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table, name in names():
            if table in there:
                on = "" if connection.vendor == "sqlite" else f" ON {table}"
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def _on_postgresql(watch: Watch) -> list[str]:
    words = {"n": "n", "o": "o", "least": "LEAST"}
    if watch.changed:
        inserts = _inserts(watch, words={"n": "NEW", "o": "OLD", "least": "LEAST"})
        event = (
            f"UPDATE OF {watch.changed} ON {watch.table} FOR EACH ROW "
            f"WHEN (OLD.{watch.changed} IS DISTINCT FROM NEW.{watch.changed})"
        )
    else:
        # Once a statement, however many rows it wrote.
        tables, source = "OLD TABLE AS changed" if watch.event == DELETE else "NEW TABLE AS changed", "changed n"
        if watch.event == UPDATE:
            tables, source = f"OLD TABLE AS before {tables}", f"{source} JOIN before o ON o.id = n.id"
        if watch.joined:
            source += f" JOIN {watch.joined.format(**words)}"
        who, since = watch.who.format(**words), watch.since.format(**words)
        inserts = " ".join(
            f"INSERT INTO {marks} ({watch.column}, since) "  # noqa: S608  # every part is written above
            f"SELECT {who}, MIN(CAST({since} AS timestamptz)) FROM {source} GROUP BY {who};"
            for marks in watch.marks
        )
        event = f"{watch.event} ON {watch.table} REFERENCING {tables} FOR EACH STATEMENT"
    return [
        f"CREATE OR REPLACE FUNCTION {watch.name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {inserts} RETURN NULL; END $$",
        f"CREATE OR REPLACE TRIGGER {watch.name} AFTER {event} EXECUTE FUNCTION {watch.name}()",
    ]


def _on_sqlite(watch: Watch) -> list[str]:
    event = f"UPDATE OF {watch.changed}" if watch.changed else watch.event
    when = f"WHEN OLD.{watch.changed} IS NOT NEW.{watch.changed} " if watch.changed else ""
    words = {"n": "OLD" if watch.event == DELETE else "NEW", "o": "OLD", "least": "MIN"}
    return [
        f"CREATE TRIGGER IF NOT EXISTS {watch.name} AFTER {event} ON {watch.table} {when}"
        f"BEGIN {_inserts(watch, words=words)} END",
    ]


def _inserts(watch: Watch, *, words: dict[str, str]) -> str:
    """What a trigger of each row writes."""
    source = ""
    if watch.joined:
        table, _on, condition = watch.joined.format(**words).rpartition(" ON ")
        source = f" FROM {table} WHERE {condition}"
    who, since = watch.who.format(**words), watch.since.format(**words)
    return " ".join(
        f"INSERT INTO {marks} ({watch.column}, since) SELECT {who}, {since}{source};"  # as above
        for marks in watch.marks
    )


def drop_before_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    if connections[using].vendor == "sqlite":
        drop(connections[using])


def create_after_migrate(sender: AppConfig, using: str, **kwargs: Any) -> None:
    create(connections[using])
