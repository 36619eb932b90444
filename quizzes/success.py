"""How an officer has done so far: per topic over all graded attempts, and the grades of each quiz."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, DecimalField, ExpressionWrapper, F, Sum

from courses.models import Topic
from enrolments.models import Enrolment
from enrolments.telling import about_items
from foundation.formats import number
from foundation.pictures import Bar
from organisation.models import User

from .choices import ReviewWhat, ReviewWhen
from .corrections import undecided_questions
from .models import Attempt, QuizVersion, Response
from .openness import opened
from .permissions import attempts_for_actor

NO_TOPIC = "Tanpa topik"


@dataclass(frozen=True)
class TopicSuccess:
    """``earned`` of ``available`` marks in the questions of one topic; harmful choices may make it negative."""

    label: str
    questions: int
    earned: Decimal
    available: int

    @property
    def percent(self) -> int:
        """0..100, rounded down: 100 only when everything was right."""
        return max(int(self.earned * 100 / self.available), 0) if self.available else 0

    @property
    def bar(self) -> Bar:
        return Bar(self.label, self.percent, f"{self.questions} jawaban")


def success_by_topic(actor: User, *, at: datetime) -> list[TopicSuccess]:
    """The actor's own success, weakest topic first. Quizzes that never open their answers do not count in."""
    mine = attempts_for_actor(actor, at=at).filter(graded_at__isnull=False)
    versions = QuizVersion.objects.filter(attempt__in=mine)
    open_ones = [version.pk for version in versions if _tells(version, ReviewWhat.CORRECTNESS)]
    undecided = undecided_questions({version.item_id for version in versions})
    answers = Response.objects.filter(attempt__in=mine, attempt__version__in=open_ones, fraction__isnull=False)
    answers = answers.exclude(question__in=undecided)
    earned = ExpressionWrapper(F("fraction") * F("question__marks"), output_field=DecimalField())
    rows = (
        answers.order_by()
        .values("question__topic")
        .annotate(earned=Sum(earned), available=Sum("question__marks"), questions=Count("pk"))
    )
    tree = Topic.objects.tree()
    topics = [
        TopicSuccess(
            tree.name_of(row["question__topic"]) or NO_TOPIC,
            row["questions"],
            Decimal(str(row["earned"])),
            row["available"],
        )
        for row in rows
    ]
    return sorted(topics, key=lambda topic: (topic.percent, topic.label))


def _tells(version: QuizVersion, what: ReviewWhat) -> bool:
    """Whether whoever comes back later is told ``what`` of an attempt."""
    return what in opened(version.review_options, ReviewWhen.LATER)


@about_items
def earlier_grades(enrolment: Enrolment) -> dict[int, str]:
    """Item id → the grades of the attempts so far: ``Percobaan 1: 60 · Percobaan 2: 80, lulus``."""
    grades: dict[int, list[str]] = defaultdict(list)
    attempts = Attempt.objects.counting().filter(enrolment=enrolment, submitted_at__isnull=False)
    for attempt in attempts.select_related("version").order_by("number"):
        if not _tells(attempt.version, ReviewWhat.MARKS):
            continue
        words = number(attempt.grade) if attempt.grade is not None else "menunggu penilaian"
        passed = ", lulus" if attempt.passed else ""
        grades[attempt.item_id].append(f"Percobaan {attempt.number}: {words}{passed}")
    return {item: " · ".join(words) for item, words in grades.items()}
