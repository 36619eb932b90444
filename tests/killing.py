"""A process killed before any one of its writes, and what is there once the work has been run again."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import TypeVar

from django.db import connection, transaction

WRITES = ("INSERT", "UPDATE", "DELETE")
Seen = TypeVar("Seen")


def after_each_kill(act: Callable[[], object], again: Callable[[], object], see: Callable[[], Seen]) -> Iterator[Seen]:
    """What ``see`` finds after ``act`` was killed before its 1st, 2nd, … write and ``again`` was run.

    Each kill finds the same beginning. The last one comes after ``act`` has written everything: it is what an
    uninterrupted run and one more leave behind.
    """
    for place in count():
        with transaction.atomic():
            killed = _killed(act, before=place)
            again()
            found = see()
            transaction.set_rollback(True)
        yield found
        if not killed:
            return


def _killed(act: Callable[[], object], *, before: int) -> bool:
    """Whether ``act`` came to its write number ``before`` (from 0), where the process dies.

    What was not committed is gone, as savepoints are here: KeyboardInterrupt passes every ``except Exception``.
    """
    written = 0

    def die(execute, sql, params, many, context):
        nonlocal written
        if sql.lstrip().startswith(WRITES):
            if written == before:
                raise KeyboardInterrupt
            written += 1
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(die):
            act()
    except KeyboardInterrupt:
        # A write that is a transaction of its own spoils the test's, which is around it.
        transaction.set_rollback(False)
        return True
    return False
