"""The last step of a course taken several times at once, by the pages and to the very end: grade, completion,
certificate, number and file are there once each.

What single services do in a race is shown beside them (tests/quizzes/test_races.py,
tests/certificates/test_number_in_parallel.py).
"""

from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from certificates import invariants
from certificates.models import Certificate, NumberSeries
from enrolments.models import CourseCompletion, Enrolment, ItemCompletion
from enrolments.services import complete_lesson
from foundation.models import AuditEvent
from organisation.models import Unit
from quizzes.models import Attempt, QuizVersion
from quizzes.services import close_due_attempts
from tests.factories.certificates import UnitLetterheadFactory
from tests.factories.courses import published_course
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.organisation import OfficerFactory, UnitFactory
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory, answer_all
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def unit() -> Unit:
    unit = UnitFactory()
    UnitLetterheadFactory(unit=unit)
    return unit


@pytest.fixture
def version() -> QuizVersion:
    return QuizVersionFactory(course=published_course(lessons=1), max_attempts=3)


def learner(unit: Unit, version: QuizVersion) -> Enrolment:
    """An officer of ``unit`` who has read the lesson and may sit the post-test."""
    started = timezone.now() - timedelta(days=1)
    course = version.item.course
    enrolment = EnrolmentFactory(officer=OfficerFactory(posting__unit=unit), course=course, started_at=started)
    complete_lesson(enrolment=enrolment, item=course.items.get(kind="lesson"), at=started)
    return enrolment


def tabs(enrolment: Enrolment, count: int) -> list[Client]:
    """Tabs of one browser: they share the session."""
    first = sign_in(Client(), enrolment.officer.user)
    others = [Client() for _ in range(count - 1)]
    for tab in others:
        tab.cookies = first.cookies
    return [first, *others]


def sitting(enrolment: Enrolment, version: QuizVersion, **fields) -> Attempt:
    """A running attempt with every answer right, one click before the end."""
    attempt = AttemptFactory(version=version, enrolment=enrolment, **{"started_at": timezone.now()} | fields)
    answer_all(attempt, right=4)
    return attempt


def sends(tab: Client, attempt: Attempt):
    return lambda: tab.post(reverse("quiz-submit", args=[attempt.uuid]))


def stored_of(certificate: Certificate) -> list[str]:
    """The names on the disk that belong to ``certificate``."""
    names = storages["private"].listdir(f"certificates/{certificate.issued_at:%Y}")[1]
    return [name for name in names if name.startswith(certificate.public_id)]


def assert_one_of_everything(*enrolments: Enrolment) -> None:
    for enrolment in enrolments:
        [attempt] = Attempt.objects.filter(enrolment=enrolment, passed=True)
        assert attempt.grade == 100
        assert ItemCompletion.objects.get(enrolment=enrolment, item=attempt.item).evidence == attempt.uuid
        certificate = Certificate.objects.get(completion=CourseCompletion.objects.get(enrolment=enrolment))
        assert certificate.grade == 100
        assert len(stored_of(certificate)) == certificate.files.count() == 1
    numbers = sorted(Certificate.objects.values_list("sequence", flat=True))
    assert numbers == list(range(1, len(enrolments) + 1))
    assert NumberSeries.objects.get().last_number == len(enrolments)
    for verb in ("attempt.submitted", "certificate.issued"):
        assert AuditEvent.objects.filter(verb=verb).count() == len(enrolments)
    assert not any(invariants.problems(at=timezone.now()).values())


def test_two_officers_with_two_tabs_each_send_at_once(unit, version, together):
    one, other = learner(unit, version), learner(unit, version)
    acts = [
        sends(tab, attempt)
        for enrolment in (one, other)
        for attempt in [sitting(enrolment, version)]
        for tab in tabs(enrolment, 2)
    ]

    answers = together(*acts)

    assert [answer.status_code for answer in answers] == [302] * 4
    assert all(answer.url.endswith("/hasil/") for answer in answers)
    assert_one_of_everything(one, other)


def test_two_tabs_start_and_send_the_last_attempt_at_once(unit, version, together):
    enrolment = learner(unit, version)
    AttemptFactory.create_batch(2, version=version, enrolment=enrolment, finished=True)
    both = tabs(enrolment, 2)

    started = together(*[lambda tab=tab: tab.post(reverse("quiz-start", args=[version.item.uuid])) for tab in both])

    assert len({answer.url for answer in started}) == 1
    attempt = Attempt.objects.get(enrolment=enrolment, submitted_at=None)
    assert attempt.number == 3
    answer_all(attempt, right=4)

    together(*[sends(tab, attempt) for tab in both])

    assert Attempt.objects.filter(enrolment=enrolment).count() == 3
    assert_one_of_everything(enrolment)


def test_the_officer_sends_while_the_clock_closes_the_attempt(unit, version, together):
    enrolment = learner(unit, version)
    ended = timezone.now() - timedelta(seconds=40)
    attempt = sitting(enrolment, version, deadline_at=ended, closes_at=ended + timedelta(seconds=30))
    tab = tabs(enrolment, 1)[0]

    together(
        sends(tab, attempt),
        lambda: close_due_attempts(at=timezone.now()),
        lambda: tab.post(reverse("quiz-start", args=[version.item.uuid])),
    )

    attempt.refresh_from_db()
    assert attempt.submitted_at == ended
    assert Attempt.objects.filter(enrolment=enrolment).count() == 1
    assert_one_of_everything(enrolment)
