"""An index over the few ledger rows that correct another, for SQLite alone.

SQLite's statistics make the unique index over a column that is nearly always NULL look useless, and the table is read
for each row instead. PostgreSQL knows how many are NULL; there the same index leads its estimates astray.
A later migration that rebuilds the table on SQLite must make it again; a test says when it is missing.
"""

from django.db import migrations

CREATE = "CREATE INDEX completion_correcting ON enrolments_coursecompletion (corrects_id) WHERE corrects_id IS NOT NULL"
DROP = "DROP INDEX completion_correcting"


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(CREATE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(DROP)


class Migration(migrations.Migration):
    dependencies = [("enrolments", "0012_certificate_messages")]
    operations = [migrations.RunPython(create, drop, elidable=False)]
