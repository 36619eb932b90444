"""One officer's courses with duty, progress and completion, read in a handful of queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import BigIntegerField, DateTimeField, Q, QuerySet, Sum

from courses.models import Course, CourseVersion, CourseVersionItem
from foundation.formats import date_medium
from foundation.prepared import PreparedRows, Slot
from organisation.models import Officer, Posting, Zone

from .expiry import expires_at, may_renew
from .jp import counted
from .models import CourseCompletion, Duty, Enrolment, ItemCompletion, Recognition, Relief, ReliefKind
from .paths import Known, OwnPath, locks, paths_of, what_comes_first
from .progress import CourseProgress, course_progress

ASK_SDM = "Untuk mengulanginya perlu penugasan: mintalah kepada Bag SDM satuan."


@dataclass(frozen=True)
class CourseStanding:
    """Where one officer stands in one course: the duty is the open one, the completion the newest that counts."""

    course: Course
    progress: CourseProgress
    duty: Duty | None = None
    enrolment: Enrolment | None = None
    completion: CourseCompletion | None = None
    # What was completed and holds no longer, while no newer round is owed or under way.
    expired: CourseCompletion | None = None
    # Nothing of it holds beyond the window in which the next round may begin.
    renewable: bool = True
    # What holds for the officer now: nothing is asked of an exempt one, and during a pause the clock stands.
    exemption: Relief | None = None
    pause: Relief | None = None
    # What a path puts before this course.
    waits_for: Sequence[Course] = ()
    # Item id → the completion of the item in ``enrolment``.
    facts: Mapping[int, ItemCompletion] = field(default_factory=dict)
    # The version by which ``progress`` judges, where it is not the one in force.
    earlier: CourseVersion | None = None

    @property
    def rule(self) -> CourseVersion:
        return self.earlier or self.course.version

    @property
    def under_way(self) -> bool:
        return self.enrolment is not None and self.enrolment.completed_at is None

    @property
    def may_start(self) -> bool:
        """Whether the officer can begin now: the first round, or the next one."""
        wanted = self.duty or (self.course.version.self_enrolment and self.renewable)
        is_open = self.course.archived_at is None
        return bool(wanted) and is_open and not self.under_way and not self.waits_for

    @property
    def recognition(self) -> Recognition | None:
        """What it counts by, where it was learned elsewhere and nothing newer is asked or under way."""
        return self.completion.recognition if self.completion and not (self.duty or self.under_way) else None

    @property
    def ended_words(self) -> str:
        """``Masa berlaku habis pada 3 Mei 2028``, on the clock of where it was completed; empty for others."""
        if self.expired is None or self.expired.expires_at is None:
            return ""
        return f"Masa berlaku habis pada {date_medium(self.expired.expires_at, self.expired.unit.zone)}"

    @property
    def expired_words(self) -> str:
        """``ended_words`` and what the officer can do about it, in sentences; empty for others."""
        return f"{self.ended_words}. {self._way_on}" if self.ended_words else ""

    @property
    def _way_on(self) -> str:
        if self.course.archived_at:
            return "Pelatihan ini sudah tidak dibuka lagi."
        return "Pelatihan ini dapat dimulai lagi." if self.may_start else self.comes_first or ASK_SDM

    @property
    def round_words(self) -> str:
        """Why a finished round no longer counts, in sentences: it expired, is asked for again, or was taken back."""
        if self.expired:
            return self.expired_words
        if self.duty:
            return "Yang Anda selesaikan di sini termasuk putaran sebelumnya. Pelatihan ini ditugaskan lagi."
        return f"Penyelesaian yang pernah tercatat di sini sudah dicabut. {self._way_on}"

    @property
    def comes_first(self) -> str:
        """A sentence for a locked course; empty for others."""
        waits = self.waits_for and not (self.under_way or self.completion)
        return what_comes_first(self.waits_for) if waits else ""

    def would_hold_until(self, *, at: datetime, zone: str) -> datetime | None:
        """The end of what would be completed at that moment; None without an end, or with nothing left to complete."""
        if not (self.under_way or self.may_start):
            return None
        return expires_at(self.course.version, completed_at=at, zone=zone)

    def state(self, *, at: datetime) -> str:
        """``overdue``, ``exempt``, ``in_progress``, ``not_started``, ``done``, ``expired`` or ``optional``, unasked."""
        if self.duty and self.duty.due_at < at:
            return "overdue"
        if self.exemption and not (self.duty or self.completion):
            return "exempt"
        if self.under_way:
            return "in_progress"
        if self.duty:
            return "not_started"
        if self.completion:
            return "done"
        return "expired" if self.expired else "optional"


STANDING = PreparedRows(
    lambda: (
        Posting.objects.in_force(at=Slot("at", DateTimeField()))  # type: ignore[arg-type]
        .filter(officer=Slot("officer", BigIntegerField()))
        .select_related("unit")
        .only("officer", "unit__zone")
    )
)


def item_address(course: Course, version_item: CourseVersionItem) -> str:
    return f"{course.url}{version_item.slug}/"


def posting_of(officer: Officer, *, at: datetime) -> Posting | None:
    return Posting.objects.in_force(at=at).filter(officer=officer).select_related("unit", "rank").first()


def zone_of(posting: Posting | None) -> str:
    """The clock an officer lives by: the unit's; WIB for who stands nowhere."""
    return posting.unit.zone if posting else Zone.WIB


def zone_of_officer(officer: Officer, *, at: datetime) -> str:
    """``zone_of`` where nothing else of the posting is wanted."""
    posting = STANDING.first(officer=officer.pk, at=at)
    return posting.unit.zone if posting else Zone.WIB


def standings(
    officer: Officer,
    courses: list[Course],
    *,
    at: datetime,
    locked: Mapping[int, Sequence[Course]] | None = None,
    known: Known | None = None,
    by_ledger: bool = False,
) -> list[CourseStanding]:
    """Say where ``officer`` stands in each of ``courses`` (with ``current_version`` selected), in their order.

    ``locked`` (course id → what must be done first) is read here where the caller does not know it, and so is what
    ``known`` holds. ``by_ledger``: what is done is judged by the version of its ledger row, and not by the one in
    force (decision 0005).
    """
    if locked is None:
        locked = locks(officer, paths_of(officer, at=at, only_open=True))
    if known is None:
        known = Known(
            duties=Duty.objects.open().filter(officer=officer, course__in=courses),
            completions=standing_completions(officer).filter(course__in=courses),
            reliefs=Relief.objects.in_force(at=at).filter(officer=officer).select_related("end"),
        )
    owed = {duty.course_id: duty for duty in known.duties if duty.valid_to is None}
    running = [relief for relief in known.reliefs if relief.state(at=at) == "running"]
    enrolments = {
        enrolment.course_id: enrolment
        for enrolment in Enrolment.objects.filter(officer=officer, course__in=courses).order_by("cycle")
    }
    counting = known.in_force(at=at)
    completed: dict[int, list[CourseCompletion]] = defaultdict(list)
    for completion in known.completions:
        completed[completion.course_id].append(completion)
    versions = {course.current_version_id for course in courses}
    if by_ledger:
        versions |= {row.course_version_id for rows in completed.values() for row in rows}
    items: dict[int, list[CourseVersionItem]] = defaultdict(list)
    version_items = CourseVersionItem.objects.filter(version__in=versions).select_related("item", "version")
    for version_item in version_items.order_by("order"):
        items[version_item.version_id].append(version_item)
    facts: dict[int, dict[int, ItemCompletion]] = defaultdict(dict)
    for fact in ItemCompletion.objects.standing().filter(enrolment__in=enrolments.values()):
        facts[fact.enrolment_id][fact.item_id] = fact
    exemptions = {relief.course_id: relief for relief in running if relief.kind == ReliefKind.EXEMPTION}
    pause = _longest([relief for relief in running if relief.kind == ReliefKind.PAUSE])
    result = []
    for course in courses:
        duty, enrolment = owed.get(course.pk), enrolments.get(course.pk)
        rows, counts = completed[course.pk], counting.get(course.pk)
        over = enrolment is None or enrolment.completed_at is not None
        if enrolment and (duty.cycle != enrolment.cycle if duty else over and not (counts or by_ledger)):
            # A new round is owed, or may be begun; what was done in the last one does not count for it.
            enrolment = None
        done = facts[enrolment.pk] if enrolment else {}
        standing = CourseStanding(
            course=course,
            progress=course_progress(items[course.version.pk], _moments(done)),
            duty=duty,
            enrolment=enrolment,
            completion=counts,
            expired=rows[-1] if rows and over and not (counts or duty) else None,
            renewable=may_renew((row.expires_at for row in rows), course.version, at=at),
            exemption=exemptions.get(course.pk),
            pause=pause,
            waits_for=locked.get(course.pk, ()),
            facts=done,
        )
        result.append(_by_ledger(standing, items) if by_ledger else standing)
    return result


def after_round(enrolment: Enrolment, course: Course, *, at: datetime) -> CourseStanding | None:
    """Where the officer of ``enrolment`` stands, once that round is done and the next may or must begin; else None.

    For pages of a round: what they show of it no longer counts.
    """
    if enrolment.completed_at is None:
        return None
    (standing,) = standings(enrolment.officer, [course], at=at)
    return None if standing.enrolment else standing


def standing_completions(officer: Officer) -> QuerySet[CourseCompletion]:
    """What ``officer`` completed, expired or not, the newest last, with what a recognition rests on."""
    rows = CourseCompletion.objects.standing().filter(officer=officer)
    related = rows.select_related("unit", "recognition__document", "recognition__approved_by")
    return related.order_by("completed_at", "pk")


def _moments(facts: Mapping[int, ItemCompletion]) -> dict[int, datetime]:
    return {item: fact.completed_at for item, fact in facts.items()}


def _by_ledger(standing: CourseStanding, items: Mapping[int, list[CourseVersionItem]]) -> CourseStanding:
    completion, asked = standing.completion or standing.expired, standing.course.current_version_id
    if completion is None or completion.course_version_id == asked or standing.duty or standing.under_way:
        return standing
    mine = items[completion.course_version_id]
    if not (standing.enrolment and mine):
        return standing
    return replace(standing, progress=course_progress(mine, _moments(standing.facts)), earlier=mine[0].version)


def _longest(pauses: list[Relief]) -> Relief | None:
    """Of several that run, the one that ends last; first of all one without an end."""
    endless = [pause for pause in pauses if pause.until is None]
    if endless:
        return endless[0]
    return max(pauses, key=lambda pause: pause.until or pause.starts_at, default=None)


def moved_by(duty: Duty) -> list[Relief]:
    """Why the date of ``duty`` is not the one its orders name."""
    moved = Relief.objects.standing().filter(due_changes__duty=duty)
    return list(moved.select_related("end").distinct().order_by("pk"))


@dataclass(frozen=True)
class Home:
    """What an officer's start page shows; ``owed`` stands in the order of its due dates."""

    owed: list[CourseStanding]
    chosen: list[CourseStanding]
    finished: list[CourseStanding]
    # Completed once; it holds no longer.
    expired: list[CourseStanding]
    jp_this_year: Decimal
    # Open learning paths; their courses are told there.
    paths: list[OwnPath] = field(default_factory=list)

    @property
    def alone(self) -> list[CourseStanding]:
        """What is owed besides the paths."""
        inside = {standing.step.course_id for path in self.paths for standing in path.progress.steps}
        return [standing for standing in self.owed if standing.course.pk not in inside]

    @property
    def pause(self) -> Relief | None:
        """Why the clock of everything owed stands now."""
        return self.owed[0].pause if self.owed else None

    @property
    def next_step(self) -> CourseStanding | None:
        todo = [standing for standing in [*self.owed, *self.chosen] if not standing.comes_first]
        return next((standing for standing in todo if standing.progress.next_item), None)


def home(officer: Officer, *, at: datetime, year: int) -> Home:
    """Read the start page of ``officer``, with the JP of ``year``."""
    # By sub-selects: joined, every duty of a course would meet every enrolment of it.
    owed_courses = Duty.objects.open().filter(officer=officer).values("course")
    begun_courses = Enrolment.objects.filter(officer=officer).values("course")
    mine = Course.objects.published().filter(Q(pk__in=owed_courses) | Q(pk__in=begun_courses))
    courses = list(mine.select_related("current_version"))
    paths = paths_of(officer, at=at, only_open=True)
    everything = standings(officer, courses, at=at, locked=locks(officer, paths))
    owed = [
        standing for _due, _code, standing in sorted((s.duty.due_at, s.course.code, s) for s in everything if s.duty)
    ]
    rest = [standing for standing in everything if not standing.duty]
    done = [s for s in rest if not s.under_way]
    finished = sorted((s.completion.completed_at, s.course.pk, s) for s in done if s.completion)
    jp = counted(year).filter(officer=officer).aggregate(sum=Sum("jp"))
    return Home(
        owed=owed,
        chosen=[s for s in rest if s.under_way],
        finished=[standing for _day, _pk, standing in reversed(finished)],
        expired=[s for s in rest if s.expired],
        jp_this_year=jp["sum"] or Decimal(0),
        paths=paths,
    )
