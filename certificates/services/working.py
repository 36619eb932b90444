"""Work for many certificates, carried out by a worker chunk by chunk: issue, send by e-mail, bind for the printer.

What falls under a work is found anew for each chunk with what the person who asked may at that moment.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Max, QuerySet
from django.http import QueryDict

from certificates import lists
from certificates.asked import in_words, missing_asked, register_asked
from certificates.exceptions import CertificateError, WorkRefused
from certificates.models import CertificateWork, WorkKind, without_certificate
from certificates.permissions import ASKS
from enrolments.models import CourseCompletion, Enrolment
from foundation import audit, outbox, works
from foundation.due import due
from foundation.formats import number
from organisation.models import User
from organisation.permissions import READS_LEARNING, has_role

from .issuing import issue_certificate
from .printing import bind_part
from .sending import send_files
from .telling import tell_granted

KIND = "certificate.work"
ROLES = {WorkKind.ISSUE: ASKS, WorkKind.SEND: ASKS, WorkKind.PRINT: READS_LEARNING}
# Numbers of a series wait for the end of a chunk, so those that issue are small.
CHUNKS = {WorkKind.ISSUE: 25, WorkKind.SEND: 200, WorkKind.PRINT: 200}
LARGEST = 20_000
LONGEST_QUERY = 1000
NOTHING = {
    WorkKind.ISSUE: "Tidak ada yang dapat diterbitkan. Penyelesaian Anda sendiri diterbitkan orang lain.",
    WorkKind.SEND: "Tidak ada yang dapat dikirim: yang beralamat e-mail sudah dikirimi, atau berkasnya belum ada.",
    WorkKind.PRINT: "Tidak ada berkas yang dapat dicetak.",
}


def rows_of(kind: str, actor: User, data: QueryDict, *, at: datetime) -> QuerySet[Any]:
    """What a work of ``kind`` deals with under the filter ``data``, as far as ``actor`` may at ``at``."""
    roles = ROLES[WorkKind(kind)]
    if kind == WorkKind.ISSUE:
        missing = missing_asked(actor, data, at=at, roles=roles)[1]
        # Nobody issues for oneself, not even what was earned.
        return lists.earned_here(missing).exclude(officer__user=actor)
    found = register_asked(actor, data, at=at, roles=roles)[1]
    made = found.standing().exclude(rendered_at=None)
    return made.to_mail() if kind == WorkKind.SEND else made


def ask_work(*, kind: WorkKind, data: QueryDict, actor: User, at: datetime) -> CertificateWork:
    """Have it done; asking again while it is being done returns the same work. Raises WorkRefused."""
    if not has_role(actor, ROLES[kind], at=at):
        raise WorkRefused("Pekerjaan ini di luar kewenangan Anda.")
    query = data.urlencode()
    if len(query) > LONGEST_QUERY:
        raise WorkRefused("Saringannya terlalu panjang. Persingkat pencariannya.")
    found = rows_of(kind, actor, data, at=at).order_by().aggregate(total=Count("pk"), last=Max("pk"))
    if not found["total"]:
        raise WorkRefused(NOTHING[kind])
    if found["total"] > LARGEST:
        raise WorkRefused(f"Paling banyak {number(LARGEST)} sekaligus. Saring per satuan atau masa terbit.")
    same = CertificateWork.objects.filter(asked_by=actor, kind=kind, query=query, finished_at=None)
    try:
        return same.first() or _ask(kind, data, query, found, actor=actor, at=at)
    except IntegrityError:
        # A second press came between looking and writing.
        return CertificateWork.objects.filter(asked_by=actor, kind=kind, query=query).latest("created_at")


@transaction.atomic
def _ask(
    kind: WorkKind, data: QueryDict, query: str, found: dict[str, int], *, actor: User, at: datetime
) -> CertificateWork:
    asked = missing_asked if kind == WorkKind.ISSUE else register_asked
    form, _rows = asked(actor, data, at=at, roles=ROLES[kind])
    work = CertificateWork.objects.create(
        kind=kind,
        query=query,
        words=in_words(form),
        unit=form.cleaned_data.get("satuan"),
        asked_by=actor,
        created_at=at,
        moved_at=at,
        **found,
    )
    _note(work, "certificate.work_asked", at=at)
    outbox.put(kind=KIND, key=str(work.uuid), payload={"work": work.pk}, at=at)
    return work


def _note(work: CertificateWork, verb: str, *, at: datetime) -> None:
    audit.record(
        verb=verb,
        actor=work.asked_by,
        at=at,
        obj=work,
        unit_path=work.unit.path if work.unit else "",
        detail={"work": work.kind, "total": work.total, "handled": work.handled, "done": work.changed},
    )


@outbox.handles(KIND)
def carry_on(payload: dict) -> None:
    works.carry_on(continue_work, CertificateWork.objects.get(pk=payload["work"]))


@due("certificate-works")
def move_stalled_works(*, at: datetime) -> int:
    """Move on what no worker does any more; return with how many certificates."""
    return works.move_stalled(continue_work, CertificateWork.objects.all(), at=at)


def continue_work(*, work: CertificateWork, at: datetime) -> bool:
    """Do the next chunk of ``work``; say whether there is more to do."""
    work = CertificateWork.objects.select_related("asked_by", "unit").get(pk=work.pk)
    if work.finished_at:
        return False
    kind = WorkKind(work.kind)
    rows = rows_of(kind, work.asked_by, QueryDict(work.query), at=at)
    chunk = list(rows.filter(pk__gt=work.cursor, pk__lte=work.last).order_by("pk")[: CHUNKS[kind]])
    if not chunk:
        _finish(work, at=at)
        return False
    _STEPS[kind](work, chunk, at=at)
    return True


def claim(work: CertificateWork, chunk: Sequence[Any], *, at: datetime) -> bool:
    """Move the cursor behind ``chunk``; False when another worker was quicker. Stands or falls with what is done."""
    mine = CertificateWork.objects.filter(pk=work.pk, cursor=work.cursor, finished_at=None)
    return bool(mine.update(cursor=chunk[-1].pk, handled=F("handled") + len(chunk), moved_at=at))


def settle(work: CertificateWork, done: int, why: str) -> None:
    CertificateWork.objects.filter(pk=work.pk).update(
        changed=F("changed") + done, **({"why": why[:300]} if why else {})
    )


@transaction.atomic
def _finish(work: CertificateWork, *, at: datetime) -> None:
    why = work.why
    if not has_role(work.asked_by, ROLES[WorkKind(work.kind)], at=at):
        why = "Wewenang Anda berakhir sebelum pekerjaan ini selesai."
    if CertificateWork.objects.filter(pk=work.pk, finished_at=None).update(finished_at=at, moved_at=at, why=why):
        _note(work, "certificate.work_finished", at=at)


# --- what a chunk does ----------------------------------------------------------


def _issue(work: CertificateWork, chunk: Sequence[CourseCompletion], *, at: datetime) -> None:
    with transaction.atomic():
        if not claim(work, chunk, at=at):
            return
        # Lock first: a completion may be on its way to be taken back.
        enrolments = [row.enrolment_id for row in chunk]
        list(Enrolment.objects.select_for_update(of=("self",)).filter(pk__in=enrolments).order_by("pk"))
        still = without_certificate(CourseCompletion.objects.filter(pk__in=[row.pk for row in chunk]))
        done, why = [], ""
        for completion in still.order_by("pk"):
            try:
                with transaction.atomic():
                    done.append(issue_certificate(completion=completion, at=at))
            except CertificateError as refusal:
                why = str(refusal)
            except IntegrityError:
                # It was issued by another way at this very moment.
                why = "Sebagian sudah diterbitkan dengan cara lain."
        tell_granted(done, at=at)
        settle(work, len(done), why)


def _send(work: CertificateWork, chunk: Sequence[Any], *, at: datetime) -> None:
    with transaction.atomic():
        if claim(work, chunk, at=at):
            settle(work, send_files(chunk, actor=work.asked_by, at=at), "")


def _print(work: CertificateWork, chunk: Sequence[Any], *, at: datetime) -> None:
    # Bound before anything is claimed: it takes seconds, and whoever is slower throws the copy away.
    part = bind_part(work, chunk)
    try:
        with transaction.atomic():
            if not claim(work, chunk, at=at):
                raise IntegrityError("another worker was quicker")
            part.save()
            settle(work, part.certificates, part.why)
    except BaseException as error:
        part.forget()
        if not isinstance(error, IntegrityError):
            raise


_STEPS: dict[WorkKind, Callable[..., None]] = {
    WorkKind.ISSUE: _issue,
    WorkKind.SEND: _send,
    WorkKind.PRINT: _print,
}
