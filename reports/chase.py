"""Who is late: the list to chase, and the words to send by hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from enrolments.models import Duty, MessageTemplate
from enrolments.wording import fill
from foundation.formats import date_medium, day_of, greeting, number
from organisation.models import ServiceFunction, Unit

from .core import BY_RANK, Row, State, Wanted, duty_rows, for_list
from .counting import Counted
from .scope import Scope


@dataclass(frozen=True)
class Words:
    """A ready text and the template it was made from."""

    template: MessageTemplate
    title: str
    text: str

    @classmethod
    def of(cls, template: MessageTemplate, values: dict[str, str]) -> "Words":
        return cls(template, fill(template.title, values), fill(template.text, values))


# What the list may be grouped by: (key, word, how rows sort so that a group stands together).
GROUPS = (
    ("satuan", "Menurut satuan", ("unit_path",)),
    ("loket", "Menurut loket", ("first_function",)),
    ("pelatihan", "Menurut pelatihan", ("course__code",)),
    ("pangkat", "Menurut pangkat", (BY_RANK,)),
)


def late_rows(scope: Scope, wanted: Wanted, *, group: str = "", wide: bool = False) -> QuerySet[Duty]:
    """Duties behind their date, the longest first; within a group when ``group`` is a key of GROUPS.

    Who serves several counters stands under the first of them. In a ``wide`` list, too long to be read to its end,
    those of one date stand in no order of people: sorting hundreds of thousands of them would take seconds.
    """
    rows = for_list(duty_rows(scope, wanted.but(state=State.OVERDUE)), scope)
    keys: list = list(next((keys for key, _word, keys in GROUPS if key == group), ()))
    if group == "loket":
        functions = ServiceFunction.objects.filter(posting=OuterRef("posting_pk")).order_by("order", "name")
        rows = rows.annotate(first_function=Subquery(functions.values("order")[:1]))
        keys = [F("first_function").asc(nulls_last=True)]
    if wide:
        # Of a past day as Counted.longest_late has it; of now as an index has it.
        return rows.order_by(*keys, "due_on", *(("unit_path", "course_id") if scope.past else ()), "pk")
    # Not the bare date: for the sake of its index PostgreSQL would walk through everything that is late anywhere.
    date_alone = Coalesce(F("due_on"), F("valid_from"))
    return rows.order_by(*keys, date_alone, "unit_path", BY_RANK, "officer__name", "pk")


def longest_late(scope: Scope, wanted: Wanted, most: int, counts: Counted | None, *, wide: bool) -> QuerySet[Duty]:
    """The first rows of ``late_rows``, ``most`` at least, where there are so many.

    Of a ``wide`` list of a past day only the units and courses are read that have them.
    """
    if not (counts and scope.past and wide):
        return late_rows(scope, wanted, wide=wide)
    units, courses = counts.longest_late(most)
    near = replace(scope, stand=scope.stand & Q(unit__in=units))
    return late_rows(near, wanted, wide=True).filter(course__in=courses)


def group_name(row: Row, group: str) -> str:
    """The heading that ``row`` stands under."""
    if group == "satuan":
        return row.posting.unit.name
    if group == "pelatihan":
        return str(row.course)
    if group == "pangkat":
        return row.posting.rank.full
    functions = sorted(row.posting.functions.all(), key=lambda function: (function.order, function.name))
    return functions[0].name if functions else "Tanpa loket layanan"


def officers_among(rows: QuerySet[Duty]) -> int:
    """How many people the rows are about; one may owe several courses."""
    return rows.order_by().values("officer").distinct().count()


def days_late(row: Row, scope: Scope) -> int:
    """Calendar days behind the date on the clock of the officer's unit; 0 on the day itself."""
    zone = row.zone
    return (day_of(scope.at, zone) - day_of(row.due_at, zone)).days


def late_words(row: Row, scope: Scope) -> str:
    days = days_late(row, scope)
    return f"{number(days)} hari" if days else "hari ini"


def name_of(row: Row) -> str:
    return f"{row.posting.rank.short} {row.officer.full_name}"


def late_people(rows: Iterable[Row], scope: Scope) -> list[dict[str, str]]:
    """The rows for components/_person.html, each leading to the officer's learning record."""
    return [
        {
            "name": name_of(row),
            "facts": f"{row.posting.unit.short_name} · {row.course.title}",
            "state": "overdue",
            "state_label": late_words(row, scope),
            "url": reverse("learning-record", args=[row.officer.uuid]) if row.is_mine else "",
        }
        for row in rows
    ]


def words_for_officer(rows: Sequence[Row], scope: Scope, template: MessageTemplate) -> Words:
    """What one officer is sent by hand about all that is late."""
    first = rows[0]
    courses = ", ".join(f"{row.course.title} (lewat {late_words(row, scope)})" for row in rows)
    return Words.of(
        template,
        {
            "salam": greeting(scope.at, first.zone),
            "nama": name_of(first),
            "pelatihan": courses,
            "tautan": settings.SITE_URL,
        },
    )


def words_for_unit(rows: Sequence[Row], scope: Scope, template: MessageTemplate, *, unit: Unit, more: int) -> Words:
    """What the group of ``unit`` is sent by hand about ``rows``; ``more`` counts those that it does not name."""
    lines = _numbered(f"{name_of(row)}: {row.course.title} (lewat {late_words(row, scope)})" for row in rows)
    if more:
        lines.append(f"dan {number(more)} lainnya.")
    return Words.of(
        template,
        {
            "salam": greeting(scope.at, unit.zone),
            "satuan": unit.short_name,
            "tanggal": date_medium(scope.at, unit.zone),
            "daftar": "\n".join(lines),
            "tautan": settings.SITE_URL,
        },
    )


def _numbered(sentences: Iterable[str]) -> list[str]:
    return [f"{place}. {sentence}" for place, sentence in enumerate(sentences, start=1)]
