"""From the page an author writes to the rows an officer answers."""

from datetime import datetime
from typing import Any

from django.db import transaction

from courses.exceptions import CompileRefused
from courses.models import CourseItem
from foundation import audit
from organisation.models import User
from quizzes.choices import QuestionKind, QuizRole
from quizzes.content import (
    Standing,
    compiled_questions,
    digest,
    problem_of,
    settings_of,
    standing_of,
    unknown_topics,
)
from quizzes.models import QuizPage, QuizVersion, VersionOption, VersionPool, VersionQuestion
from quizzes.pools import PagePool, pools_of, problems_of_pools


@transaction.atomic
def compile_quiz(*, page: QuizPage, actor: User | None, at: datetime) -> QuizVersion:
    """Write what ``page`` says as the next version of its item; the same content writes nothing.

    Raises CompileRefused with one sentence per problem, each naming its question.
    """
    if problems := problems_of(page):
        raise CompileRefused(page, problems)
    # Lock first: two publishers must not both take the next number.
    item = CourseItem.objects.select_for_update().get(pk=page.item_id or 0)
    settings, pools = settings_of(page), pools_of(page)
    questions = compiled_questions(page, pools)
    sha256 = digest(settings, questions, pools)
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
    _write_questions(version, questions, pools)
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
    entries = page.questions
    if not entries:
        return ["Kuis belum punya soal."]
    problems = []
    for number, child in enumerate(entries, start=1):
        if problem := problem_of(child):
            problems.append(f"Soal {number}: {problem}")
    standing = standing_of(page)
    problems += unknown_topics(
        question.child.value["topic"] for question in standing if question.child and not question.bank
    )
    problems += _repeated(standing)
    problems += _problems_of_rules(page, standing)
    return problems + problems_of_pools(pools_of(page))


def _repeated(standing: list[Standing]) -> list[str]:
    """A question of the bank may have been written on this very page first."""
    first: dict[str, int] = {}
    return [
        f"Soal {question.number} sama dengan soal {first[question.uuid]}. Hapus salah satunya."
        for question in standing
        if first.setdefault(question.uuid, question.number) != question.number
    ]


def _problems_of_rules(page: QuizPage, standing: list[Standing]) -> list[str]:
    problems = []
    there, drawn = len(standing), page.draw_count or len(standing)
    if there < drawn:
        problems.append(f"Kuis mengambil {drawn} soal, tetapi baru ada {there}. Tambah soal atau kurangi jumlahnya.")
    scenarios = sum(
        bool(question.child) and question.child.block_type == QuestionKind.SITUATIONAL for question in standing
    )
    if scenarios < page.min_scenarios:
        problems.append(
            f"Kuis memerlukan paling sedikit {page.min_scenarios} studi kasus, tetapi baru ada {scenarios}."
        )
    if page.min_scenarios > drawn:
        problems.append("Jumlah studi kasus tidak boleh melebihi jumlah soal per percobaan.")
    if page.role == QuizRole.POSTTEST and not 1 <= page.pass_mark <= 100:
        problems.append("Isi nilai ambang lulus antara 1 dan 100.")
    return problems


def _write_questions(version: QuizVersion, questions: list[dict[str, Any]], pools: list[PagePool]) -> None:
    made = VersionPool.objects.bulk_create(VersionPool(version=version, **pool.row) for pool in pools)
    pool_at = {row.order: row for row in made}
    rows = VersionQuestion.objects.bulk_create(
        VersionQuestion(
            version=version,
            pool=pool_at.get(question.get("pool", 0)),
            **{key: value for key, value in question.items() if key not in ("options", "pool")},
        )
        for question in questions
    )
    VersionOption.objects.bulk_create(
        VersionOption(question=row, **option)
        for row, question in zip(rows, questions, strict=True)
        for option in question["options"]
    )
