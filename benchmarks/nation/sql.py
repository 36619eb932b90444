"""What the two databases spell differently, and the kinds of orders whose rows are written."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

COURSES = 20
TWICE = 4


@dataclass(frozen=True)
class Kind:
    """One course in one cycle: its place in the series, and how many days ago it was ordered and was due."""

    number: int
    course: int
    cycle: int
    given: int
    due: int

    @property
    def finished(self) -> bool:
        return self.course <= TWICE and self.cycle == 1

    @property
    def level(self) -> int:
        """Who gave the order: Mabes, a Polda or a Polres."""
        return 1 if self.course <= 8 else 2 if self.course <= 14 else 3


def kinds() -> list[Kind]:
    found = [Kind(n, n, 1, 1_060 - n, 940 - n) for n in range(1, TWICE + 1)]
    found += [Kind(TWICE + n, n, 2, 200 - 10 * n, 110 - 30 * n) for n in range(1, TWICE + 1)]
    for course in range(TWICE + 1, COURSES + 1):
        given = 1_000 - (course - TWICE) * 61
        found.append(Kind(TWICE + course, course, 1, given, given - 75))
    return found


class Dialect:
    """What the two databases spell differently."""

    def __init__(self, now: datetime) -> None:
        self.postgresql = connection.vendor == "postgresql"
        self.now = now.strftime("%Y-%m-%d %H:%M:%S")
        self.evening = now.strftime("%Y-%m-%d 16:59:59")

    def filled(self, sql: str) -> str:
        """``{uuid}``, ``{ago:minutes}``, ``{evening:days ago}``, ``{day:days ago}``, ``{least:a,b}``."""
        patterns = (
            (r"\{uuid\}", lambda _found: "gen_random_uuid()" if self.postgresql else "lower(hex(randomblob(16)))"),
            (r"\{ago:(.*?)\}", lambda found: self._back(self.now, found[1], "minutes")),
            (r"\{evening:(.*?)\}", lambda found: self._back(self.evening, found[1], "days")),
            (r"\{day:(.*?)\}", lambda found: self._day(found[1])),
            (r"\{least:(.*?)\}", lambda found: f"{'least' if self.postgresql else 'min'}({found[1]})"),
        )
        for pattern, replacement in patterns:
            sql = re.sub(pattern, replacement, sql)
        return sql

    def _back(self, start: str, amount: str, unit: str) -> str:
        if self.postgresql:
            return f"(TIMESTAMPTZ '{start}+00' - ({amount})::int * INTERVAL '1 {unit[:-1]}')"
        return f"datetime('{start}', printf('%+d {unit}', -({amount})))"

    def _day(self, amount: str) -> str:
        moment = self._back(self.now, amount, "days")
        return f"({moment})::date" if self.postgresql else f"date({moment})"


def run(sql: str, dialect: Dialect) -> None:
    with connection.cursor() as cursor:
        # No parameters: a percent sign is a remainder here.
        cursor.execute(dialect.filled(sql))


def insert(table: str, columns: str, rows: Iterable[tuple]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ",".join("?" * len(columns.split(",")))
            cursor.cursor.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
