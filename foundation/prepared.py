"""Queries that Django puts together once. What changes from call to call stands in slots.

Putting a query together costs Django several times what the database takes to answer it. That matters in
one kind of place only: what everybody asks all the time (decision 0018). Anywhere else use a QuerySet.

    OPEN = PreparedRows(lambda: Attempt.objects.filter(uuid=Slot("uuid", UUIDField()), submitted_at=None))
    for attempt in OPEN.rows(uuid=uuid): ...
"""

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql import UpdateQuery

Row = TypeVar("Row", bound=Model)
Statement = tuple[str, tuple[Any, ...]]


class Slot(Expression):
    """The place of a value that comes with each call, under ``name``."""

    def __init__(self, name: str, output_field: Field) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", [self]


def _filled(parameters: tuple[Any, ...], values: Mapping[str, Any], connection) -> tuple[Any, ...]:
    return tuple(
        slot.output_field.get_db_prep_value(values[slot.name], connection) if isinstance(slot, Slot) else slot
        for slot in parameters
    )


class PreparedRows(Generic[Row]):
    """``make`` is called once, when models are ready, and returns the query with slots in it."""

    def __init__(self, make: Callable[[], QuerySet[Row, Any]]) -> None:
        self._make = make
        self._prepared: tuple[Any, Statement, dict] | None = None

    def rows(self, **values: Any) -> Iterator[Row]:
        """The rows as the QuerySet would give them, related ones and annotations included."""
        compiler = self._filled_compiler(values)
        query = SimpleNamespace(get_compiler=lambda using: compiler)
        # What ModelIterable asks of a QuerySet, and no more.
        source: Any = SimpleNamespace(db=DEFAULT_DB_ALIAS, query=query, _known_related_objects={})
        return iter(ModelIterable(source))

    def first(self, **values: Any) -> Row | None:
        """The first of ``rows``; the query itself says in which order, and that one is enough."""
        return next(self.rows(**values), None)

    def tuples(self, **values: Any) -> Iterator[tuple[Any, ...]]:
        """What the QuerySet would give where it ends in ``values_list`` with plain names."""
        return iter(self._filled_compiler(values).results_iter(tuple_expected=True))

    def _filled_compiler(self, values: Mapping[str, Any]) -> Any:
        if self._prepared is None:
            prototype = self._make().query.get_compiler(DEFAULT_DB_ALIAS)
            statement = prototype.as_sql()
            columns = [column for column, _sql, _alias in prototype.select[: prototype.col_count]]
            self._prepared = prototype, statement, prototype.get_converters(columns)
        prototype, (sql, parameters), converters = self._prepared
        # A compiler belongs to the thread of its connection; all it knows of the query is only read.
        compiler = copy.copy(prototype)
        compiler.connection = connections[DEFAULT_DB_ALIAS]
        filled = _filled(parameters, values, compiler.connection)
        compiler.as_sql = lambda *_arguments, **_options: (sql, filled)
        # How a value of each column becomes one of Python; asked anew it was a fifteenth of a save.
        compiler.get_converters = lambda _columns: converters
        return compiler


class PreparedUpdate:
    """As ``queryset.update(**changes)``, where queryset and changes may hold slots."""

    def __init__(self, make: Callable[[], QuerySet], **changes: Any) -> None:
        self._make, self._changes = make, changes
        self._statement: Statement | None = None

    def run(self, **values: Any) -> int:
        """Return how many rows were changed."""
        sql, parameters = self._statement or self._prepare()
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            cursor.execute(sql, _filled(parameters, values, connection))
            return cursor.rowcount

    def run_many(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """``run`` for each of ``rows``, on one way to the database."""
        sql, parameters = self._statement or self._prepare()
        connection = connections[DEFAULT_DB_ALIAS]
        with connection.cursor() as cursor:
            cursor.executemany(sql, [_filled(parameters, values, connection) for values in rows])

    def _prepare(self) -> Statement:
        query: Any = self._make().query.chain(UpdateQuery)
        query.add_update_values(self._changes)
        self._statement = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        return self._statement
