"""What happened to an attempt after it ended, for its officer: marks, the dispute, late answers, and what is new."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField

from enrolments.news import NewsItem, tells
from foundation.prepared import PreparedRows, Slot
from organisation.models import Officer

from .choices import News
from .models import Attempt, Dispute, GradeChange, LateAnswer
from .review import Review


@dataclass(frozen=True)
class Aftermath:
    """``news`` is what the officer had not read yet; ``marked`` whether people marked any of the answers."""

    news: str
    marked: bool
    dispute: Dispute | None
    may_question: bool
    late: list[LateAnswer]


DISPUTE = PreparedRows(
    lambda: Dispute.objects.select_related("response", "reply").filter(attempt=Slot("attempt", BigIntegerField()))
)
LATE = PreparedRows(
    lambda: (
        LateAnswer.objects.newest()
        .filter(response__attempt=Slot("attempt", BigIntegerField()))
        .select_related("response", "decision")
        .order_by("response__position")
    )
)
CHANGES = PreparedRows(
    lambda: (
        GradeChange.objects.filter(attempt=Slot("attempt", BigIntegerField()))
        .select_related("correction")
        .order_by("pk")
    )
)


def may_question(attempt: Attempt, review: Review, dispute: Dispute | None) -> bool:
    """Whether the officer may question the result: graded, something of the review open, never questioned before."""
    return dispute is None and attempt.graded_at is not None and bool(review.questions)


def aftermath_of(attempt: Attempt, review: Review) -> Aftermath:
    """Read in two queries; ``review`` is what the result page shows already."""
    dispute = DISPUTE.first(attempt=attempt.pk)
    return Aftermath(
        news=News(attempt.news).label if attempt.news else "",
        marked=any(question.given_marks for question in review.questions),
        dispute=dispute,
        may_question=may_question(attempt, review, dispute),
        late=list(LATE.rows(attempt=attempt.pk)),
    )


def grade_changes_of(attempt: Attempt) -> list[GradeChange]:
    """What corrected keys did to the grade, with the corrections, oldest first."""
    return list(CHANGES.rows(attempt=attempt.pk))


@tells
def quiz_news(officer: Officer, *, at: datetime) -> list[NewsItem]:
    """A line on the start page for each attempt that people decided about since the officer looked."""
    attempts = Attempt.objects.filter(enrolment__officer=officer).exclude(news="")
    return [
        NewsItem(
            title=News(attempt.news).label,
            facts=f"{attempt.version.title}, {attempt.enrolment.course.title}",
            url=f"/kuis/{attempt.uuid}/hasil/",
        )
        for attempt in attempts.select_related("version", "enrolment__course").order_by("-pk")
    ]
