"""A field of graded attempts for the benches of grading: made in bulk, in a transaction that is rolled back."""

import os
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.dev")

import django  # noqa: E402

django.setup()

from django.db import transaction  # noqa: E402

from courses.models import Course, CourseItem, CourseVersion, CourseVersionItem, ItemKind  # noqa: E402
from enrolments.models import CourseCompletion, Enrolment, ItemCompletion  # noqa: E402
from organisation.models import Officer, Posting, Rank, Unit, UnitLevel, User  # noqa: E402
from organisation.services import create_unit  # noqa: E402
from quizzes.models import Attempt, QuizVersion, Response, VersionOption, VersionQuestion  # noqa: E402

NOW = datetime(2026, 11, 21, 5, tzinfo=UTC)
SUBMITTED = NOW + timedelta(minutes=20)
POOL, DRAWN = 50, 20
BATCH = 2000


@contextmanager
def field(attempts: int) -> Iterator[tuple[QuizVersion, User]]:
    """A quiz of 50 questions, 20 drawn, answered by as many officers as there are attempts; nothing is kept."""
    with transaction.atomic():
        yield _make(attempts)
        transaction.set_rollback(True)


def _make(attempts: int) -> tuple[QuizVersion, User]:
    chance = random.Random(1)
    fields = {"level": UnitLevel.SECTOR, "zone": "Asia/Jakarta", "actor": None, "at": NOW - timedelta(days=400)}
    units = [
        create_unit(parent=None, code=f"UKUR-{n}", name=f"Polsek Ukur {n}", short_name=f"Ukur {n}", **fields)
        for n in range(20)
    ]
    version = _quiz()
    questions = list(version.questions.prefetch_related("options"))
    enrolments = _people(attempts, units, version)
    for start in range(0, attempts, BATCH):
        _sit(version, enrolments[start : start + BATCH], questions, chance)
    actor = User.objects.create(login="ukur", name="Pemeriksa Ukur")
    return version, actor


def _quiz() -> QuizVersion:
    course = Course.objects.create(code="UKUR", slug="ukur", title="Pelatihan ukur")
    item = CourseItem.objects.create(course=course, kind=ItemKind.QUIZ)
    compiled = CourseVersion.objects.create(
        course=course, number=1, title=course.title, sha256="0" * 64, jp=Decimal(2), minutes=90, published_at=NOW
    )
    CourseVersionItem.objects.create(
        version=compiled, item=item, order=1, title="Pos-tes", slug="pos-tes", required=True, decides_grade=True
    )
    course.current_version = compiled
    course.save()
    version = QuizVersion.objects.create(
        item=item,
        number=1,
        sha256="1" * 64,
        title="Pos-tes",
        role="posttest",
        pass_fraction=Decimal("0.7"),
        draw_count=DRAWN,
        published_at=NOW,
    )
    questions = VersionQuestion.objects.bulk_create(
        VersionQuestion(version=version, uuid=uuid4(), kind="single", order=order, html=f"<p>Soal {order}</p>")
        for order in range(1, POOL + 1)
    )
    VersionOption.objects.bulk_create(
        VersionOption(question=question, uuid=uuid4(), order=order, html=f"Pilihan {order}", fraction=int(order == 1))
        for question in questions
        for order in range(1, 5)
    )
    return version


def _people(count: int, units: list[Unit], version: QuizVersion) -> list[Enrolment]:
    users = User.objects.bulk_create(
        [User(login=f"ukur{n}", name=f"Personel Ukur {n}", password="!") for n in range(count)], batch_size=BATCH
    )
    officers = Officer.objects.bulk_create(
        [Officer(user=user, name=user.name, number=f"{10_000_000 + n:08}") for n, user in enumerate(users)],
        batch_size=BATCH,
    )
    rank = Rank.objects.first()
    Posting.objects.bulk_create(
        [
            Posting(
                officer=officer,
                unit=units[n % len(units)],
                rank=rank,
                post="Banit",
                valid_from=NOW - timedelta(days=300),
                recorded_at=NOW - timedelta(days=300),
            )
            for n, officer in enumerate(officers)
        ],
        batch_size=BATCH,
    )
    return Enrolment.objects.bulk_create(
        [Enrolment(officer=officer, course=version.item.course, started_at=NOW) for officer in officers],
        batch_size=BATCH,
    )


def _sit(
    version: QuizVersion, enrolments: list[Enrolment], questions: list[VersionQuestion], chance: random.Random
) -> None:
    """Write graded attempts. Ability decides how often the key is met, the misses are spread evenly."""
    drawn = [chance.sample(questions, DRAWN) for _ in enrolments]
    abilities = [min(max(chance.gauss(0.7, 0.15), 0.05), 0.98) for _ in enrolments]
    right = [[chance.random() < ability for _ in range(DRAWN)] for ability in abilities]
    attempts = Attempt.objects.bulk_create(
        Attempt(
            enrolment=enrolment,
            item=version.item,
            version=version,
            number=1,
            started_at=NOW,
            submitted_at=SUBMITTED,
            ended_as="submitted",
            graded_at=SUBMITTED,
            grade=Decimal(sum(hits) * 100 // DRAWN),
            passed=sum(hits) >= version.pass_fraction * DRAWN,
            epoch=1,
        )
        for enrolment, hits in zip(enrolments, right, strict=True)
    )
    Response.objects.bulk_create(
        [
            _answer(attempt, position, question, hit, chance)
            for attempt, asked, hits in zip(attempts, drawn, right, strict=True)
            for position, (question, hit) in enumerate(zip(asked, hits, strict=True), start=1)
        ],
        batch_size=BATCH,
    )
    _complete([attempt for attempt in attempts if attempt.passed])


def _answer(attempt: Attempt, position: int, question: VersionQuestion, hit: bool, chance: random.Random) -> Response:
    options = [str(option.uuid) for option in question.options.all()]
    return Response(
        attempt=attempt,
        question=question,
        position=position,
        option_order=options,
        answer=[options[0] if hit else chance.choice(options[1:])],
        epoch=1,
        sequence=1,
        saved_at=NOW + timedelta(seconds=position * chance.randint(20, 60)),
        fraction=int(hit),
    )


def _complete(passed: list[Attempt]) -> None:
    ItemCompletion.objects.bulk_create(
        ItemCompletion(
            enrolment=attempt.enrolment,
            item=attempt.item,
            completed_at=attempt.submitted_at,
            recorded_at=attempt.submitted_at,
            grade=attempt.grade,
            evidence=attempt.uuid,
        )
        for attempt in passed
    )
    officers = [attempt.enrolment.officer_id for attempt in passed]
    rows = Posting.objects.filter(officer__in=officers).select_related("unit")
    postings = {posting.officer_id: posting for posting in rows}
    CourseCompletion.objects.bulk_create(
        CourseCompletion(
            enrolment=attempt.enrolment,
            officer=attempt.enrolment.officer,
            course=attempt.enrolment.course,
            course_version=attempt.enrolment.course.current_version,
            started_at=attempt.started_at,
            completed_at=attempt.submitted_at,
            recorded_at=attempt.submitted_at,
            grade=attempt.grade,
            jp=2,
            number=attempt.enrolment.officer.number,
            full_name=attempt.enrolment.officer.name,
            rank=postings[attempt.enrolment.officer_id].rank,
            unit=postings[attempt.enrolment.officer_id].unit,
            unit_name=postings[attempt.enrolment.officer_id].unit.name,
            unit_path=postings[attempt.enrolment.officer_id].unit.path,
        )
        for attempt in passed
    )
    Enrolment.objects.filter(pk__in=[attempt.enrolment_id for attempt in passed]).update(completed_at=NOW)
