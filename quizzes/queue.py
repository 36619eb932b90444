"""The marking queue as its page shows it: what waits, per question, the longest waiting first."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.utils.html import strip_tags
from django.utils.text import Truncator

from .models.marking import MarkingTaskQuerySet

QUIZ = ("attempt__item", "attempt__item__course__code", "attempt__version__title")


@dataclass(frozen=True)
class QueueRow:
    """What waits for one question, or the disputes about one quiz. ``field`` and ``value`` say which to the form."""

    item: int
    course: str
    quiz: str
    question: str
    count: int
    since: datetime
    field: str
    value: int


def queue_rows(tasks: MarkingTaskQuerySet) -> list[QueueRow]:
    """Count ``tasks`` in two queries, however many there are."""
    essays = _counted(tasks.filter(dispute=None), "response__question", "response__question__html")
    rows = [_row(row, _words(row["response__question__html"]), "soal", row["response__question"]) for row in essays]
    rows += [
        _row(row, "Sanggahan personel atas hasilnya", "sanggahan", row["attempt__item"])
        for row in _counted(tasks.exclude(dispute=None))
    ]
    return sorted(rows, key=lambda row: (row.since, row.value))


def _counted(tasks: MarkingTaskQuerySet, *by: str):
    return tasks.order_by().values(*QUIZ, *by).annotate(count=Count("pk"), since=Min("opened_at"))


def _row(row: dict, question: str, field: str, value: int) -> QueueRow:
    item, course, quiz = (row[name] for name in QUIZ)
    return QueueRow(item, course, quiz, question, row["count"], row["since"], field, value)


def _words(html: str) -> str:
    return Truncator(" ".join(strip_tags(html).split())).chars(90)
