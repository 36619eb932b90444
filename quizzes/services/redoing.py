"""A quiz or a course changed: its author says who must take it again, SDM orders it for the own units."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from courses.models import CourseVersion
from enrolments.exceptions import AssignmentRefused
from enrolments.redoing import ask_to_redo, open_redo_order, reopen_item
from foundation import audit, outbox
from organisation.models import Posting, Unit, User
from organisation.permissions import ASSIGNS, units_for_actor
from quizzes.choices import AttemptEnd, RedoScope
from quizzes.exceptions import RedoRefused
from quizzes.models import Attempt, QuizVersion, RedoOrder, RedoRequest
from quizzes.redo import Again, reach_of, redo_of

REDO = "quiz.redo"
BATCH = 200
# Up to so many officers it happens at once; more of them go through the outbox.
FEW = 300


@transaction.atomic
def request_redo(
    *,
    version: QuizVersion | CourseVersion,
    scope: str,
    before: datetime | None,
    reason: str,
    actor: User,
    at: datetime,
    since: datetime | None = None,
) -> RedoRequest:
    """Write down who must take a changed quiz or course again, once per version. Nothing happens to anybody yet.

    ``since`` and ``before`` bound the completions meant when it is everyone. Raises RedoRefused.
    """
    # Lock first: two authors must not both answer.
    if isinstance(version, QuizVersion):
        QuizVersion.objects.select_for_update().get(pk=version.pk)
        in_use: QuerySet = QuizVersion.objects.newest()
        about: dict = {"version": version}
    else:
        CourseVersion.objects.select_for_update().get(pk=version.pk)
        in_use = CourseVersion.objects.filter(current_of__isnull=False)
        about = {"course_version": version}
    if RedoRequest.objects.filter(**about).exists():
        raise RedoRefused("Sudah dijawab siapa yang harus mengulang versi ini.")
    if not in_use.filter(pk=version.pk, number__gt=1).exists():
        raise RedoRefused("Sudah ada versi yang lebih baru. Jawablah untuk versi itu.")
    if scope == RedoScope.UNFINISHED and "course_version" in about:
        raise RedoRefused("Yang belum selesai sudah mengikuti versi baru.")
    if scope != RedoScope.NOBODY and not reason.strip():
        raise RedoRefused("Tuliskan alasannya; personel membacanya.")
    if scope == RedoScope.EVERYONE and (before is None or before > at):
        raise RedoRefused("Isi tanggalnya; tidak boleh di masa depan.")
    if scope == RedoScope.EVERYONE and since and before and since >= before:
        raise RedoRefused("Tanggal awal harus sebelum tanggal akhirnya.")
    request = RedoRequest.objects.create(
        **about,
        scope=scope,
        completed_from=since if scope == RedoScope.EVERYONE else None,
        completed_before=before if scope == RedoScope.EVERYONE else None,
        reason=reason.strip(),
        asked_by=actor,
        asked_at=at,
    )
    audit.record(
        verb="redo.asked",
        actor=actor,
        at=at,
        obj=request,
        detail={
            "course": request.course.code,
            "version": version.number,
            "scope": scope,
            "reason": request.reason,
        },
    )
    return request


def redo_below(request: RedoRequest, unit: Unit, *, at: datetime) -> Again:
    """What the request asks of officers who stand below ``unit`` at ``at``."""
    postings = Posting.objects.in_force(at=at).below(unit)
    return redo_of(
        request.subject,
        request.scope,
        since=request.completed_from,
        before=request.completed_before,
        postings=postings,
    )


@transaction.atomic
def order_redo(
    *,
    request: RedoRequest,
    unit: Unit,
    due_at: datetime | None,
    order_number: str,
    issuer: str,
    actor: User,
    at: datetime,
) -> RedoOrder:
    """Carry the request out below ``unit``. Raises RedoRefused.

    ``due_at``, ``order_number`` and ``issuer`` are the order for officers who had completed the course; where
    there are none they stay unused.
    """
    if not units_for_actor(actor, at=at, roles=ASSIGNS).filter(pk=unit.pk).exists():
        raise RedoRefused("Satuan ini di luar kewenangan Anda.")
    # Lock first: two people of SDM must not both order it.
    RedoRequest.objects.select_for_update().get(pk=request.pk)
    if RedoOrder.objects.filter(request=request, unit=unit).exists():
        raise RedoRefused("Pengulangan ini sudah diperintahkan untuk satuan itu.")
    reach = reach_of(redo_below(request, unit, at=at), at=at)
    if not reach.total:
        raise RedoRefused("Tidak ada personel di satuan ini yang harus mengulang.")
    assignment = None
    if reach.completed:
        if not (due_at and order_number.strip() and issuer.strip()):
            raise RedoRefused("Isi batas waktu, nomor perintah, dan penerbitnya.")
        try:
            assignment = open_redo_order(
                actor=actor,
                course=request.course,
                unit=unit,
                due_at=due_at,
                order_number=order_number.strip(),
                issuer=issuer.strip(),
                reason=f"Mengulang karena {'kuis' if request.version else 'pelatihan'} berubah: {request.reason}"[:300],
                at=at,
            )
        except AssignmentRefused as refusal:
            raise RedoRefused(str(refusal))
    order = RedoOrder.objects.create(
        request=request, unit=unit, assignment=assignment, ordered_by=actor, ordered_at=at, officers=reach.total
    )
    audit.record(
        verb="redo.ordered",
        actor=actor,
        at=at,
        obj=order,
        unit_path=unit.path,
        detail={"unfinished": reach.unfinished, "running": reach.running, "completed": reach.completed},
    )
    if reach.total > FEW:
        outbox.put(kind=REDO, key=str(order.uuid), payload={"order": order.pk}, at=at)
    else:
        carry_out(order, at=at)
    return order


@outbox.handles(REDO)
def carry_out_later(payload: dict) -> None:
    carry_out(RedoOrder.objects.get(pk=payload["order"]), at=timezone.now())


def carry_out(order: RedoOrder, *, at: datetime) -> None:
    """Go through everybody the order concerns, batch by batch. Once more, after a break or for good, does no harm."""
    while _one_batch(order, at=at):
        pass
    RedoOrder.objects.filter(pk=order.pk, done_at=None).update(done_at=at)


@transaction.atomic
def _one_batch(order: RedoOrder, *, at: datetime) -> int:
    redo = redo_below(order.request, order.unit, at=order.ordered_at)
    return _set_aside(order, redo, at=at) or _reopen(order, redo, at=at) or _ask_again(order, redo, at=at)


def _set_aside(order: RedoOrder, redo: Again, *, at: datetime) -> int:
    """Close running attempts unscored and take all others out of the count. Answers and grades stay where they are."""
    attempts = list(redo.attempts().select_related("enrolment").order_by("pk")[:BATCH])
    # The conditions are asked again in the update: who passes at this moment keeps the attempt.
    mine = redo.attempts().filter(pk__in=[attempt.pk for attempt in attempts])
    mine.running().update(submitted_at=at, ended_as=AttemptEnd.SET_ASIDE, set_aside_by=order)
    redo.attempts().filter(pk__in=[attempt.pk for attempt in attempts]).update(set_aside_by=order)
    taken = set(
        Attempt.objects.filter(set_aside_by=order, pk__in=[a.pk for a in attempts]).values_list("pk", flat=True)
    )
    audit.record_many(
        audit.event(
            verb="attempt.set_aside",
            actor=order.ordered_by,
            at=at,
            obj=attempt,
            subject_id=attempt.enrolment.officer_id,
            unit_path=order.unit.path,
            detail={"version": order.request.subject.number, "reason": order.request.reason},
        )
        for attempt in attempts
        if attempt.pk in taken
    )
    return len(taken)


def _reopen(order: RedoOrder, redo: Again, *, at: datetime) -> int:
    rows = list(redo.items().select_related("enrolment", "item").order_by("pk")[:BATCH])
    if not rows:
        return 0
    return reopen_item(
        item=rows[0].item,
        enrolments=[row.enrolment for row in rows],
        reason=order.request.reason,
        actor=order.ordered_by,
        at=at,
    )


def _ask_again(order: RedoOrder, redo: Again, *, at: datetime) -> int:
    if order.assignment is None:
        return 0
    asked = order.assignment.duty_reasons.values("duty__officer")
    rows = redo.completions(at=order.ordered_at).exclude(officer__in=asked).select_related("officer").order_by("pk")
    return ask_to_redo(assignment=order.assignment, officers=[row.officer for row in rows[:BATCH]], at=at)
