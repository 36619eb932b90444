"""The verbs of learning: start a course, complete an item, and the course with the last one."""

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import BigIntegerField, Case, Count, DateTimeField, IntegerField, Q, When

from courses.models import Course, CourseItem, CourseVersion, CourseVersionItem, ItemKind
from enrolments.exceptions import CompletionNotEarned, CourseNotOpen
from enrolments.expiry import expires_at, may_renew
from enrolments.models import CourseCompletion, Duty, DutyEnd, Enrolment, ItemCompletion, Look
from enrolments.paths import locks, paths_of, what_comes_first
from enrolments.progress import CourseProgress, course_progress
from enrolments.signals import course_completed
from enrolments.turns import turn_to_finish
from foundation import audit
from foundation.due import due
from foundation.kept import Kept
from foundation.prepared import PreparedRows, PreparedUpdate, Slot
from organisation.models import Officer, Posting, User

from .paths import follow_paths

FREED = "freed-"
LOOK_AGAIN = timedelta(minutes=10)
LOCKED = PreparedRows(
    lambda: (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("course__current_version", "officer__user")
        .filter(pk=Slot("pk", BigIntegerField()))
    )
)
# Who has left, or is yet to arrive, still belongs somewhere: the newest posting that has begun, else the next.
PLACE = PreparedRows(
    lambda: (
        Posting.objects.filter(officer=Slot("officer", BigIntegerField()))
        .annotate(begun=Case(When(valid_from__lte=Slot("at", DateTimeField()), then=1), default=0))
        .select_related("unit", "rank")
        .order_by("-begun", "-valid_from")[:1]
    )
)
DECIDING = PreparedRows(
    lambda: ItemCompletion.objects.standing().filter(
        enrolment=Slot("enrolment", BigIntegerField()),
        item__version_items__version=Slot("version", BigIntegerField()),
        item__version_items__decides_grade=True,
    )
)
TAKEN_BACK = PreparedRows(
    lambda: CourseCompletion.objects.newest().filter(enrolment=Slot("enrolment", BigIntegerField()))
)
COMPLETE = PreparedUpdate(
    lambda: Enrolment.objects.filter(pk=Slot("pk", BigIntegerField())), completed_at=Slot("at", DateTimeField())
)
END_DUTY = PreparedUpdate(
    lambda: Duty.objects.open().filter(
        officer=Slot("officer", BigIntegerField()),
        course=Slot("course", BigIntegerField()),
        cycle=Slot("cycle", IntegerField()),
    ),
    valid_to=Slot("at", DateTimeField()),
    ended_as=DutyEnd.COMPLETED,
)
ROUNDS = PreparedRows(
    lambda: ItemCompletion.objects.select_related("reopening").filter(
        enrolment=Slot("enrolment", BigIntegerField()), item=Slot("item", BigIntegerField())
    )
)
DONE = PreparedRows(
    lambda: (
        ItemCompletion.objects.standing()
        .filter(enrolment=Slot("enrolment", BigIntegerField()))
        .only("item", "completed_at", "grade")
    )
)


def _read_items(versions: Collection[int]) -> dict[int, list[CourseVersionItem]]:
    items: dict[int, list[CourseVersionItem]] = {pk: [] for pk in versions}
    found = CourseVersionItem.objects.filter(version__in=versions)
    for version_item in found.select_related("item").order_by("version", "order"):
        items[version_item.version_id].append(version_item)
    return items


ITEMS = Kept(_read_items, most=1_000)


def progress_of(enrolment: Enrolment | None, course: Course) -> CourseProgress:
    """Progress in the newest version of ``course``: whoever is unfinished follows the newest (decision 0005)."""
    return course_progress(_items(course), _done(enrolment) if enrolment else {})


def _items(course: Course) -> list[CourseVersionItem]:
    return ITEMS.one(course.current_version_id or course.version.pk)


def _done(enrolment: Enrolment) -> dict[int, datetime]:
    return {fact.item_id: fact.completed_at for fact in DONE.rows(enrolment=enrolment.pk)}


@transaction.atomic
def start_course(*, officer: Officer, course: Course, actor: User, at: datetime) -> Enrolment:
    """Enrol the officer, or return the enrolment of the current cycle. Raises CourseNotOpen.

    The next cycle begins when it is owed or, where officers may enrol themselves, when what they completed ends.
    """
    if course.archived_at or not course.current_version:
        raise CourseNotOpen("Pelatihan ini belum atau tidak lagi dibuka.")
    duty = Duty.objects.open().filter(officer=officer, course=course).first()
    latest = Enrolment.objects.filter(officer=officer, course=course).order_by("-cycle").first()
    if latest and (duty.cycle == latest.cycle if duty else not _is_over(latest, course.current_version, at=at)):
        return latest
    if not duty and not course.current_version.self_enrolment:
        raise CourseNotOpen("Pelatihan ini hanya untuk personel yang ditugaskan. Hubungi Bag SDM satuan Anda.")
    if first := locks(officer, paths_of(officer, at=at, only_open=True)).get(course.pk):
        raise CourseNotOpen(what_comes_first(first))
    following = latest.cycle + 1 if latest else 1
    # Two tabs name the same cycle, and of that there is one.
    enrolment, created = Enrolment.objects.get_or_create(
        officer=officer, course=course, cycle=duty.cycle if duty else following, defaults={"started_at": at}
    )
    if created:
        audit.record(verb="enrolment.started", actor=actor, at=at, obj=enrolment, subject_id=officer.pk)
    return enrolment


def _is_over(latest: Enrolment, version: CourseVersion, *, at: datetime) -> bool:
    """Whether the round of ``latest``, the newest, is finished and holds no longer, or soon not any more."""
    if latest.completed_at is None:
        return False
    standing = CourseCompletion.objects.standing().filter(officer=latest.officer_id, course=latest.course_id)
    return may_renew(standing.values_list("expires_at", flat=True), version, at=at)


def complete_lesson(*, enrolment: Enrolment, item: CourseItem, at: datetime) -> ItemCompletion:
    """Mark a lesson read. Raises CompletionNotEarned for what is no lesson of the course."""
    if item.kind != ItemKind.LESSON:
        raise CompletionNotEarned("Bagian ini tidak selesai dengan dibaca. Kerjakan kuisnya.")
    return complete_item(enrolment=enrolment, item=item, evidence=None, grade=None, at=at)


@transaction.atomic
def complete_item(
    *,
    enrolment: Enrolment,
    item: CourseItem,
    evidence: UUID | None,
    grade: Decimal | None,
    at: datetime,
    recorded_at: datetime | None = None,
) -> ItemCompletion:
    """Record that an item is done, and the course with it when that was the last one needed.

    ``grade`` in percent (0..100), ``evidence`` the uuid of the attempt or event; ``recorded_at`` when it
    became known, if that is later than ``at``. A second call returns the first fact; after a reopening the next
    round is written. Raises CompletionNotEarned for an item that is locked or not in the course.
    """
    # Lock first: two items finished together must not both see the course as unfinished.
    [enrolment] = LOCKED.rows(pk=enrolment.pk)
    rounds = list(ROUNDS.rows(enrolment=enrolment.pk, item=item.pk))
    if existing := next((fact for fact in rounds if not hasattr(fact, "reopening")), None):
        return existing
    done = _done(enrolment)
    standing = course_progress(_items(enrolment.course), done).standing_of(item.pk)
    if standing is None:
        raise CompletionNotEarned("Bagian ini tidak lagi menjadi bagian dari pelatihan. Muat ulang halaman pelatihan.")
    if standing.locked:
        raise CompletionNotEarned("Selesaikan dahulu semua materi wajib sebelum bagian ini.")
    completion = ItemCompletion.objects.create(
        enrolment=enrolment,
        item=item,
        completed_at=at,
        recorded_at=recorded_at or at,
        grade=grade,
        evidence=evidence,
        round=len(rounds) + 1,
    )
    if course_progress(_items(enrolment.course), {**done, item.pk: at}).is_complete and not enrolment.completed_at:
        _complete_course(enrolment, at=at, recorded_at=recorded_at or at)
    return completion


@transaction.atomic
def complete_course_when_earned(
    *, enrolment: Enrolment, at: datetime, recorded_at: datetime | None = None
) -> CourseCompletion | None:
    """Write the ledger row when every required item is done; None while something is missing or it stands already.

    ``recorded_at`` is when it became known, if that is later than ``at``.
    """
    if enrolment.completed_at or not progress_of(enrolment, enrolment.course).is_complete:
        return None
    return _complete_course(enrolment, at=at, recorded_at=recorded_at or at)


def _complete_course(enrolment: Enrolment, *, at: datetime, recorded_at: datetime) -> CourseCompletion:
    # Lock first: a duty opened in this moment must be seen by the update that ends it.
    turn_to_finish(enrolment.course_id)
    version, officer = enrolment.course.version, enrolment.officer
    [posting] = PLACE.rows(officer=officer.pk, at=at)
    deciding = DECIDING.first(enrolment=enrolment.pk, version=version.pk)
    completion = CourseCompletion.objects.create(
        enrolment=enrolment,
        officer=officer,
        course=enrolment.course,
        course_version=version,
        cycle=enrolment.cycle,
        started_at=enrolment.started_at,
        completed_at=at,
        recorded_at=recorded_at,
        expires_at=expires_at(version, completed_at=at, zone=posting.unit.zone),
        grade=deciding.grade if deciding else None,
        jp=version.jp,
        number=officer.number,
        full_name=officer.full_name,
        rank=posting.rank,
        post=posting.post,
        unit=posting.unit,
        unit_name=posting.unit.name,
        unit_path=posting.unit.path,
        # What was taken back and is earned again.
        corrects=TAKEN_BACK.first(enrolment=enrolment.pk),
    )
    enrolment.completed_at = at
    COMPLETE.run(pk=enrolment.pk, at=at)
    END_DUTY.run(officer=officer.pk, course=enrolment.course_id, cycle=enrolment.cycle, at=at)
    audit.record(
        verb="course.completed",
        actor=officer.user,
        at=recorded_at,
        obj=completion,
        subject_id=officer.pk,
        unit_path=posting.unit.path,
    )
    course_completed.send(sender=CourseCompletion, completion=completion)
    follow_paths(officer=officer, course=enrolment.course, at=recorded_at)
    return completion


@due("earned-completions")
def complete_what_a_new_version_freed(*, at: datetime) -> int:
    """Complete whoever was waiting only for an item that the newest version no longer asks for.

    Each version is looked at once, and again for ``LOOK_AGAIN`` after it was published: an item completed in that
    moment may still have been judged by the version before.
    """
    newer = CourseVersion.objects.filter(current_of__archived_at=None, number__gt=1)
    looked = dict(Look.objects.filter(name__startswith=FREED).values_list("name", "looked_at"))
    done = 0
    for version in newer.select_related("course"):
        name = f"{FREED}{version.pk}"
        if name not in looked or looked[name] < version.published_at + LOOK_AGAIN:
            done += _complete_freed(version, at=at)
            Look.objects.update_or_create(name=name, defaults={"looked_at": at})
    return done


def _complete_freed(version: CourseVersion, *, at: datetime) -> int:
    required = list(version.version_items.filter(required=True).values_list("item", flat=True))
    here = Q(item_completion__item__in=required, item_completion__reopening=None)
    waiting = Enrolment.objects.open().filter(course=version.course)
    ready = waiting.annotate(done=Count("item_completion__item", filter=here, distinct=True)).filter(done=len(required))
    rows = Enrolment.objects.filter(pk__in=list(ready.order_by("pk").values_list("pk", flat=True)))
    related = rows.select_related("course__current_version", "officer__user").order_by("pk")
    return sum(1 for enrolment in related if complete_course_when_earned(enrolment=enrolment, at=at))
