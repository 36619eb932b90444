"""What must hold for every attempt at any moment (TRUST.md §8: I2 and I10), read in batches.

Each check yields sentences that name what is wrong; nothing means that it holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Count, F, Q

from courses.models import CourseItem

from .choices import AttemptEnd, EventKind
from .corrections import effects_of
from .models import Attempt, AttemptEvent, Regrade, Response
from .services.recounting import recountable, recounted

MOST_SENTENCES = 1000


@dataclass
class Report:
    """``checked`` attempts; ``problems`` by invariant, at most ``MOST_SENTENCES`` each; ``broken`` counts them all."""

    checked: int = 0
    responses: int = 0
    regrading: int = 0
    problems: dict[str, list[str]] = field(default_factory=lambda: {"I2": [], "I10": []})
    broken: dict[str, int] = field(default_factory=lambda: {"I2": 0, "I10": 0})

    def add(self, invariant: str, sentence: str) -> None:
        self.broken[invariant] += 1
        if len(self.problems[invariant]) < MOST_SENTENCES:
            self.problems[invariant].append(sentence)

    @property
    def holds(self) -> bool:
        return not any(self.broken.values())


def check_attempts() -> Report:
    """Grade every attempt anew from its stored answers and compare; look for second submissions and late answers."""
    report = Report()
    # What is being graded anew after a correction differs until the run has passed it.
    open_runs = Regrade.objects.filter(finished_at=None).values_list("correction__item", flat=True)
    report.regrading = len(set(open_runs))
    items = CourseItem.objects.filter(attempt__submitted_at__isnull=False).exclude(pk__in=list(open_runs)).distinct()
    for item_id in items.order_by("pk").values_list("pk", flat=True):
        effects = effects_of(item_id)
        for batch in recounted(recountable(item_id), item_id=item_id, effects=effects):
            for recount in batch:
                report.checked += 1
                report.responses += len(recount.responses)
                for sentence in _grade_problems(recount):
                    report.add("I2", sentence)
    for sentence in _second_submissions():
        report.add("I2", sentence)
    for sentence in _answers_after_the_end():
        report.add("I10", sentence)
    return report


def _grade_problems(recount) -> Iterator[str]:
    attempt, outcome = recount.attempt, recount.outcome
    if (outcome.grade, outcome.passed) != (attempt.grade, attempt.passed):
        yield (
            f"percobaan {attempt.uuid}: tercatat nilai {attempt.grade}, lulus {attempt.passed}; "
            f"menurut jawabannya {outcome.grade}, {outcome.passed}"
        )
    if (outcome.grade is None) != (attempt.graded_at is None):
        yield f"percobaan {attempt.uuid}: waktu penilaian dan nilainya tidak sejalan"
    for response, fraction in recount.wrong_fractions:
        yield f"percobaan {attempt.uuid} soal {response.position}: tercatat {response.fraction}, seharusnya {fraction}"


def _second_submissions() -> Iterator[str]:
    ends = AttemptEvent.objects.filter(kind__in=[EventKind.SUBMITTED, EventKind.TIMED_OUT]).order_by()
    twice = ends.values("attempt__uuid").annotate(n=Count("pk")).filter(n__gt=1)
    for row in twice.iterator():
        yield f"percobaan {row['attempt__uuid']}: dikirim {row['n']} kali"
    halfway = Attempt.objects.filter(submitted_at=None).exclude(grade=None, graded_at=None)
    for uuid in halfway.values_list("uuid", flat=True).iterator():
        yield f"percobaan {uuid}: dinilai sebelum dikirim"


def _answers_after_the_end() -> Iterator[str]:
    """I10: a counted answer was saved before the deadline and its grace, and before the attempt was submitted."""
    # While an outage holds the clock, its end is not known yet.
    after_grace = Q(attempt__closes_at__isnull=False, attempt__paused_at=None, saved_at__gte=F("attempt__closes_at"))
    after_submit = Q(attempt__ended_as=AttemptEnd.SUBMITTED, saved_at__gt=F("attempt__submitted_at"))
    late = Response.objects.filter(after_grace | after_submit).exclude(late_answers__decision__accepted=True)
    for uuid, position in late.order_by("pk").values_list("attempt__uuid", "position").iterator():
        yield f"percobaan {uuid} soal {position}: jawaban sesudah batas waktu ikut dihitung tanpa keputusan"
