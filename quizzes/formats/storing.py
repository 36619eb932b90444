"""Where imported questions go: as drafts, all of them or none. Pictures become Wagtail images here and only here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import slugify
from wagtail.images import get_image_model

from courses.models import CoursePage, LegalSource, Topic
from foundation import audit
from organisation.models import Officer, User
from quizzes.choices import QuizRole, ReviewSetting
from quizzes.exceptions import QuestionImportRefused
from quizzes.models import BankQuestion, ImportedSitting, QuizPage
from quizzes.openness import PRESETS

from .model import ImportedQuestion, OldQuiz, OldSitting, Picture, Refusal

MINUTES_PER_QUESTION = 1
DEFAULT_PASS_MARK = 70


def unknown_sources(questions: Sequence[ImportedQuestion]) -> list[Refusal]:
    """A refusal for each question that names a legal source nobody has written down."""
    known = set(LegalSource.objects.values_list("code", flat=True))
    return [
        Refusal(
            question.line,
            f"Dasar hukum “{code}” tidak ada dalam daftar. Tambahkan dahulu di Dasar hukum & tarif, "
            "atau hapus kodenya dari berkas.",
        )
        for question in questions
        if (code := question.value["legal_source"]) and code not in known
    ]


@transaction.atomic
def store_drafts(
    questions: Sequence[ImportedQuestion], *, topic: str, actor: User | None, at: datetime, page: QuizPage
) -> int:
    """Add the questions to a new draft of the quiz page; return how many. Raises QuestionImportRefused.

    ``topic`` is for questions that bring none of their own; ``actor`` None is the operator at the server.
    """
    if refusals := unknown_sources(questions):
        raise QuestionImportRefused(refusals[0].sentence)
    # Lock first: two imports at once must not each build on the same draft.
    page = QuizPage.objects.select_for_update().get(pk=page.pk)
    if page.locked:
        raise QuestionImportRefused("Halaman kuis ini sedang dikunci. Minta pemeriksa membukanya, lalu impor lagi.")
    draft = page.get_latest_revision_as_object()
    for kind, value in _native(questions, topic=topic, actor=actor):
        draft.questions.append((kind, value))
    _save(draft, actor)
    audit.record(
        verb="questions.imported",
        actor=actor,
        at=at,
        obj=page,
        detail={"questions": len(questions), "quiz": page.title},
    )
    return len(questions)


@transaction.atomic
def store_in_bank(questions: Sequence[ImportedQuestion], *, topic: str, actor: User | None, at: datetime) -> int:
    """Add the questions to the bank as drafts of ``actor``, each to be reviewed; return how many.

    Raises QuestionImportRefused. ``topic`` is for questions that bring none of their own.
    """
    if refusals := unknown_sources(questions):
        raise QuestionImportRefused(refusals[0].sentence)
    for native in _native(questions, topic=topic, actor=actor):
        bank = BankQuestion(question=[native], owner=actor, live=False)
        bank.save()
        bank.save_revision(user=actor, log_action="wagtail.create", clean=False)
    audit.record(verb="questions.imported", actor=actor, at=at, detail={"questions": len(questions), "bank": True})
    return len(questions)


@transaction.atomic
def store_quizzes(
    quizzes: Sequence[OldQuiz],
    questions: Sequence[ImportedQuestion],
    *,
    course: CoursePage,
    actor: User | None,
    at: datetime,
) -> list[QuizPage]:
    """Make a draft page under the course for each quiz of an old application, with its rules and its questions."""
    pages = []
    for quiz in quizzes:
        chosen = [questions[place] for place in quiz.questions]
        page = QuizPage(
            title=quiz.title,
            slug=_free_slug(course, quiz.title),
            live=False,
            role=QuizRole.POSTTEST,
            intro=quiz.intro,
            pass_mark=quiz.pass_mark or DEFAULT_PASS_MARK,
            max_attempts=1 if quiz.one_attempt else 0,
            draw_count=quiz.draw_count if quiz.draw_count < len(chosen) else 0,
            shuffle_questions=quiz.random_order,
            pass_message=quiz.pass_message,
            fail_message=quiz.fail_message,
            review_options=PRESETS[ReviewSetting.DURING if quiz.after_each else ReviewSetting.AFTER_SUBMIT],
            minutes=max(len(chosen) * MINUTES_PER_QUESTION, 1),
            questions=_native(chosen, topic="", actor=actor),
        )
        # Fresh from the database: a parent that was read before its last child counts one too few.
        CoursePage.objects.get(pk=course.pk).add_child(instance=page)
        _save(page, actor)
        audit.record(
            verb="quiz.imported", actor=actor, at=at, obj=page, detail={"questions": len(chosen), "quiz": page.title}
        )
        pages.append(page)
    return pages


@transaction.atomic
def store_history(sittings: Sequence[OldSitting], *, actor: User | None, at: datetime) -> tuple[int, int]:
    """Keep old results as history; return (how many are new, how many of those found their officer).

    A person is found by the old login when it is an NRP/NIP. What is kept already stays as it is.
    """
    known = set(ImportedSitting.objects.filter(key__in=[row.key for row in sittings]).values_list("key", flat=True))
    officers = {
        officer.number: officer
        for officer in Officer.objects.filter(number__in={row.login for row in sittings if row.login})
    }
    rows = [
        ImportedSitting(
            key=row.key,
            quiz=row.quiz,
            category=row.category,
            login=row.login,
            name=row.name,
            officer=officers.get(row.login),
            score=row.score,
            questions=row.questions,
            percent=row.percent,
            passed=row.passed,
            started_at=row.started_at,
            ended_at=row.ended_at,
            recorded_at=at,
        )
        for row in {row.key: row for row in sittings}.values()
        if row.key not in known
    ]
    ImportedSitting.objects.bulk_create(rows, batch_size=500)
    matched = {row.officer_id for row in rows if row.officer_id}
    audit.record_many(
        audit.event(verb="history.imported", actor=actor, at=at, subject_id=officer) for officer in sorted(matched)
    )
    if rows:
        audit.record(verb="history.imported", actor=actor, at=at, detail={"rows": len(rows)})
    return len(rows), sum(row.officer_id is not None for row in rows)


def _save(page: QuizPage, actor: User | None) -> None:
    page.save_revision(user=actor, log_action=True)


def _free_slug(course: CoursePage, title: str) -> str:
    base = slugify(title)[:70] or "kuis"
    taken = set(course.get_children().values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, 10_000))) if slug not in taken)


def _native(
    questions: Sequence[ImportedQuestion], *, topic: str, actor: User | None
) -> list[tuple[str, dict[str, Any]]]:
    """The questions as a StreamField takes them: with images, legal sources and topics of ours."""
    sources = LegalSource.objects.in_bulk(
        {question.value["legal_source"] for question in questions} - {None}, field_name="code"
    )
    rows = []
    for question in questions:
        value = _with_images(question.value, actor)
        value["legal_source"] = sources.get(value["legal_source"])
        filed = Topic.objects.at_path(question.topic or [topic])
        value["topic"] = filed.slug if filed else ""
        rows.append((question.kind, value))
    return rows


def _with_images(value: Any, actor: User | None) -> Any:
    if isinstance(value, dict):
        plain = {name: _with_images(child, actor) for name, child in value.items()}
        if isinstance(value.get("image"), Picture):
            plain["image"] = _image(value["image"], value["image_alt"], actor)
        return plain
    return [_with_images(item, actor) for item in value] if isinstance(value, list) else value


def _image(picture: Picture, alt: str, actor: User | None):
    image = get_image_model()(title=(alt or picture.name)[:255], uploaded_by_user=actor)
    image.file = ContentFile(picture.content, name=picture.name)
    image.save()
    return image
