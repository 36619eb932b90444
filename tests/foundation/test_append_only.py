"""What is written once stays as it was written, whoever asks and however they ask."""

import re
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError, SystemCheckError
from django.db import IntegrityError, connection, transaction

from foundation import audit, triggers
from foundation.models import AppendOnly, AppendOnlyViolation, AuditEvent
from tests.clock import NOON

WRITTEN_ONCE = {
    "foundation_auditevent",
    "foundation_auditseal",
    "foundation_approvalrequest",
    "foundation_approval",
    "courses_courseversion",
    "courses_courseversionitem",
    "quizzes_quizversion",
    "quizzes_versionquestion",
    "quizzes_versionoption",
    "enrolments_itemcompletion",
    "enrolments_coursecompletion",
    "certificates_certificatefile",
}


@pytest.fixture
def event(db) -> AuditEvent:
    return audit.record(verb="test.done", actor=None, at=NOON)


def test_the_ledger_versions_files_audit_and_approvals_are_declared_append_only():
    assert set(triggers.registered()) >= WRITTEN_ONCE


def test_every_model_that_says_it_is_append_only_is_declared():
    models_of_it = {model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnly)}

    assert models_of_it <= set(triggers.registered())


def test_every_declared_table_exists_under_that_name():
    tables = {model._meta.db_table for model in apps.get_models()}

    assert set(triggers.registered()) <= tables


def test_the_shipped_schema_has_every_trigger(db):
    assert triggers.missing(connection) == []
    call_command("check", "--tag", "database", "--database", "default", stdout=StringIO(), stderr=StringIO())


def test_no_row_can_be_changed_or_removed_with_sql(event):
    for statement in ("UPDATE foundation_auditevent SET verb = 'x'", "DELETE FROM foundation_auditevent"):
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_orm_cannot_change_or_remove_a_row_either(event):
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).update(verb="x")
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).delete()
    with pytest.raises(AppendOnlyViolation):
        event.save()
    with pytest.raises(AppendOnlyViolation):
        event.delete()
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        AuditEvent.objects.bulk_create([event], update_conflicts=True, unique_fields=["id"], update_fields=["verb"])


@pytest.mark.only_on("postgresql")
def test_a_table_cannot_be_emptied_at_once(event):
    with (
        pytest.raises(IntegrityError, match="written once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE foundation_auditevent")


def test_lifted_lets_named_tables_pass_and_guards_them_again(event):
    with triggers.lifted(connection, "foundation_auditevent"):
        AuditEvent.objects.filter(pk=event.pk).delete()

    later = audit.record(verb="test.done", actor=None, at=NOON)
    assert triggers.missing(connection) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEvent.objects.filter(pk=later.pk).delete()


def test_lifted_lets_no_other_table_pass(event):
    with (
        pytest.raises(IntegrityError),
        triggers.lifted(connection, "foundation_auditseal"),
    ):
        AuditEvent.objects.filter(pk=event.pk).delete()

    assert AuditEvent.objects.filter(pk=event.pk).exists()


def test_an_error_while_lifted_brings_the_guard_back(event):
    with pytest.raises(ZeroDivisionError), triggers.lifted(connection):
        raise ZeroDivisionError

    assert triggers.missing(connection) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).delete()


def test_a_rebuilt_table_is_noticed_and_guarded_again_by_the_next_migrate(event):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER append_only_foundation_auditevent_row ON foundation_auditevent")
        else:
            cursor.execute("DROP TRIGGER append_only_foundation_auditevent_update")

    with pytest.raises(SystemCheckError, match=re.escape("foundation_auditevent")):
        call_command("check", "--tag", "database", "--database", "default", stdout=StringIO(), stderr=StringIO())

    triggers.create_after_migrate(apps.get_app_config("foundation"), using="default")
    assert triggers.missing(connection) == []


@pytest.mark.only_on("sqlite")
def test_a_new_column_on_sqlite_loses_the_triggers_that_migrate_puts_back(db):
    """The trap this module stands for: SQLite rebuilds the table and drops its triggers without a word."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE append_only_trial (id integer PRIMARY KEY, word text NOT NULL)")
    triggers._tables.add("append_only_trial")
    try:
        triggers.create(connection)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE rebuilt AS SELECT * FROM append_only_trial")
            cursor.execute("DROP TABLE append_only_trial")
            cursor.execute("ALTER TABLE rebuilt RENAME TO append_only_trial")
        assert triggers.missing(connection) == ["append_only_trial (update)", "append_only_trial (delete)"]

        triggers.create_after_migrate(apps.get_app_config("foundation"), using="default")

        assert triggers.missing(connection) == []
    finally:
        triggers._tables.discard("append_only_trial")


def test_the_flush_of_a_transactional_test_is_the_only_one_let_through(transactional_db):
    audit.record(verb="test.done", actor=None, at=NOON)

    with pytest.raises(CommandError, match="couldn't be flushed"):
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
    with triggers.lifted(connection):
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)

    assert not AuditEvent.objects.exists()
    assert triggers.missing(connection) == []
