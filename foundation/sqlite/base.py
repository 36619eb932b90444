"""Django's SQLite with a queue for whoever wants to write (decision 0018).

SQLite lets one connection write at a time. Those that wait ask again and again, at longer and longer intervals, and
whoever asks at the right moment goes first: in a rush the lock lay idle while some waited for twenty seconds. Here
they wait in a line that the kernel keeps, over threads and processes, and forgets with a process that dies.
"""

import fcntl
from pathlib import Path
from typing import TextIO

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    # A file object, not its number: it is closed with the connection of a thread that ended.
    _line: TextIO | None = None
    _at_the_head = False

    def _start_transaction_under_autocommit(self) -> None:
        # Without a file nobody else can write.
        if not self.is_in_memory_db():
            self._queue()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        # Not after a commit that failed: the transaction is still open then, and is rolled back.
        self._leave()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._leave()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._leave()
            if self._line is not None:
                self._line.close()
                self._line = None

    def _queue(self) -> None:
        if self._line is None:
            # A line of its own for each connection: the kernel queues open files, not processes.
            name = Path(self.settings_dict["NAME"])
            self._line = name.with_name(f"{name.name}-line").open("a")
        fcntl.flock(self._line, fcntl.LOCK_EX)
        self._at_the_head = True

    def _leave(self) -> None:
        if self._at_the_head and self._line is not None:
            fcntl.flock(self._line, fcntl.LOCK_UN)
            self._at_the_head = False
