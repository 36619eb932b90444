"""Files too large to wait for: asked for, written by a worker in constant memory, fetched, removed.

The row is the truth. A worker takes a job by writing its token into the row and notes how far it is; one that has
been silent for longer than ``LEASE`` is taken for dead, and the next one begins anew. Whoever finishes without
holding the row any more throws its bytes away, so there is one file and one event however often it was tried.
"""

import logging
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from os import SEEK_END
from typing import IO, TypeVar
from uuid import uuid4

from django.core.files.base import File as StoredFile
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import Http404, QueryDict
from django.utils import timezone

from foundation import audit, outbox, retention
from foundation.backups import FLEETING
from foundation.formats import number
from foundation.spreadsheets import CSV_TYPE, XLSX_MAXIMUM_ROWS, XLSX_TYPE, csv_lines, write_xlsx
from organisation.models import User

from . import paper
from .exceptions import FileRefused
from .files import File, file_of
from .lists import path_of, roles_of, verb_of
from .models import ExportJob, JobState
from .models.files import CSV, LEASE, PDF, XLSX
from .printing import PDF_TYPE, heading_of, printed
from .scope import scope_of

logger = logging.getLogger(__name__)

KIND = "reports.file"
XLSX_AT_ONCE = 2000
TYPES = {XLSX: XLSX_TYPE, CSV: CSV_TYPE, PDF: PDF_TYPE}
# Up to here a file is written while the person waits: a second or two, also of a hundred rows on paper. A CSV flows at
# any length; a worker writes one only where nobody waits for it, as for a letter.
LARGEST_AT_ONCE = {XLSX: XLSX_AT_ONCE, PDF: 100}
NOTED_EVERY = {XLSX: 1000, CSV: 1000, PDF: 100}
MAXIMUM_TRIES = 3
FAILED = "Berkas gagal disiapkan. Persempit saringannya, lalu coba lagi."
Value = TypeVar("Value")


class Taken(Exception):
    """Another worker holds the job now."""


def must_wait(kind: str, made: File) -> bool:
    """Whether so many rows are prepared by a worker."""
    return kind in LARGEST_AT_ONCE and made.count > LARGEST_AT_ONCE[kind]


def check(kind: str, made: File) -> None:
    """Raises FileRefused for more rows than a file of this kind holds."""
    if kind == PDF:
        paper.check(made.table[0], made.count)
    if kind == XLSX and made.count > XLSX_MAXIMUM_ROWS:
        raise FileRefused(
            f"XLSX memuat paling banyak {number(XLSX_MAXIMUM_ROWS)} baris. Ambil CSV, atau saring dahulu."
        )


def ask_file(*, report: str, query: str, made: File, actor: User, at: datetime, kind: str = XLSX) -> ExportJob:
    """Have the file prepared; asking again while it is on its way returns the same job."""
    same = ExportJob.objects.filter(owner=actor, report=report, kind=kind, query=query)
    try:
        return same.unfinished().first() or _ask(report, query, made, kind=kind, actor=actor, at=at)
    except IntegrityError:
        # A second press came between looking and writing.
        return same.latest("asked_at")


@transaction.atomic
def _ask(report: str, query: str, made: File, *, kind: str, actor: User, at: datetime) -> ExportJob:
    job = ExportJob.objects.create(
        owner=actor,
        report=report,
        kind=kind,
        query=query,
        title=made.title[:150],
        unit=made.wanted.unit,
        total=made.count,
        asked_at=at,
    )
    _note("report.asked", job, actor=actor, at=at)
    outbox.put(kind=KIND, key=str(job.uuid), payload={"job": job.pk}, at=at)
    return job


def _note(verb: str, job: ExportJob, *, actor: User, at: datetime, **detail: object) -> None:
    known = {"report": job.report, "title": job.title, "kind": job.kind, "rows": job.total, **detail}
    roots = scope_of(actor, at=at, roles=roles_of(job.report)).roots
    path = path_of(job.report, job.unit, roots)
    audit.record(verb=verb, actor=actor, at=at, obj=job, unit_path=path, detail=known)


@outbox.handles(KIND)
def prepare(payload: dict) -> None:
    """Write the file of one job with what its owner may see now."""
    now, token = timezone.now(), uuid4()
    job = ExportJob.objects.select_related("owner", "unit").get(pk=payload["job"])
    if not job.is_unfinished:
        return
    taken = ExportJob.objects.free(at=now).filter(pk=job.pk)
    name = f"{FLEETING}/{job.uuid}-{token.hex[:8]}.{job.kind}"
    if not taken.update(
        state=JobState.RUNNING, token=token, beat_at=now, done=0, tries=F("tries") + 1, storage_name=name
    ):
        raise outbox.NotYet(now + LEASE)
    # What a worker that died here had written.
    _forget(job.storage_name)
    job.refresh_from_db()
    if job.tries > MAXIMUM_TRIES:
        # Whoever tried was killed each time, as for want of memory: the next one would be, too.
        return _end(job, JobState.FAILED, why=FAILED)
    try:
        _write(job, at=now)
    except FileRefused as refusal:
        _end(job, JobState.REFUSED, why=str(refusal))
    except Taken:
        _forget(name)
        raise outbox.NotYet(timezone.now() + LEASE) from None
    except Exception:
        # Whatever broke: the row must not look as if somebody were still writing.
        _forget(name)
        if job.tries < MAXIMUM_TRIES:
            _mine(job).update(state=JobState.QUEUED, beat_at=None)
            raise
        logger.exception("file %s failed", job.pk)
        _end(job, JobState.FAILED, why=FAILED)


def _mine(job: ExportJob):
    return ExportJob.objects.unfinished().filter(pk=job.pk, token=job.token)


def _write(job: ExportJob, *, at: datetime) -> None:
    made = _allowed(job, at=at)
    check(job.kind, made)
    ExportJob.objects.filter(pk=job.pk).update(total=made.count)
    job.total = made.count
    header, rows = made.table
    with tempfile.TemporaryFile() as file:
        if job.kind == PDF:
            file.write(_printed(made, job, at=at))
        elif job.kind == CSV:
            file.writelines(line.encode() for line in csv_lines(header, _noting(rows, job)))
        else:
            write_xlsx(file, header, _noting(rows, job), about=made.about)
        size = file.seek(0, SEEK_END)
        file.seek(0)
        if not _mine(job).update(beat_at=timezone.now()):
            raise Taken
        storages["private"].save(job.storage_name, StoredFile(file))
    units = sorted(made.scope.units_behind(made.wanted.unit))
    _finish(job, made, size=size, units=units)


def _printed(made: File, job: ExportJob, *, at: datetime) -> bytes:
    header, rows = made.table
    read = list(_noting(rows, job))
    # The press is silent until all pages are set, for less than a lease.
    if not _mine(job).update(done=len(read), beat_at=timezone.now()):
        raise Taken
    return printed(heading_of(made, at=at), header, read)


def _allowed(job: ExportJob, *, at: datetime) -> File:
    """The file as its owner may have it now. Raises FileRefused where the owner may have none."""
    refusal = FileRefused("Wewenang Anda atas satuan ini sudah berakhir, jadi berkasnya tidak disiapkan.")
    if not scope_of(job.owner, at=at, roles=roles_of(job.report)).roots:
        raise refusal
    try:
        made = file_of(job.report, job.owner, QueryDict(job.query), now=at)
    except Http404:
        raise refusal from None
    if job.unit and made.wanted.unit != job.unit:
        # A list drops a unit that is not the reader's; where none was asked for, the only root stood for it.
        raise FileRefused("Satuan Anda berubah sejak berkas ini diminta, jadi berkasnya tidak disiapkan. Minta lagi.")
    return made


def _noting(rows: Iterable[Value], job: ExportJob) -> Iterator[Value]:
    """``rows``, noting now and then how far it is. Raises Taken when somebody else took the job over."""
    for done, row in enumerate(rows, start=1):
        yield row
        if done % NOTED_EVERY[job.kind] == 0 and not _mine(job).update(done=done, beat_at=timezone.now()):
            raise Taken


@transaction.atomic
def _finish(job: ExportJob, made: File, *, size: int, units: list[int]) -> None:
    at = timezone.now()
    held = _mine(job).update(
        state=JobState.DONE,
        done=F("total"),
        size=size,
        units=units,
        file_name=f"{made.file_name}.{job.kind}",
        finished_at=at,
    )
    if not held:
        raise Taken
    _note("report.made", job, actor=job.owner, at=at)


@transaction.atomic
def _end(job: ExportJob, state: JobState, *, why: str) -> None:
    at = timezone.now()
    if _mine(job).update(state=state, why=why, finished_at=at, storage_name="") and state == JobState.REFUSED:
        _note("report.refused", job, actor=job.owner, at=at)


def is_fetchable(job: ExportJob, *, at: datetime) -> bool:
    """Whether the file is there and within its days."""
    return job.state == JobState.DONE and job.kept_until is not None and at < job.kept_until


def fetch(*, job: ExportJob, actor: User, at: datetime) -> IO[bytes]:
    """The bytes, for the owner who may still see all that is in them. Raises FileRefused."""
    if not (is_fetchable(job, at=at) and storages["private"].exists(job.storage_name)):
        # A restored backup has the row and not the file.
        raise FileRefused("Berkas ini tidak ada lagi. Minta berkas baru dari laporannya.")
    mine = scope_of(actor, at=at, roles=roles_of(job.report)).units_behind(None)
    if not set(job.units) <= mine:
        _note("report.refused", job, actor=actor, at=at)
        raise FileRefused(
            "Wewenang Anda atas sebagian satuan di dalamnya sudah berakhir. Minta berkas baru dari laporannya."
        )
    _note(verb_of(job.report, "report.fetched"), job, actor=actor, at=at)
    return storages["private"].open(job.storage_name)


@retention.removes("report_files")
def remove_files(*, at: datetime, dry_run: bool) -> int:
    """Delete what is past its days. The row stays, without the filter, for whoever comes back to the page."""
    old = ExportJob.objects.past_their_time(at=at)
    if dry_run:
        return old.count()
    removed = 0
    for pk, name in list(old.values_list("pk", "storage_name")):
        # The file first: nobody fetches it any more, and a row without it is looked at again.
        _forget(name)
        ExportJob.objects.filter(pk=pk).update(state=JobState.REMOVED, query="", units=[], storage_name="")
        removed += 1
    return removed


def _forget(name: str) -> None:
    if name:
        storages["private"].delete(name)
