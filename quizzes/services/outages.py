"""Outages of a unit: clocks stand still while one goes on; when it is over the lost time is given back."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from foundation import audit
from organisation.models import Posting, Unit, User
from quizzes.choices import AttemptEnd
from quizzes.exceptions import OutageRefused
from quizzes.models import Attempt, AttemptExtension, AttemptGrant, AttemptQuerySet, Outage

from .clocks import reset_clocks

BATCH = 500


@transaction.atomic
def record_outage(
    *, unit: Unit, starts_at: datetime, ends_at: datetime | None, reason: str, actor: User, at: datetime
) -> Outage:
    """Record an outage of ``unit`` and everything below it; without ``ends_at`` it goes on and clocks stop.

    Raises OutageRefused.
    """
    if not reason.strip():
        raise OutageRefused("Tuliskan gangguannya.")
    if starts_at > at:
        raise OutageRefused("Gangguan yang belum mulai tidak dapat dicatat.")
    if ends_at is not None and not starts_at < ends_at <= at:
        raise OutageRefused("Selesainya harus sesudah mulai dan tidak di masa depan. Kosongkan bila masih berlangsung.")
    # Lock first: two people recording together must not both open one.
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    if ends_at is None and Outage.objects.going_on().filter(unit=unit).exists():
        raise OutageRefused("Satuan ini sudah tercatat sedang terganggu. Tutup dahulu catatan itu.")
    outage = Outage.objects.create(
        unit=unit, starts_at=starts_at, ends_at=ends_at, reason=reason.strip(), recorded_by=actor, recorded_at=at
    )
    audit.record(
        verb="outage.recorded",
        actor=actor,
        at=at,
        obj=outage,
        unit_path=unit.path,
        detail={"starts_at": starts_at, "ends_at": ends_at, "reason": outage.reason},
    )
    make_good(outage=outage, at=at)
    return outage


@transaction.atomic
def end_outage(*, outage: Outage, ends_at: datetime, actor: User, at: datetime) -> Outage:
    """Say when a running outage was over: the clocks go on with what was left. Raises OutageRefused."""
    if not outage.starts_at < ends_at <= at:
        raise OutageRefused("Selesainya harus sesudah mulai dan tidak di masa depan.")
    # The claim is the lock: only one ending gets the row.
    if not Outage.objects.going_on().filter(pk=outage.pk).update(ends_at=ends_at):
        raise OutageRefused("Gangguan ini sudah ditutup.")
    outage.refresh_from_db()
    audit.record(
        verb="outage.ended",
        actor=actor,
        at=at,
        obj=outage,
        unit_path=outage.unit.path,
        detail={"starts_at": outage.starts_at, "ends_at": ends_at, "reason": outage.reason},
    )
    make_good(outage=outage, at=at)
    return outage


@transaction.atomic
def make_good(*, outage: Outage, at: datetime) -> tuple[int, int]:
    """Give back what ``outage`` took; return (attempts that got time, attempts that may be taken again).

    Running it again changes nothing: time is given once per attempt and outage, a further attempt once per
    attempt that was lost.
    """
    return _lengthen(outage, at=at), _grant_lost(outage, at=at)


def _touched(outage: Outage) -> AttemptQuerySet:
    """Attempts with a clock that ran into the outage, of officers who stood below its unit when it began."""
    below = Posting.objects.in_force(at=outage.starts_at).below(outage.unit)
    touched = Attempt.objects.filter(enrolment__officer__in=below.values("officer"), deadline_at__gt=outage.starts_at)
    return touched.filter(started_at__lt=outage.ends_at) if outage.ends_at else touched


def _lengthen(outage: Outage, *, at: datetime) -> int:
    running = _touched(outage).running()
    if outage.ends_at:
        # Also those that began while it went on, whatever their clock says.
        running |= _touched_by_pause(outage)
    keys = list(running.order_by("pk").values_list("pk", flat=True))
    total = 0
    for first in range(0, len(keys), BATCH):
        # Lock first: a sweeper or a submit must not end an attempt between the reading and the new clock.
        attempts = list(
            Attempt.objects.running()
            .filter(pk__in=keys[first : first + BATCH])
            .select_for_update(of=("self",))
            .select_related("version", "enrolment")
        )
        gained = reset_clocks(attempts, at=at)
        if outage.ends_at is None or not gained:
            continue
        AttemptExtension.objects.bulk_create(
            AttemptExtension(attempt_id=pk, outage=outage, seconds=seconds, added_at=at)
            for pk, seconds in gained.items()
        )
        for attempt in attempts:
            attempt.extended_seconds += gained.get(attempt.pk, 0)
        Attempt.objects.bulk_update(attempts, ["extended_seconds"], batch_size=200)
        audit.record_many(
            audit.event(
                verb="attempt.extended",
                actor=outage.recorded_by,
                at=at,
                obj=attempt,
                subject_id=attempt.enrolment.officer_id,
                unit_path=outage.unit.path,
                detail={"seconds": gained[attempt.pk], "reason": outage.reason},
            )
            for attempt in attempts
            if attempt.pk in gained
        )
        total += len(gained)
    return total


def _touched_by_pause(outage: Outage) -> AttemptQuerySet:
    below = Posting.objects.in_force(at=outage.starts_at).below(outage.unit)
    return Attempt.objects.running().filter(enrolment__officer__in=below.values("officer"), paused_at__isnull=False)


def _grant_lost(outage: Outage, *, at: datetime) -> int:
    """Another attempt for each that ran out of time and lost some of it to the outage, unless the quiz is passed."""
    passed = Attempt.objects.counting().filter(item=OuterRef("item"), enrolment=OuterRef("enrolment"), passed=True)
    lost = (
        _touched(outage)
        .counting()
        .filter(ended_as=AttemptEnd.TIMED_OUT, version__pass_fraction__isnull=False, grant=None)
        .filter(~Exists(passed), version__max_attempts__gt=0, enrolment__completed_at=None)
        .select_related("enrolment")
    )
    attempts = list(lost)
    grants = [
        AttemptGrant(
            enrolment=attempt.enrolment,
            item_id=attempt.item_id,
            after=attempt,
            reason=f"Gangguan: {outage.reason}"[:300],
            outage=outage,
            granted_by=outage.recorded_by,
            granted_at=at,
        )
        for attempt in attempts
    ]
    # One per attempt stands in the table: a second run, or SDM granting at the same moment, gives none twice.
    AttemptGrant.objects.bulk_create(grants, ignore_conflicts=True, batch_size=BATCH)
    audit.record_many(
        audit.event(
            verb="attempt.granted",
            actor=outage.recorded_by,
            at=at,
            obj=attempt,
            subject_id=attempt.enrolment.officer_id,
            unit_path=outage.unit.path,
            detail={"reason": outage.reason, "outage": str(outage.uuid)},
        )
        for attempt in attempts
    )
    return len(attempts)
