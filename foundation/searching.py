"""Search for a part of a name, in a table of a whole force.

``icontains`` reads every row. On PostgreSQL an index over the three-letter pieces of a column finds those that can
match; SQLite has none such and needs none for the people of one Polda.
"""

from django.db.migrations import RunPython


def indexed_for_search(table: str, column: str) -> RunPython:
    """What a migration does so that ``icontains`` over a column finds instead of reading every row.

    The extension pg_trgm, which the migration of officers makes, must stand.
    """
    name = f"{table}_{column}_search"

    def create(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            # As Django writes icontains; any other expression would not be found.
            schema_editor.execute(f"CREATE INDEX {name} ON {table} USING gin (UPPER({column}::text) gin_trgm_ops)")

    def drop(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX {name}")

    return RunPython(create, drop)
