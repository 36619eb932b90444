"""Telling the officer what people decided about an attempt: a line on the own pages, and a mail to whoever has one."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import BigIntegerField, DateTimeField
from django.template.loader import render_to_string
from django.urls import reverse

from foundation import outbox
from foundation.prepared import PreparedUpdate, Slot
from quizzes.models import Attempt, News

MAIL = "quizzes.news"
SEEN = PreparedUpdate(
    lambda: Attempt.objects.filter(pk=Slot("pk", BigIntegerField())),
    news="",
    result_seen_at=Slot("at", DateTimeField()),
)


def announce(attempt: Attempt, news: News, *, about: int, at: datetime) -> None:
    """Show ``news`` until the officer opens the result, and have it mailed once per ``about`` (the row behind it)."""
    Attempt.objects.filter(pk=attempt.pk).update(news=news)
    payload = {"attempt": attempt.pk, "news": news}
    outbox.put(kind=MAIL, key=f"{news}-{attempt.pk}-{about}", payload=payload, at=at)


@outbox.handles(MAIL)
def send_news(payload: dict) -> None:
    """Mail what happened and where to read it. A mail is no place for a grade: it says none."""
    attempt = Attempt.objects.select_related("enrolment__officer__user", "enrolment__course", "version").get(
        pk=payload["attempt"]
    )
    user = attempt.enrolment.officer.user
    if not (user.email and user.is_active):
        return
    news = News(payload["news"])
    context = {
        "name": attempt.enrolment.officer.full_name,
        "news": news.label,
        "quiz": attempt.version.title,
        "course": attempt.enrolment.course.title,
        "url": settings.SITE_URL.rstrip("/") + reverse("quiz-result", args=[attempt.uuid]),
    }
    body = render_to_string("quizzes/mail/news.txt", context)
    EmailMessage(subject=f"{news.label}: {attempt.version.title}", body=body, to=[user.email]).send()


def mark_result_seen(*, attempt: Attempt, at: datetime) -> None:
    """Note when the officer first opened the result, from which on keys may be known, and that news were read."""
    if attempt.result_seen_at is None or attempt.news:
        SEEN.run(pk=attempt.pk, at=attempt.result_seen_at or at)
