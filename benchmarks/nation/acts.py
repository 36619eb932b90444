"""``python -m nation.acts [part of a name]``: what is done to a whole nation at once; a line of JSON each.

An order to everybody is looked at, carried out and undone again for good; an import of moves is rolled back.
"""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from courses.models import Course, CourseVersion  # noqa: E402
from enrolments.assignment import AssignmentRule, Due  # noqa: E402
from enrolments.dry_run import count_effect  # noqa: E402
from enrolments.models import Duty, OrderWork  # noqa: E402
from enrolments.services import assign_course, continue_work, follow_moves, undo_assignment  # noqa: E402
from foundation.due import steps  # noqa: E402
from nation.measure import counted, resident_mb  # noqa: E402
from nation.screens import holder, signed_in, unit_of  # noqa: E402
from organisation.imports.officers import TEMPLATE_HEADER, import_officers  # noqa: E402
from organisation.models import Posting, Role, Unit  # noqa: E402

MOVED = 20_000


class Peak:
    """``with Peak() as peak``: the most memory this process held meanwhile, in MB."""

    def __enter__(self) -> "Peak":
        self.mb, self._over = resident_mb(), threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()
        return self

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            self.mb = max(self.mb, resident_mb())

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._watcher.join()


def timed(name: str, act: Callable[[], Any], *, limit_ms: int | None = None) -> dict:
    with Peak() as peak:
        began = time.perf_counter()
        queries, _sent = counted(act)
        taken = round((time.perf_counter() - began) * 1000, 1)
    row = {"screen": name, "officers": settings.NATION_OFFICERS, "database": connection.vendor, "act": True}
    return {**row, "p50_ms": taken, "p95_ms": taken, "queries": queries, "rss_mb": round(peak.mb, 1)} | (
        {"limit_ms": limit_ms} if limit_ms else {}
    )


def exports() -> Iterator[dict]:
    client = signed_in(holder(unit_of(1), Role.SDM))
    chunks: Iterator[bytes] = iter(())

    def first() -> None:
        nonlocal chunks
        answer = client.get("/sdm/penyelesaian/nama/unduh.csv?pelatihan=N01")
        chunks = iter(answer.streaming_content)
        next(chunks)

    yield timed("CSV of one course, all officers: first byte", first, limit_ms=1_000)
    yield timed("CSV of one course, all officers: the rest", lambda: sum(len(chunk) for chunk in chunks))


def orders() -> Iterator[dict]:
    now = timezone.now()
    code = f"ORDER{now:%m%d%H%M%S}"
    course = Course.objects.create(code=code, slug=code.lower(), title="Perintah kepada semua")
    course.current_version = CourseVersion.objects.create(
        course=course, number=1, sha256=code, title=course.title, jp=1, minutes=45, published_at=now
    )
    course.save()
    root = unit_of(1)
    actor = holder(root, Role.SDM)
    rule, due = AssignmentRule(unit=root), Due(at=now + timedelta(days=30))
    old = Course.objects.get(code="N05")
    yield timed("dry run, all officers", lambda: count_effect(rule, old, due, at=timezone.now()), limit_ms=10_000)
    given: list = []

    def give() -> None:
        given.append(
            assign_course(
                actor=actor,
                course=course,
                rule=rule,
                due=due,
                order_number="Sprin/ukur",
                issuer="Pimpinan",
                reason="Ukur",
                activity=None,
                at=timezone.now(),
            )
        )

    yield timed("order to all: the page that gives it", give, limit_ms=1_000)
    yield timed("order to all: carried out in the background", _work_through, limit_ms=180_000)
    owing = Duty.objects.open().filter(course=course).count()
    assert owing == settings.NATION_OFFICERS, f"{owing} owe it"
    yield timed(
        "order to all: the page that undoes it",
        lambda: undo_assignment(assignment=given[0], reason="Ukur", actor=actor, at=timezone.now()),
        limit_ms=1_000,
    )
    yield timed("order to all: undone in the background", _work_through, limit_ms=180_000)
    assert not Duty.objects.open().filter(course=course).exists()


def _work_through() -> None:
    for work in OrderWork.objects.filter(finished_at=None):
        while continue_work(work=work, at=timezone.now()):
            pass


def moves() -> Iterator[dict]:
    count = min(MOVED, settings.NATION_OFFICERS // 2)
    with transaction.atomic():
        yield timed(f"import of {count} moves", lambda: import_officers(_roster(count), actor=None, at=timezone.now()))
        yield timed("duties of those who moved", lambda: follow_moves(at=timezone.now()))
        transaction.set_rollback(True)


def _roster(count: int) -> list[list[str]]:
    units = list(Unit.objects.filter(level__gte=3).order_by("pk").values_list("code", flat=True))
    open_ones = Posting.objects.filter(valid_to=None).select_related("officer", "rank", "unit").order_by("-officer")
    rows = [
        [
            posting.officer.number,
            "",
            posting.officer.name,
            posting.officer.name_suffix,
            posting.rank.short,
            posting.post,
            units[(place + 7) % len(units)],
            "",
            "",
            "",
        ]
        for place, posting in enumerate(open_ones[:count])
    ]
    return [list(TEMPLATE_HEADER), *rows]


def ticks() -> Iterator[dict]:
    """Each step of the minute, when nothing happened; the first round does what the generator left to do."""
    quiet = ("reminders", "digests", "audit-seal", "outbox", "order-works")
    for name, step in steps().items():
        if name not in quiet:
            step(at=timezone.now())
            yield timed(f"tick: {name}", lambda step=step: step(at=timezone.now()), limit_ms=1_000)


PARTS = {"exports": exports, "orders": orders, "moves": moves, "ticks": ticks}


def main(wanted: list[str]) -> None:
    for name, part in PARTS.items():
        if not wanted or name in wanted:
            for row in part():
                print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
