"""``python -m nation.measure [part of a label]``: open every screen in this process and print a line of JSON each.

The whole request is measured, middleware and template included, without the network. With NATION_SLOW=50 the
queries that take longer than so many milliseconds are printed to the error stream.
"""

import json
import os
import sys
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

# As gunicorn loads it, so that a page pays for no more garbage than in production.
import elearning.wsgi  # noqa: F401
from nation.screens import Screen, screens
from reports.day_counts import count_next
from reports.recounting import recount_answers, recount_marked

MOST_ROUNDS, FEWEST_ROUNDS, BUDGET_MS = 20, 5, 2_000
# What takes longer than this is opened once.
SLOW_MS = 5_000
PATIENCE_MS = 30_000
STILL_COUNTING = 202


def resident_mb() -> float:
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def counted(act: Callable[[], None]) -> tuple[int, list[tuple[float, str]]]:
    """How many statements ``act`` sends, and each with its milliseconds."""
    sent: list[tuple[float, str]] = []

    def count(execute, sql, params, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            sent.append(((time.perf_counter() - began) * 1000, _with(sql, params)))

    with connection.execute_wrapper(count):
        act()
    return len(sent), sent


def _with(sql: str, params) -> str:
    try:
        return sql % tuple(f"'{value}'" for value in params or ())
    except (TypeError, ValueError):
        return sql


def opened(screen: Screen) -> float:
    began = time.perf_counter()
    answer = screen.client.get(screen.path)
    if answer.streaming:
        b"".join(answer.streaming_content)
    taken = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{screen.label} answers {answer.status_code}")
    return taken


def measured(screen: Screen) -> dict:
    row = {"screen": screen.label, "officers": settings.NATION_OFFICERS, "database": connection.vendor}
    try:
        opened_first: list[float] = []
        queries, sent = counted(lambda: opened_first.append(opened(screen)))
        times = opened_first if opened_first[0] > SLOW_MS else []
        while not opened_first[0] > SLOW_MS and _goes_on(times):
            times.append(opened(screen))
    except DatabaseError:
        connection.close()
        return {**row, "p50_ms": None, "p95_ms": None, "queries": None, "rss_mb": round(resident_mb(), 1)}
    threshold = float(os.environ.get("NATION_SLOW", 0))
    if threshold:
        for milliseconds, sql in sent:
            if milliseconds >= threshold:
                print(f"-- {screen.label} {milliseconds:.0f} ms\n{sql};", file=sys.stderr)
    if os.environ.get("NATION_QUERIES"):
        for milliseconds, sql in sent:
            print(f"{screen.label} {milliseconds:.0f} ms {sql[:110]} … {sql[-160:]}", file=sys.stderr)
    times.sort()
    return {
        **row,
        "p50_ms": round(times[len(times) // 2], 1),
        "p95_ms": round(times[min(len(times) - 1, int(len(times) * 0.95))], 1),
        "queries": queries,
        "rss_mb": round(resident_mb(), 1),
        "limit_ms": screen.limit_ms,
    }


def _is_uncounted(screen: Screen) -> bool:
    try:
        return screen.client.get(screen.path).status_code == STILL_COUNTING
    except DatabaseError:
        # It took longer than anybody waits; measured says so.
        connection.close()
        return False


def _goes_on(times: list[float]) -> bool:
    return len(times) < FEWEST_ROUNDS or (len(times) < MOST_ROUNDS and sum(times) < BUDGET_MS)


def _counted_first(screen: str, count: Callable[..., int]) -> dict:
    """What a worker does before pages can be read from counts."""
    began = time.perf_counter()
    while count(at=timezone.now()):
        pass
    taken = round((time.perf_counter() - began) * 1000, 1)
    row = {"screen": screen, "officers": settings.NATION_OFFICERS, "act": True}
    return {**row, "database": connection.vendor, "p50_ms": taken, "p95_ms": taken, "rss_mb": round(resident_mb(), 1)}


def main(wanted: list[str]) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = {PATIENCE_MS}")
    # After a nation was loaded, or after an order to all of it.
    print(json.dumps(_counted_first("tick: units counted that were not", recount_marked)), flush=True)
    print(json.dumps(_counted_first("tick: answers counted that were not", recount_answers)), flush=True)
    for screen in screens():
        if not wanted or any(part in screen.label for part in wanted):
            if _is_uncounted(screen):
                print(json.dumps(_counted_first(f"{screen.label}: counted before", count_next)), flush=True)
            print(json.dumps(measured(screen)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
