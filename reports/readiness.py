"""How ready a counter is: of the people who stand there today, what share of the answers was right, topic by topic.

Looked at is each officer's newest graded attempt at every quiz, pre-tests aside; a question that was dropped or given
to everybody says nothing. A share is marks earned of marks available, as everywhere (quizzes/success.py). What fewer
than FEWEST_SHOWN people answered has no figure.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, ExpressionWrapper, F, QuerySet, Sum

from courses.models import Course, CourseItem, ItemKind
from courses.rereading import LessonLink, lessons_of_courses
from foundation.formats import number
from foundation.pictures import Bar, HeatCell, HeatColumn, HeatRow, HeatTable
from foundation.spreadsheets import Percent
from organisation.models import Posting, ServiceFunction, Unit
from quizzes.corrections import undecided_questions
from quizzes.models import Response
from quizzes.statistics import FEWEST_SHOWN

from .core import Wanted, postings_wanted
from .exports import Table
from .permissions import answers_at_posts
from .scope import Scope

READINESS = "/sdm/kesiapan/"
NO_TOPIC = "Tanpa topik"
POST = "attempt__enrolment__officer__posting__"
HEADER = ("Loket", "Topik", "Jawaban benar (%)", "Personel yang menjawab", "Jawaban", "Materi untuk dibaca ulang")


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
    """A counter of the opened unit: who stands there today, and how they answered."""

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
    """``counters`` weakest first, ``units`` × counters, and the ``topics`` of the counter asked for (or of all)."""

    counters: list[Counter]
    units: HeatTable | None
    topics: list[TopicLine]


def _answers(postings: QuerySet[Posting], course: Course | None) -> QuerySet[Response]:
    quizzes = CourseItem.objects.filter(kind=ItemKind.QUIZ)
    if course:
        quizzes = quizzes.filter(course=course)
    rows = answers_at_posts(postings).filter(attempt__item__in=quizzes)
    return rows.exclude(question__in=undecided_questions(set(quizzes.values_list("pk", flat=True))))


def _sums() -> dict[str, Any]:
    earned = ExpressionWrapper(F("fraction") * F("question__marks"), output_field=DecimalField())
    return {
        "people": Count("attempt__enrolment__officer", distinct=True),
        "answers": Count("pk"),
        "earned": Sum(earned),
        "available": Sum("question__marks"),
    }


def _share(people: int, answers: int, earned: Any, available: int) -> Share:
    return Share(people, answers, Decimal(str(earned)), available)


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
    """Read the counters of the opened unit, and topic by topic the one that is asked for."""
    everywhere = wanted.but(function="")
    serving = scope.postings.filter(pk__in=postings_wanted(scope, everywhere).filter(functions__isnull=False))
    answers = _answers(serving, wanted.course)
    parts: dict[tuple[str, str], Share] = {
        (path, code): _share(*figures)
        for path, code, *figures in answers.values_list(f"{POST}unit__path", f"{POST}functions__code").annotate(
            **_sums()
        )
    }
    standing: dict[str, int] = dict(
        serving.order_by().values_list("functions__code").annotate(people=Count("pk", distinct=True))
    )
    functions = list(ServiceFunction.objects.filter(code__in=standing).order_by("order", "name"))
    counters = [
        Counter(
            function,
            standing[function.code],
            _added(part for (_p, code), part in parts.items() if code == function.code),
        )
        for function in functions
    ]
    counters.sort(key=lambda one: (one.share.percent is None, one.share.percent or 0, one.function.order))
    asked = postings_wanted(scope, wanted) if wanted.function else serving
    return Readiness(counters, _units(scope, everywhere, functions, parts), _topics(_answers(asked, wanted.course)))


def _units(
    scope: Scope, wanted: Wanted, functions: Sequence[ServiceFunction], parts: dict[tuple[str, str], Share]
) -> HeatTable | None:
    """The units one step below × counters; None where there is nothing below."""
    children = [] if wanted.direct else scope.children(wanted.unit)
    if not children or not functions:
        return None
    found: dict[tuple[int, str], list[Share]] = defaultdict(list)
    for (path, code), part in parts.items():
        place = scope.place(path)
        unit = next((child for child in children if place.startswith(scope.place(child.path))), wanted.unit)
        if unit:
            found[unit.pk, code].append(part)
    rows = []
    for unit in [*children, *([wanted.unit] if wanted.unit else [])]:
        shares = [_added(found.get((unit.pk, function.code), [])) for function in functions]
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


def _topics(answers: QuerySet[Response]) -> list[TopicLine]:
    """Weak topics first; what too few people answered comes last."""
    shares = {slug: _share(*figures) for slug, *figures in answers.values_list("question__topic").annotate(**_sums())}
    asked_in: dict[str, list[int]] = defaultdict(list)
    for slug, course in answers.values_list("question__topic", "attempt__item__course").distinct():
        asked_in[slug].append(course)
    courses = Course.objects.in_bulk({course for found in asked_in.values() for course in found})
    lessons = lessons_of_courses({slug: [courses[pk] for pk in found] for slug, found in asked_in.items() if slug})
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
