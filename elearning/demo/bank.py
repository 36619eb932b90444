"""A small question bank out of the loaded courses, and a refresher course that draws from it."""

from datetime import datetime
from decimal import Decimal

from wagtail.models import Workflow

from courses.models import CatalogPage, CoursePage
from courses.services.editorial import WORKFLOW
from organisation.models import Officer
from quizzes import services
from quizzes.blocks import DRAW, FROM_BANK
from quizzes.models import BankQuestion, QuizPage, QuizRole

# Topic → how many of its questions go into the bank; 25 together, of which IN_REVIEW still wait.
TAKEN = {"kode-etik": 8, "asas-pelayanan": 6, "marah-kabar-buruk": 6, "korban-kelompok-rentan": 5}
IN_REVIEW = 2
TAGS = {"kode-etik": "gratifikasi", "marah-kabar-buruk": "loket"}


def build_bank(people: dict[str, Officer], *, now: datetime) -> None:
    trainer = people["trainer"].user
    made: list[BankQuestion] = []
    for page in QuizPage.objects.filter(role=QuizRole.POSTTEST, live=True).order_by("path"):
        chosen = [child.id for topic, count in TAKEN.items() for child in _about(page, topic)[:count]]
        if chosen:
            made += services.save_to_bank(page=page, chosen=chosen, replace=False, actor=trainer, at=now)
    for bank in made:
        if tag := TAGS.get(bank.topic.slug):
            bank.tags.add(tag)
        revision = bank.save_revision(user=trainer, clean=False)
        if bank in made[-IN_REVIEW:]:
            Workflow.objects.get(name=WORKFLOW).start(bank, trainer)
        else:
            revision.publish(user=people["reviewer"].user, skip_permission_checks=True)
    _refresher([bank for bank in made if bank.topic.slug == "kode-etik"][:2])
    # Approved once more after the course went live: the report of changed questions has something to show.
    changed = BankQuestion.objects.get(pk=made[0].pk)
    changed.block.value["marks"] = 2
    changed.save_revision(user=trainer).publish(user=people["reviewer"].user, skip_permission_checks=True)


def _about(page: QuizPage, topic: str) -> list:
    return [child for child in page.questions if child.value["topic"] == topic]


def _refresher(named: list[BankQuestion]) -> None:
    course = CoursePage(
        title="Penyegaran etika dan komunikasi",
        slug="penyegaran-etika-dan-komunikasi",
        code="P1",
        summary="Tujuh soal dari bank soal, setiap kali lain, untuk menyegarkan yang pernah dipelajari.",
        audience="Personel yang pernah mengikuti C1 atau C2",
        jp=Decimal(1),
        minutes=45,
        self_enrolment=True,
        live=False,
    )
    CatalogPage.objects.get().add_child(instance=course)
    quiz = QuizPage(
        title="Kuis penyegaran",
        slug="kuis-penyegaran",
        minutes=15,
        live=False,
        questions=[
            *((FROM_BANK, bank) for bank in named),
            (DRAW, {"topic": "etika-pelayanan", "count": 3, "easy": 1, "medium": 1, "hard": 0}),
            (DRAW, {"topic": "komunikasi-pelayanan", "count": 2, "easy": 0, "medium": 0, "hard": 0}),
        ],
    )
    course.add_child(instance=quiz)
    quiz.save_revision().publish()
    course = CoursePage.objects.get(pk=course.pk)
    course.save_revision().publish()
