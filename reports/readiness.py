"""How ready a counter is: of the people who stand there, what share of the answers was right, topic by topic.

Which answers those are says answer_rows.py, which counts them beforehand. What fewer than FEWEST_SHOWN people answered
has no figure.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from courses.rereading import LessonLink, lessons_of_courses
from foundation.formats import number
from foundation.pictures import Bar, HeatCell, HeatColumn, HeatRow, HeatTable
from foundation.spreadsheets import Percent
from organisation.models import ServiceFunction, Unit
from quizzes.statistics import FEWEST_SHOWN

from .core import Wanted
from .counting import place_of, still_counting, stored
from .exports import Table
from .models import AnswerKind
from .scope import Scope
from .tallies import ANSWERS

READINESS = "/sdm/kesiapan/"
NO_TOPIC = "Tanpa topik"
HEADER = ("Loket", "Topik", "Jawaban benar (%)", "Personel yang menjawab", "Jawaban", "Materi untuk dibaca ulang")
SUMS = {name: Sum(name) for name in ("people", "answers", "earned", "available")}


@dataclass(frozen=True)
class Share:
    """What ``people`` earned of the marks available in their answers."""

    people: int
    answers: int
    earned: Decimal
    available: int

    @property
    def percent(self) -> int | None:
        """0..100, rounded down; None where too few answered."""
        if self.people < FEWEST_SHOWN or not self.available:
            return None
        return max(int(self.earned * 100 / self.available), 0)


NOTHING = Share(0, 0, Decimal(0), 0)


@dataclass(frozen=True)
class Counter:
    """A counter of the opened unit: how many stand there, and how they answered."""

    function: ServiceFunction
    standing: int
    share: Share

    def bar(self, url: str) -> Bar:
        few = ", terlalu sedikit" if self.share.percent is None else ""
        note = f"{number(self.share.people)} dari {number(self.standing)}{few}"
        return Bar(self.function.name, self.share.percent, note, url)


@dataclass(frozen=True)
class TopicLine:
    """A topic with the lessons that teach it, in the courses that asked about it."""

    name: str
    share: Share
    lessons: list[LessonLink]


@dataclass(frozen=True)
class Readiness:
    """``counters`` weakest first, ``units`` × counters, and the ``topics`` of the counter asked for (or of all).

    ``since``: from when the figures are, where they are older than what was asked for.
    """

    counters: list[Counter]
    units: HeatTable | None
    topics: list[TopicLine]
    since: datetime | None


def _added(parts: Iterable[Share]) -> Share:
    """Of several groups that share no person."""
    whole = NOTHING
    for part in parts:
        whole = Share(
            whole.people + part.people,
            whole.answers + part.answers,
            whole.earned + part.earned,
            whole.available + part.available,
        )
    return whole


def readiness(scope: Scope, wanted: Wanted) -> Readiness:
    """Read the counters of the opened unit, and topic by topic the one that is asked for.

    Raises StillCounting where the answers of many people were not counted yet.
    """
    found = stored(ANSWERS, scope, wanted)
    if found is None:
        raise still_counting(ANSWERS, scope, wanted)
    rows, since = found
    parts, standing = _at_counters(rows, scope, wanted)
    functions = [function for pk, function in scope.functions.items() if standing[pk]]
    counters = [
        Counter(
            function,
            standing[function.pk],
            _added(part for (_place, pk), part in parts.items() if pk == function.pk),
        )
        for function in functions
    ]
    counters.sort(key=lambda one: (one.share.percent is None, one.share.percent or 0, one.function.order))
    units = _units(scope, wanted.but(function=""), functions, parts)
    return Readiness(counters, units, _topics(rows, scope, wanted), since)


def _at_counters(
    rows: QuerySet[Any], scope: Scope, wanted: Wanted
) -> tuple[dict[tuple[str, int], Share], dict[int, int]]:
    """The share of each place (a path, as ``place_of``) and counter, by id; and how many stand at a counter."""
    parts: dict[tuple[str, int], Share] = {}
    standing: dict[int, int] = defaultdict(int)
    at_counters = rows.filter(kind=AnswerKind.COUNTER, function__in=list(scope.functions))
    at_counters = at_counters.annotate(place=place_of(scope, wanted)).values_list("place", "function").order_by()
    for course in {None, wanted.course}:
        for place, function, stand, *figures in at_counters.filter(course=course).annotate(Sum("standing"), **SUMS):
            standing[function] += stand
            if course == wanted.course and figures[0]:
                parts[place, function] = Share(*figures)
    return parts, standing


def _units(
    scope: Scope, wanted: Wanted, functions: Sequence[ServiceFunction], parts: dict[tuple[str, int], Share]
) -> HeatTable | None:
    """The units one step below × counters; None where there is nothing below."""
    children = [] if wanted.direct else scope.children(wanted.unit)
    if not children or not functions:
        return None
    found: dict[tuple[int, int], list[Share]] = defaultdict(list)
    for (path, function), part in parts.items():
        place = scope.place(path)
        unit = next((child for child in children if place.startswith(scope.place(child.path))), wanted.unit)
        if unit:
            found[unit.pk, function].append(part)
    rows = []
    for unit in [*children, *([wanted.unit] if wanted.unit else [])]:
        shares = [_added(found.get((unit.pk, function.pk), [])) for function in functions]
        if any(share.people for share in shares):
            rows.append(_row(unit, wanted, functions, shares))
    columns = [HeatColumn(function.name) for function in functions]
    table = HeatTable(
        "Persentase jawaban benar per satuan dan loket",
        columns,
        rows,
        unknown=f"kurang dari {FEWEST_SHOWN} personel menjawab",
    )
    return table.weakest_first() if rows else None


def _row(unit: Unit, wanted: Wanted, functions: Sequence[ServiceFunction], shares: Sequence[Share]) -> HeatRow:
    here = unit == wanted.unit
    inside = replace(wanted, unit=unit, direct=here)
    cells = [
        HeatCell(share.percent, inside.link(READINESS, function=function.code), f"{share.people} personel menjawab")
        if share.percent is not None
        else HeatCell(None)
        for function, share in zip(functions, shares, strict=True)
    ]
    label = f"{unit.short_name} (langsung)" if here else unit.short_name
    return HeatRow(label, cells, inside.link(READINESS))


def _topics(rows: QuerySet[Any], scope: Scope, wanted: Wanted) -> list[TopicLine]:
    """Weak topics first; what too few people answered comes last."""
    by_code = {function.code: pk for pk, function in scope.functions.items()}
    function = by_code[wanted.function] if wanted.function else None
    rows = rows.filter(kind=AnswerKind.TOPIC, function=function)
    sums = rows.filter(course=wanted.course).values_list("topic").annotate(**SUMS).order_by()
    shares = {slug: Share(*figures) for slug, *figures in sums}
    asked_in: dict[str, list[int]] = defaultdict(list)
    by_course = rows.filter(course=wanted.course) if wanted.course else rows.filter(course__isnull=False)
    for slug, course in by_course.values_list("topic", "course").order_by().distinct():
        asked_in[slug].append(course)
    of_courses = {slug: [scope.courses[pk] for pk in found] for slug, found in asked_in.items() if slug}
    lessons = lessons_of_courses(of_courses)
    lines = []
    for slug, share in shares.items():
        name, to_reread = lessons.get(slug, (NO_TOPIC, []))
        lines.append(TopicLine(name, share, to_reread))
    return sorted(lines, key=lambda line: (line.share.percent is None, line.share.percent or 0, line.name))


def percent_words(share: Share) -> str:
    return "terlalu sedikit" if share.percent is None else f"{share.percent}% jawaban benar"


def readiness_table(counter: str, topics: Sequence[TopicLine]) -> Table:
    return HEADER, [
        [
            counter,
            line.name,
            "terlalu sedikit" if line.share.percent is None else Percent(line.share.percent),
            line.share.people,
            line.share.answers,
            ", ".join(lesson.title for lesson in line.lessons),
        ]
        for line in topics
    ]
