"""Questions in and out: a file between its preview and its confirmation, kept privately, applied once, forgotten."""

import hashlib
import logging
from dataclasses import replace
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Q

from courses.models import CoursePage
from foundation import audit
from foundation.due import due
from organisation.models import User
from quizzes.blocks import DRAW
from quizzes.content import Standing, standing_of
from quizzes.exceptions import QuestionImportRefused
from quizzes.formats import FORMATS, Reading, Written
from quizzes.formats.model import MAXIMUM_BYTES, Unheld
from quizzes.formats.portable import portable
from quizzes.formats.storing import store_drafts, store_history, store_in_bank, store_quizzes, unknown_sources
from quizzes.formats.text import TOO_BIG
from quizzes.models import BankQuestion, QuestionImport, QuizPage

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(hours=24)
ONLY_OPERATORS = (
    "{} hasil lama dalam berkas ini tidak dibawa lewat halaman ini: hasil orang hanya diimpor oleh administrator, "
    "dengan perintah import_questions di server."
)
NO_QUIZZES = "Ke bank hanya soalnya yang masuk; kuisnya tidak dibuat. Pilih sebuah kuis untuk membawa kuisnya juga."


def reading_of(content: bytes, format: str) -> Reading:
    """What a file holds, checked against our legal sources too."""
    reading = FORMATS[format].read(content)
    reading.refusals += unknown_sources(reading.questions)
    reading.refusals.sort(key=lambda refusal: refusal.line)
    return reading


def stage_import(
    *, content: bytes, file_name: str, format: str, page: QuizPage | None, topic: str, actor: User, at: datetime
) -> QuestionImport:
    """Keep a file for its preview. Raises QuestionImportRefused when nothing in it can be read.

    Without ``page`` the questions are meant for the bank.
    """
    if len(content) > MAXIMUM_BYTES:
        raise QuestionImportRefused(TOO_BIG)
    reading = reading_of(content, format)
    if reading.refusals and not reading.questions and reading.refusals[0].line == 0:
        raise QuestionImportRefused(reading.refusals[0].sentence)
    row = QuestionImport(
        format=format,
        file_name=file_name[:255],
        sha256=hashlib.sha256(content).hexdigest(),
        page=page,
        to_bank=page is None,
        topic=topic,
        uploaded_by=actor,
        uploaded_at=at,
        counts=reading.counts,
    )
    row.storage_name = storages["private"].save(f"imports/{row.uuid}", ContentFile(content))
    row.save()
    return row


def preview_import(*, upload: QuestionImport) -> Reading:
    """What the file would do now. Raises QuestionImportRefused when the file is gone or was altered."""
    reading = reading_of(_content(upload), upload.format)
    if reading.sittings:
        reading.notes.append(ONLY_OPERATORS.format(len(reading.sittings)))
    if reading.quizzes and upload.to_bank:
        reading.notes.append(NO_QUIZZES)
    return reading


def confirm_import(*, upload: QuestionImport, at: datetime) -> int:
    """Store exactly the file that was previewed, once; return how many questions. Raises QuestionImportRefused."""
    reading = reading_of(_content(upload), upload.format)
    if upload.page is None and not upload.to_bank:
        raise QuestionImportRefused("Halaman kuisnya sudah dihapus. Pilih kuis lain, lalu unggah lagi.")
    with transaction.atomic():
        # The first confirmation takes the row; a second click finds it taken.
        if not QuestionImport.objects.filter(pk=upload.pk, applied_at=None).update(applied_at=at, storage_name=""):
            raise QuestionImportRefused("Berkas ini sudah diimpor.")
        store_reading(reading, page=upload.page, topic=upload.topic, actor=upload.uploaded_by, at=at)
    storages["private"].delete(upload.storage_name)
    return len(reading.questions)


@transaction.atomic
def store_reading(
    reading: Reading, *, page: QuizPage | None, topic: str, actor: User | None, at: datetime, with_history: bool = False
) -> dict[str, int]:
    """Store all that a file holds, or nothing. Raises QuestionImportRefused.

    Questions go to a draft of ``page``, those of an old application's quizzes to draft pages beside it; without
    ``page`` all of them become drafts in the bank.
    """
    if reading.refusals:
        raise QuestionImportRefused(
            f"{len(reading.refusals)} hal ditolak, jadi tidak ada yang diimpor. Perbaiki berkasnya, lalu unggah lagi."
        )
    counts = {"soal": len(reading.questions), "kuis": 0}
    if page is None:
        store_in_bank(reading.questions, topic=topic, actor=actor, at=at)
    else:
        counts["kuis"] = _store_beside(page, reading, topic=topic, actor=actor, at=at)
    if with_history:
        counts["riwayat"], counts["riwayat_cocok"] = store_history(reading.sittings, actor=actor, at=at)
    return counts


def _store_beside(page: QuizPage, reading: Reading, *, topic: str, actor: User | None, at: datetime) -> int:
    """Store old quizzes as pages, all other questions in the draft of ``page``; return how many pages were made."""
    course = CoursePage.objects.ancestor_of(page).get()
    pages = store_quizzes(reading.quizzes, reading.questions, course=course, actor=actor, at=at)
    placed = {place for quiz in reading.quizzes for place in quiz.questions}
    loose = [question for place, question in enumerate(reading.questions) if place not in placed]
    if loose:
        store_drafts(loose, topic=topic, actor=actor, at=at, page=page)
    return len(pages)


def export_questions(*, page: QuizPage | None, format: str, topic: str = "") -> Written:
    """The questions of the newest draft of a page as a file, with what it cannot hold; without ``page`` the bank's.

    Of the bank those that are approved; ``topic`` leaves only those with it in their path.
    """
    write = FORMATS[format].write
    if write is None:
        raise QuestionImportRefused(f"{FORMATS[format].label} hanya dapat dibaca, tidak ditulis.")
    if page is None:
        approved = enumerate(BankQuestion.objects.approved().order_by("pk"), start=1)
        standing = [Standing(number, str(bank.uuid), bank.block, bank) for number, bank in approved]
    else:
        draft = page.get_latest_revision_as_object()
        standing = standing_of(draft)
    questions = portable(standing)
    written = write([question for question in questions if not topic or topic in question.topic])
    if page is None:
        return written
    drawn = [
        Unheld(number, "Ambil acak dari bank", "Pengambilan acak tidak ikut; soalnya ada di bank.", omitted=True)
        for number, child in enumerate(draft.questions, start=1)
        if child.block_type == DRAW
    ]
    return replace(written, unheld=[*written.unheld, *drawn])


def record_export(*, page: QuizPage | None, format: str, actor: User | None, at: datetime) -> None:
    """A file with the keys leaves the house: that is on record."""
    title = page.title if page else "Bank soal"
    audit.record(verb="questions.exported", actor=actor, at=at, obj=page, detail={"format": format, "quiz": title})


@due("quizzes.uploads")
def forget_question_uploads(*, at: datetime) -> int:
    """Delete files that nobody confirmed within a day; the row stays as the record."""
    stale = QuestionImport.objects.filter(~Q(storage_name=""), uploaded_at__lt=at - KEPT_FOR)
    for upload in stale:
        storages["private"].delete(upload.storage_name)
    return stale.update(storage_name="")


def _content(upload: QuestionImport) -> bytes:
    if not upload.storage_name:
        raise QuestionImportRefused("Berkas ini sudah tidak disimpan. Unggah lagi berkasnya.")
    with storages["private"].open(upload.storage_name) as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != upload.sha256:
        logger.error("question import %s: the stored file differs from the uploaded one", upload.pk)
        raise QuestionImportRefused("Berkas yang disimpan rusak. Unggah lagi berkasnya.")
    return content
