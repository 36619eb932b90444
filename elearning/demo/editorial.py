"""The demonstration's content at work: one lesson waits for its review, a changed regulation marks what leans on it."""

from datetime import datetime, timedelta

from courses.models import LegalSource, LessonPage
from organisation.models import User

IN_REVIEW = "kesan-pertama"
CHANGED_SOURCE = "UU 25/2009"


def submit_a_change(*, trainer: User) -> None:
    """The trainer gave a lesson a clearer summary and handed it to the reviewers."""
    lesson = LessonPage.objects.get(slug=IN_REVIEW)
    lesson.summary = "Tiga puluh detik pertama di loket: sikap, sapaan, dan nada suara yang membuat warga tenang."
    lesson.save_revision(user=trainer, log_action=True)
    lesson.get_workflow().start(lesson, trainer)


def let_a_source_fall_due(*, today: datetime) -> None:
    LegalSource.objects.filter(short=CHANGED_SOURCE).update(review_by=today.date() - timedelta(days=3))
