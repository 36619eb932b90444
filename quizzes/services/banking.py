"""The bank and the quizzes that use it: copy questions in, keep the places of use, refuse deletion, publish anew."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Literal

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from wagtail.models import Page

from courses.exceptions import DeletionRefused
from foundation import audit
from organisation.models import User
from quizzes.blocks import FROM_BANK, QUESTION_BLOCKS
from quizzes.exceptions import BankRefused
from quizzes.models import BankQuestion, BankUse, QuizPage, VersionQuestion

QUESTION_TYPES = {name for name, _block in QUESTION_BLOCKS}


@transaction.atomic
def save_to_bank(
    *, page: QuizPage, chosen: Collection[str], replace: bool, actor: User, at: datetime
) -> list[BankQuestion]:
    """Copy the ``chosen`` blocks (by id) of the newest draft of ``page`` into the bank, as drafts of ``actor``.

    A copy keeps the id of its block, so that statistics stay with the question. With ``replace`` a new draft
    of the page names the copies instead of holding the questions. Raises BankRefused.
    """
    # Lock first: two trainers must not both copy the same question, or overwrite each other's draft.
    locked = QuizPage.objects.select_for_update(of=("self",)).get(pk=page.pk)
    if replace and (lock := locked.get_lock()) and lock.for_user(actor):
        raise BankRefused("Kuis ini sedang dikunci atau diperiksa. Simpan tanpa mengganti soal di halaman.")
    draft = locked.get_latest_revision_as_object()
    known = already_in_bank(draft)
    made = []
    for index, child in enumerate(draft.questions):
        if child.id in chosen and child.block_type in QUESTION_TYPES and child.id not in known:
            bank = _copy(child, actor)
            made.append(bank)
            if replace:
                draft.questions[index] = (FROM_BANK, bank)
    if not made:
        raise BankRefused("Pilih sedikitnya satu soal yang belum ada di bank.")
    if replace:
        draft.save_revision(user=actor, log_action=True, clean=False)
    audit.record(
        verb="bank.saved",
        actor=actor,
        at=at,
        obj=locked,
        detail={"questions": [bank.pk for bank in made], "replaced": replace},
    )
    return made


def already_in_bank(page: QuizPage) -> dict[str, BankQuestion]:
    """Block id → the bank question that was copied from it."""
    ids = [child.id for child in page.questions if child.block_type in QUESTION_TYPES]
    return {str(bank.uuid): bank for bank in BankQuestion.objects.filter(uuid__in=ids)}


def _copy(child, actor: User) -> BankQuestion:
    raw = json.dumps([child.get_prep_value()], cls=DjangoJSONEncoder)
    bank = BankQuestion(uuid=child.id, question=raw, owner=actor, live=False)
    bank.save()
    bank.save_revision(user=actor, log_action="wagtail.create", clean=False)
    return bank


def note_uses(page: QuizPage, field: Literal["live", "draft"], *, named: bool = True) -> None:
    """Remember which bank questions ``page`` names in what is published or in its newest draft.

    ``named`` False: nothing of it is published any more.
    """
    raw = page.questions.get_prep_value() if named else []
    wanted = {child["value"] for child in raw if child["type"] == FROM_BANK and child["value"]}
    uses = {use.question_id: use for use in page.bank_uses.all()}
    for question_id, use in uses.items():
        if getattr(use, field) == (question_id in wanted):
            continue
        setattr(use, field, question_id in wanted)
        if use.live or use.draft:
            use.save(update_fields=[field])
        else:
            use.delete()
    new = BankQuestion.objects.filter(pk__in=wanted - uses.keys())
    BankUse.objects.bulk_create(BankUse(page=page, question=question, **{field: True}) for question in new)


def refuse_deletion(questions: Iterable[BankQuestion]) -> None:
    """Raise DeletionRefused for the first question that a quiz names or a version holds."""
    for question in questions:
        pages = [use.page.title for use in question.uses.select_related("page")]
        versions = VersionQuestion.objects.filter(bank=question).count()
        if pages or versions:
            where = ", ".join(f"“{title}”" for title in pages)
            raise DeletionRefused(
                question,
                [
                    *([f"Soal ini dipakai kuis {where}. Lepaskan dahulu dari kuis itu."] if pages else []),
                    *(
                        [f"Soal ini ada di {versions} versi kuis yang sudah terbit; hasil peserta menunjuk kepadanya."]
                        if versions
                        else []
                    ),
                    "Batalkan persetujuannya bila tidak boleh dipakai lagi.",
                ],
            )


@transaction.atomic
def republish(*, page: QuizPage, actor: User, at: datetime) -> None:
    """Hand ``page`` as it stands to the reviewers, so that its next version takes the bank as it is now.

    Raises BankRefused when somebody's draft would go with it, or when it could not be compiled.
    """
    # Lock first: two clicks must not start two reviews.
    Page.objects.select_for_update().get(pk=page.pk)
    page = QuizPage.objects.get(pk=page.pk)
    if page.workflow_in_progress:
        raise BankRefused("Kuis ini sudah diajukan dan sedang diperiksa.")
    if page.has_unpublished_changes:
        raise BankRefused("Kuis ini punya draf yang belum terbit. Buka halamannya dan ajukan drafnya dari sana.")
    if problems := page.publish_problems():
        raise BankRefused(" ".join(problems))
    page.save_revision(user=actor, log_action=True)
    page.get_workflow().start(page, actor)
    audit.record(verb="quiz.resubmitted", actor=actor, at=at, obj=page)
