"""Compiled quizzes, attempts and quiz pages. ``quiz_of(course)`` gives a course's post-test its questions."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import ClassVar

import factory
import wagtail_factories
from factory.django import DjangoModelFactory
from wagtail.rich_text import RichText

from courses.models import Course, ItemKind, Topic
from quizzes import models
from quizzes.openness import PRESETS
from quizzes.services.sitting import GRACE, draw_questions
from tests.clock import NOON
from tests.factories.courses import PUBLISHED_AT, CourseItemFactory, CoursePageFactory, published_course
from tests.factories.enrolments import EnrolmentFactory

FRACTIONS = {
    "single": ["1", "0", "0", "0"],
    "multiple": ["1", "1", "0", "0"],
    "truefalse": ["1", "0"],
    "situational": ["1", "0.5", "0", "-0.5"],
}


class VersionQuestionFactory(DjangoModelFactory):
    """A question with its options; the first is the best one. ``fractions=[…]`` brings another key."""

    class Meta:
        model = models.VersionQuestion
        skip_postgeneration_save = True

    version = factory.SubFactory("tests.factories.quizzes.QuizVersionFactory", questions=0)
    uuid = factory.LazyFunction(uuid.uuid4)
    kind = models.QuestionKind.SINGLE
    order = factory.LazyAttribute(lambda question: question.version.questions.count() + 1)
    html = factory.LazyAttribute(lambda question: f"<p>Apa tindakan pertama pada kasus {question.order}?</p>")
    marks = 1
    topic = "asas-pelayanan"
    difficulty = "easy"
    explanation = "Pembahasan rahasia: asas ketepatan waktu."

    @factory.post_generation
    def fractions(question, create, extracted, **kwargs):
        models.VersionOption.objects.bulk_create(
            models.VersionOption(
                question=question,
                uuid=uuid.uuid4(),
                order=order,
                html=f"Tindakan {order} pada kasus {question.order}",
                fraction=Decimal(fraction),
                feedback=f"Umpan balik rahasia {order}",
            )
            for order, fraction in enumerate(extracted or FRACTIONS[question.kind], start=1)
        )


class QuizVersionFactory(DjangoModelFactory):
    """A post-test of four single-choice questions: ``QuizVersionFactory(questions=20, max_attempts=3)``.

    It belongs to the item of the published course's post-test, so that an attempt at it counts.
    """

    class Meta:
        model = models.QuizVersion
        skip_postgeneration_save = True

    class Params:
        course = factory.LazyFunction(lambda: published_course(lessons=0))
        # One of the presets; review_options=[…] gives any other matrix.
        review = "after_submit"

    review_options = factory.LazyAttribute(lambda version: PRESETS[version.review])
    item = factory.LazyAttribute(lambda version: quiz_item(version.course))
    number = factory.LazyAttribute(lambda version: version.item.quiz_versions.count() + 1)
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    title = "Pos-tes"
    intro = "Jawablah apa adanya."
    role = models.QuizRole.POSTTEST
    pass_fraction = Decimal("0.700")
    max_attempts = 3
    time_limit_minutes = 0
    draw_count = 4
    shuffle_questions = False
    shuffle_options = False
    published_at = NOON - timedelta(days=30)

    @factory.post_generation
    def questions(version, create, extracted, **kwargs):
        kinds = extracted if isinstance(extracted, list) else ["single"] * (4 if extracted is None else extracted)
        for kind in kinds:
            VersionQuestionFactory(version=version, kind=kind)


def quiz_item(course: Course):
    """The item of the course's first quiz; made when there is none."""
    items = course.items.filter(kind=ItemKind.QUIZ).order_by("-version_items__decides_grade", "pk")
    return items.first() or CourseItemFactory(course=course, kind=ItemKind.QUIZ)


class AttemptFactory(DjangoModelFactory):
    """A running attempt with its questions drawn: ``AttemptFactory(version=…, enrolment=…)``; see ``finished``."""

    class Meta:
        model = models.Attempt
        skip_postgeneration_save = True

    class Params:
        finished = factory.Trait(
            submitted_at=factory.LazyAttribute(lambda attempt: attempt.started_at + timedelta(minutes=20)),
            ended_as=models.AttemptEnd.SUBMITTED,
            graded_at=factory.SelfAttribute("submitted_at"),
            grade=Decimal("50.00"),
            passed=False,
        )

    version = factory.SubFactory(QuizVersionFactory)
    enrolment = factory.LazyAttribute(lambda attempt: EnrolmentFactory(course=attempt.version.item.course))
    item = factory.SelfAttribute("version.item")
    number = factory.LazyAttribute(
        lambda attempt: models.Attempt.objects.of(attempt.version.item, attempt.enrolment).count() + 1
    )
    started_at = NOON
    deadline_at = factory.LazyAttribute(
        lambda attempt: (
            attempt.started_at + timedelta(minutes=attempt.version.time_limit_minutes)
            if attempt.version.time_limit_minutes
            else None
        )
    )
    closes_at = factory.LazyAttribute(lambda attempt: attempt.deadline_at + GRACE if attempt.deadline_at else None)
    epoch = 1

    @factory.post_generation
    def responses(attempt, create, extracted, **kwargs):
        import random

        draw_questions(attempt, random.Random(7))


def options_of(response: models.Response) -> list[str]:
    """The uuids of a response's options, the best first, as the factories make them."""
    return [str(option.uuid) for option in response.question.options.order_by("-fraction", "order")]


def answer_all(attempt: models.Attempt, *, right: int) -> None:
    """Answer every question of a running attempt, the first ``right`` of them rightly."""
    for response in attempt.responses.all():
        best, *_others, worst = options_of(response)
        response.answer = [best if response.position <= right else worst]
        response.epoch, response.sequence, response.saved_at = 1, 1, NOON
        response.save()


def scene(name: str, *choices: tuple[str, str, str], ending: str = "") -> dict:
    """A scene with its choices (words, next scene, fraction)."""
    return {
        "image": None,
        "image_alt": "",
        "name": name,
        "text": RichText(f"<p>Adegan {name}</p>"),
        "choices": [
            {
                "text": text,
                "to": to,
                "fraction": Decimal(fraction),
                "consequence": f"Akibat {text}",
                "feedback": f"Umpan balik rahasia {text}",
            }
            for text, to, fraction in choices
        ],
        "ending": ending,
    }


OWN_ANSWERS = {
    "ordering": {"steps": ["Sapa", "Dengarkan", "Catat", "Jelaskan"]},
    "matching": {
        "pairs": [{"stem": "SPKT", "match": "Laporan"}, {"stem": "SKCK", "match": "Catatan kepolisian"}],
        "distractors": ["Paspor"],
    },
    "short": {
        "accepted": [
            {"text": "tanda bukti lapor", "fraction": Decimal(1), "feedback": "Umpan balik rahasia penuh"},
            {"text": "tanda*", "fraction": Decimal("0.5"), "feedback": "Umpan balik rahasia separuh"},
        ],
        "match_case": False,
    },
    "numerical": {
        "numbers": [{"number": Decimal(90), "tolerance": Decimal(5), "fraction": Decimal(1), "feedback": ""}],
        "units": [{"name": "menit", "factor": Decimal(1)}, {"name": "jam", "factor": Decimal(60)}],
    },
    "gaps": {
        "text": "<p>Petugas [[1]] dahulu, lalu [[2]] keluhannya.</p>",
        "gaps": [{"answers": "menyapa\nmemberi salam", "wrong": ""}, {"answers": "mencatat", "wrong": "menolak"}],
    },
    "essay": {
        "rubric": [
            {"text": "Empati", "points": 4, "guide": "Pedoman rahasia"},
            {"text": "Dasar hukum", "points": 6, "guide": ""},
        ],
        "max_words": 200,
        "two_markers": False,
    },
    "scenario": {
        "scenes": [
            scene("loket", ("Sapa warga", "duduk", "1"), ("Diam", "marah", "0")),
            scene("duduk", ("Catat laporannya", "selesai", "1"), ("Minta kembali besok", "pergi", "-0.5")),
            scene("marah", ("Minta maaf", "duduk", "0.5"), ("Suruh pergi", "pergi", "-1")),
            scene("selesai", ending="good"),
            scene("pergi", ending="bad"),
        ]
    },
}
ALL_KINDS = [*FRACTIONS, *OWN_ANSWERS]


def question(kind: str = "single", *, fractions: list[str] | None = None, **fields) -> tuple[str, dict]:
    """One of ``ALL_KINDS`` as a page takes it: ``QuizPageFactory(questions=[question(), question("gaps")])``."""
    text = fields.pop("text", "<p>Apa tindakan pertama Anda?</p>")
    value: dict = {
        "text": text,
        "image": None,
        "image_alt": "",
        "feedback": "",
        "explanation": "Karena pemohon menunggu.",
        "topic": "antrean",
        "difficulty": "easy",
        "marks": 1,
        "legal_source": None,
        "needs_verification": False,
    }
    if kind in OWN_ANSWERS:
        value |= OWN_ANSWERS[kind]
    elif kind == "truefalse":
        value |= {"answer": "benar", "feedback_true": "", "feedback_false": ""}
    else:
        key = "fraction" if kind == "situational" else "right"
        value["options"] = [
            {
                "text": f"Tindakan {order}",
                key: Decimal(fraction) if kind == "situational" else Decimal(fraction) > 0,
                "feedback": "",
                "image": None,
                "image_alt": "",
                **({"fraction": None} if kind == "multiple" else {}),
            }
            for order, fraction in enumerate(FRACTIONS[kind] if fractions is None else fractions, start=1)
        ]
    if kind == "multiple":
        value["all_or_nothing"] = False
    return kind, value | fields


class QuizPageFactory(wagtail_factories.PageFactory):
    """A quiz page as an author leaves it: a draft with one question of each kind."""

    class Meta:
        model = models.QuizPage

    parent = factory.SubFactory(CoursePageFactory)
    title = "Pos-tes"
    slug = factory.Sequence(lambda n: f"pos-tes-{n}")
    minutes = 40
    live = False
    questions = factory.LazyFunction(lambda: [question(kind) for kind in FRACTIONS])

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        for _kind, value in kwargs["questions"]:
            if isinstance(value, dict) and value.get("topic"):
                Topic.objects.named(value["topic"])
        return super()._create(model_class, *args, **kwargs)


class BankQuestionFactory(DjangoModelFactory):
    """An approved bank question: ``BankQuestionFactory(topic="antrean", difficulty="hard")``; ``live=False`` a draft.

    Other keywords of ``question()`` come as ``value={…}``.
    """

    class Meta:
        model = models.BankQuestion

    class Params:
        topic = "antrean"
        difficulty = "easy"
        kind = "single"
        value: ClassVar[dict] = {}

    title = factory.Sequence(lambda n: f"Soal bank {n + 1}")
    live = True
    last_published_at = PUBLISHED_AT
    question = factory.LazyAttribute(
        lambda bank: [question(bank.kind, topic=bank.topic, difficulty=bank.difficulty, **bank.value)]
    )

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        Topic.objects.named(kwargs["question"][0][1]["topic"])
        return super()._create(model_class, *args, **kwargs)


def from_bank(bank: models.BankQuestion) -> tuple[str, models.BankQuestion]:
    """An entry of a quiz page that names a bank question."""
    return "from_bank", bank


def drawn(topic: str, count: int, **least: int) -> tuple[str, dict]:
    """An entry of a quiz page that draws from the bank: ``drawn("antrean", 5, hard=1)``."""
    return "draw", {"topic": topic, "count": count, "easy": 0, "medium": 0, "hard": 0, **least}
