"""What the load needs in an empty installation: a course with its quiz, officers who may sit it, all signed in."""

import random
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.utils import timezone

from courses.models import Course, ItemKind
from enrolments.models import Enrolment, ItemCompletion
from organisation import sessions
from organisation.models import NumberKind, Officer, Posting, Rank, Unit, User
from organisation.session_store import SessionStore
from quizzes.models import QuizVersion
from tests.factories.courses import CourseVersionItemFactory, published_course
from tests.factories.organisation import UnitFactory
from tests.factories.quizzes import QuizVersionFactory

KINDS = ["single", "multiple", "situational", "truefalse"]
QUESTIONS = 10


@dataclass(frozen=True)
class Question:
    """The options of one question, as uuids; ``right`` is an answer that earns all its marks."""

    options: list[str]
    right: list[str]
    multiple: bool

    def answer(self, chance: random.Random) -> list[str]:
        """What an officer ticks, who knows two answers of three."""
        if chance.random() < 0.66:
            return self.right
        return [chance.choice(self.options)]


@dataclass(frozen=True)
class Exam:
    """One quiz: ten questions that every officer meets in the same order, with options in an order of their own."""

    item: UUID
    version_id: int
    questions: list[Question]


@dataclass(frozen=True)
class Person:
    """An officer's browser: the cookies it holds."""

    number: int
    session_key: str
    csrf: str


def make_exam(*, last: bool) -> Exam:
    """``last``: passing it completes the course, and a certificate is asked for; otherwise a lesson still waits."""
    with transaction.atomic():
        course = published_course(lessons=5)
        if not last:
            CourseVersionItemFactory(version=course.version)
        version = QuizVersionFactory(
            course=course,
            questions=[KINDS[n % len(KINDS)] for n in range(QUESTIONS)],
            draw_count=QUESTIONS,
            shuffle_options=True,
            time_limit_minutes=40,
            pass_fraction="0.500",
            # What attempts of this very minute can start on.
            published_at=timezone.now() - timedelta(days=1),
        )
    questions = []
    for question in version.questions.prefetch_related("options"):
        options = list(question.options.all())
        multiple = question.kind == "multiple"
        right = [str(option.uuid) for option in options if option.fraction > 0]
        questions.append(Question([str(option.uuid) for option in options], right if multiple else right[:1], multiple))
    return Exam(version.item.uuid, version.pk, questions)


def make_people(exam: Exam, count: int) -> list[Person]:
    """Officers in one unit who have read every lesson, each with an open session."""
    version = QuizVersion.objects.select_related("item__course__current_version").get(pk=exam.version_id)
    course = version.item.course
    now = timezone.now()
    first = 60_000_000 + Officer.objects.count()
    numbers = range(first, first + count)
    with transaction.atomic():
        unit = Unit.objects.first() or UnitFactory()
        rank = Rank.objects.order_by("order").last()
        User.objects.bulk_create([User(login=str(n), name=f"Personel {n}", password="!") for n in numbers])
        users = list(User.objects.filter(login__in=[str(n) for n in numbers]).order_by("pk"))
        Officer.objects.bulk_create(
            [Officer(user=user, number=user.login, number_kind=NumberKind.NRP, name=user.name) for user in users]
        )
        officers = list(Officer.objects.filter(user__in=users).order_by("pk"))
        Posting.objects.bulk_create(
            [
                Posting(officer=officer, unit=unit, rank=rank, valid_from=now - timedelta(days=9), recorded_at=now)
                for officer in officers
            ]
        )
        _enrol(course, officers, at=now - timedelta(days=1))
        stores = [_session(user) for user in users]
        rows = [store.create_model_instance(store._session_cache) for store in stores]
        SessionStore.get_model_class().objects.bulk_create(rows)
    return [Person(user.pk, row.session_key, secrets.token_hex(16)) for user, row in zip(users, rows, strict=True)]


def _enrol(course: Course, officers: list[Officer], *, at) -> None:
    Enrolment.objects.bulk_create(Enrolment(officer=officer, course=course, started_at=at) for officer in officers)
    items = [entry.item for entry in course.version.version_items.select_related("item")]
    lessons = items[: next(n for n, item in enumerate(items) if item.kind == ItemKind.QUIZ)]
    ItemCompletion.objects.bulk_create(
        ItemCompletion(enrolment=enrolment, item=lesson, completed_at=at, recorded_at=at)
        for enrolment in Enrolment.objects.filter(course=course, officer__in=officers)
        for lesson in lessons
    )


def _session(user: User) -> SessionStore:
    """As the sign-in page leaves it."""
    store = SessionStore()
    store._session_cache = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: "organisation.backends.AuthenticationBackend",
        HASH_SESSION_KEY: user.get_session_auth_hash(),
        "account_authentication_methods": [{"method": "password", "at": time.time(), "username": user.login}],
    }
    sessions.begin(store, now=time.time())
    return store
