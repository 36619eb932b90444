"""From the page an author writes to the rows an officer answers."""

from datetime import datetime
from typing import Any

from django.db import transaction

from courses.exceptions import CompileRefused
from courses.models import CourseItem
from foundation import audit
from organisation.models import User
from quizzes.choices import QuestionKind, QuizRole
from quizzes.content import digest, problem_of, questions_of, settings_of
from quizzes.models import QuizPage, QuizVersion, VersionOption, VersionQuestion


@transaction.atomic
def compile_quiz(*, page: QuizPage, actor: User | None, at: datetime) -> QuizVersion:
    """Write what ``page`` says as the next version of its item; the same content writes nothing.

    Raises CompileRefused with one sentence per problem, each naming its question.
    """
    if problems := problems_of(page):
        raise CompileRefused(page, problems)
    # Lock first: two publishers must not both take the next number.
    item = CourseItem.objects.select_for_update().get(pk=page.item_id)
    settings, questions = settings_of(page), questions_of(page)
    sha256 = digest(settings, questions)
    newest = QuizVersion.objects.newest().filter(item=item).first()
    if newest and newest.sha256 == sha256:
        return newest
    version = QuizVersion.objects.create(
        item=item,
        number=newest.number + 1 if newest else 1,
        sha256=sha256,
        published_at=at,
        published_by=actor,
        **settings,
    )
    _write_questions(version, questions)
    audit.record(
        verb="quiz.compiled",
        actor=actor,
        at=at,
        obj=version,
        detail={"course": item.course.code, "version": version.number, "questions": len(questions)},
    )
    return version


def problems_of(page: QuizPage) -> list[str]:
    """Say what keeps the page from being compiled; empty when nothing does."""
    questions = page.questions
    if not questions:
        return ["Kuis belum punya soal."]
    problems = []
    for number, child in enumerate(questions, start=1):
        if problem := problem_of(child):
            problems.append(f"Soal {number}: {problem}")
    pool, drawn = len(questions), page.draw_count or len(questions)
    if pool < drawn:
        problems.append(f"Kuis mengambil {drawn} soal, tetapi baru ada {pool}. Tambah soal atau kurangi jumlahnya.")
    scenarios = sum(child.block_type == QuestionKind.SITUATIONAL for child in questions)
    if scenarios < page.min_scenarios:
        problems.append(
            f"Kuis memerlukan paling sedikit {page.min_scenarios} studi kasus, tetapi baru ada {scenarios}."
        )
    if page.min_scenarios > drawn:
        problems.append("Jumlah studi kasus tidak boleh melebihi jumlah soal per percobaan.")
    if page.role == QuizRole.POSTTEST and not 1 <= page.pass_mark <= 100:
        problems.append("Isi nilai ambang lulus antara 1 dan 100.")
    return problems


def _write_questions(version: QuizVersion, questions: list[dict[str, Any]]) -> None:
    rows = VersionQuestion.objects.bulk_create(
        VersionQuestion(version=version, **{key: value for key, value in question.items() if key != "options"})
        for question in questions
    )
    VersionOption.objects.bulk_create(
        VersionOption(question=row, **option)
        for row, question in zip(rows, questions, strict=True)
        for option in question["options"]
    )
