"""Where a bank question is used, and which quizzes hold an older state of the bank than the bank itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wagtail.admin.admin_url_finder import AdminURLFinder

from .models import BankQuestion, QuizPage, QuizVersion, VersionPool, VersionQuestion


@dataclass(frozen=True)
class Place:
    """A quiz that uses a bank question, and ``how``."""

    page: QuizPage | None
    title: str
    course: str
    how: str

    def url_for(self, user) -> str | None:
        return self.page and AdminURLFinder(user).get_edit_url(self.page)


def places_of(question: BankQuestion) -> list[Place]:
    """Quiz pages that name the question, newest versions that may draw it, and every version that holds it."""
    uses = question.uses.select_related("page__item__course").order_by("page__path")
    places = [
        Place(use.page, use.page.title, _course(use.page.item), f"Disebut di halaman ({use.where})") for use in uses
    ]
    held = VersionQuestion.objects.filter(bank=question).select_related(
        "version__item__course", "version__item__quizpage"
    )
    return places + [
        Place(
            getattr(row.version.item, "quizpage", None),
            row.version.title,
            _course(row.version.item),
            f"Versi {row.version.number}, {'dapat terambil acak' if row.pool_id else 'soal tetap'}",
        )
        for row in held.order_by("version__item", "-version__number")
    ]


def _course(item) -> str:
    return str(item.course) if item else "–"


@dataclass(frozen=True)
class ChangedQuiz:
    """A live quiz and what changed in the bank since it was published: (question, reason) each."""

    page: QuizPage
    changes: list[tuple[str, str]]

    @property
    def waits_for(self) -> str:
        """Why one click does not publish it anew; empty when it does."""
        if self.page.workflow_in_progress:
            return "Sudah diajukan dan sedang diperiksa."
        if self.page.has_unpublished_changes:
            return "Ada draf yang belum terbit; ajukan dari halamannya."
        return ""


def changed_quizzes(page: QuizPage | None = None) -> list[ChangedQuiz]:
    """Live quizzes (or only ``page``) whose newest version holds another bank than there is now; six queries."""
    versions = QuizVersion.objects.newest().filter(item__quizpage__live=True)
    if page is not None:
        versions = versions.filter(item=page.item_id)
    pools: dict[int, list[VersionPool]] = {}
    for pool in VersionPool.objects.filter(version__in=versions):
        pools.setdefault(pool.version_id, []).append(pool)
    using = VersionQuestion.objects.filter(version__in=versions, bank__isnull=False).values("version")
    versions = versions.filter(pk__in=[*pools, *using.values_list("version", flat=True).distinct()])
    holds: dict[int, dict[Any, int | None]] = {}
    for version_id, uuid, bank_id in VersionQuestion.objects.filter(version__in=versions).values_list(
        "version", "uuid", "bank"
    ):
        holds.setdefault(version_id, {})[uuid] = bank_id
    bank = list(
        BankQuestion.objects.values_list("pk", "uuid", "title", "live", "last_published_at", "topic__slug", named=True)
    )
    pages = QuizPage.objects.filter(item__quiz_versions__in=versions).select_related("item").order_by("path")
    version_of = {version.item_id: version.pk for version in versions}
    found = []
    for quiz in pages:
        version_id = version_of[quiz.item_id]
        changes = list(_changes(quiz, holds.get(version_id, {}), pools.get(version_id, []), bank))
        if changes:
            found.append(ChangedQuiz(quiz, changes))
    return found


def _changes(quiz: QuizPage, held: dict[Any, int | None], pools: list[VersionPool], bank: Iterable[Any]):
    drawn = {slug for pool in pools for slug in pool.topics}
    compiled = set(held.values())
    for question in bank:
        newer = question.last_published_at and question.last_published_at > quiz.last_published_at
        if question.pk in compiled:
            if not question.live:
                yield question.title, "persetujuannya ditarik"
            elif newer:
                yield question.title, "berubah"
        elif newer and question.live and question.topic__slug in drawn and question.uuid not in held:
            yield question.title, "baru di topik yang diambil"
