"""An index over the few certificates that replace another, for SQLite alone, as enrolments has one for corrections.

SQLite's statistics make the unique index over a column that is nearly always NULL look useless: the register read every
certificate for each of the fifty that it shows. A later migration that rebuilds the table on SQLite must make it again;
a test says when it is missing.
"""

from django.db import migrations

CREATE = (
    "CREATE INDEX certificate_replacing ON certificates_certificate (replaces_id) WHERE replaces_id IS NOT NULL"
)
DROP = "DROP INDEX IF EXISTS certificate_replacing"


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(CREATE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(DROP)


class Migration(migrations.Migration):
    dependencies = [("certificates", "0010_search")]
    operations = [migrations.RunPython(create, drop, elidable=False)]
