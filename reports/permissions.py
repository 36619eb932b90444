"""Which rows of learning a report may read, and as of which moment (decision 0021).

The rows are those of whoever stands in the postings its actor may see, no others. The moment is now, or the end of
a past day: as it was (what is known today about that day), or as it was known (what was recorded by then; later
corrections are ignored).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, TextChoices, When
from django.db.models.functions import Coalesce

from certificates.models import Certificate
from certificates.models.rows import CertificateQuerySet
from enrolments.jp import Targets, counted, in_year, targets_of
from enrolments.models import (
    Assignment,
    CourseCompletion,
    DueChange,
    Duty,
    DutyEnd,
    DutyReason,
    Enrolment,
    ItemCompletion,
)
from foundation.planning import asked_through, is_there
from organisation.history import posted_as_known
from organisation.models import Posting, Role, RoleGrant, Unit, posted
from organisation.permissions import READS_LEARNING, grants_of, subtree_scope, units_for_actor
from quizzes.choices import QuizRole
from quizzes.models import Attempt, ImportedSitting, Response

from .models import ExportJob, PeriodReport, ReportState, SavedReport
from .models.period_reports import OPEN_STATES

SAME_ROUND = {"officer": OuterRef("officer"), "course": OuterRef("course"), "cycle": OuterRef("cycle")}
POSTING = "officer__posting__"
ENDED_OTHERWISE = (DutyEnd.WITHDRAWN, DutyEnd.EXEMPT, DutyEnd.MOVED, DutyEnd.UNDONE, DutyEnd.SPARED)


class Axis(TextChoices):
    AS_IT_WAS = "keadaan", "Keadaan: yang terjadi"
    AS_KNOWN = "catatan", "Catatan: yang diketahui hari itu"


@dataclass(frozen=True)
class Moment:
    """The facts at ``at``. ``past`` False is now, where both axes say the same."""

    at: datetime
    past: bool = False
    axis: Axis = Axis.AS_IT_WAS

    @property
    def as_known(self) -> bool:
        return self.past and self.axis == Axis.AS_KNOWN

    def posted(self) -> Q:
        """A condition for the postings in force."""
        return posted_as_known(at=self.at) if self.as_known else posted(at=self.at)

    def duties(self) -> QuerySet[Duty]:
        """Duties owed or done: not withdrawn, exempt or left behind; one that was undone never was, as known today."""
        begun = Duty.objects.filter(valid_from__lte=self.at)
        if not self.past:
            return begun.exclude(ended_as__in=ENDED_OTHERWISE)
        begun = begun.filter(recorded_at__lte=self.at) if self.as_known else begun.exclude(ended_as=DutyEnd.UNDONE)
        return begun.filter(~Q(ended_as__in=ENDED_OTHERWISE) | Q(valid_to__gt=self.at))

    def with_done_on(self, duties: QuerySet[Duty]) -> QuerySet[Duty]:
        """Each duty with what ``done_at`` looks at; nothing where its own columns say it."""
        if not self.as_known:
            return duties
        known = self.completions().filter(**SAME_ROUND).values("completed_at")[:1]
        # A duty that was done from the start has no ledger row in its round.
        by_duty = When(ended_as=DutyEnd.COMPLETED, valid_to__lte=self.at, then=F("valid_to"))
        in_ledger = is_there(CourseCompletion.objects.filter(**SAME_ROUND))
        return duties.annotate(done_on=Case(When(in_ledger, then=Subquery(known)), by_duty))

    def is_done(self) -> Q:
        return self.done_by(self.at) if self.past else Q(ended_as=DutyEnd.COMPLETED)

    def is_open(self) -> Q:
        return ~self.is_done() if self.past else Q(valid_to=None)

    def is_due(self) -> Q:
        """Whose date lay behind ``at``, by the date that was in force then."""
        passed = Q(due_at__lt=self.at)
        if not self.past:
            return passed
        # The duty's own date says it, but for those that got another one since: found once, not row by row.
        since = DueChange.objects.filter(recorded_at__gt=self.at)
        first = since.filter(~Exists(since.filter(duty=OuterRef("duty"), pk__lt=OuterRef("pk"))))
        moved, passed_then = since.values("duty"), first.filter(before__lt=self.at).values("duty")
        return passed & ~Q(pk__in=moved) | Q(pk__in=passed_then)

    def with_due_on(self, duties: QuerySet[Duty]) -> QuerySet[Duty]:
        """Each duty with ``due_on``: the date that was in force."""
        if not self.past:
            return duties.annotate(due_on=F("due_at"))
        since = DueChange.objects.filter(duty=OuterRef("pk"), recorded_at__gt=self.at).order_by("pk")
        return duties.annotate(due_on=Coalesce(Subquery(since.values("before")[:1]), F("due_at")))

    def done_by(self, moment: datetime) -> Q:
        """Done at ``at``, and by an earlier ``moment`` already."""
        done = Q(ended_as=DutyEnd.COMPLETED, valid_to__lte=moment)
        if not self.as_known:
            return done
        # The duty's own end says it, but for a round about which the ledger learned something later. Asked for
        # each duty: those that a report reads are few beside all that a nation recorded since.
        of_round = CourseCompletion.objects.filter(**SAME_ROUND, completed_at__lte=moment)
        told_later = of_round.filter(recorded_at__gt=self.at)
        corrections = CourseCompletion.objects.filter(corrects=OuterRef("pk"), recorded_at__gt=self.at)
        corrected_later = of_round.filter(Exists(corrections), recorded_at__lte=self.at, withdrawn=False)
        # What was undone since had been written as done of a completion that was known.
        then_done = self.completions().filter(**SAME_ROUND, completed_at__lte=moment)
        undone_since = Q(Exists(then_done), ended_as=DutyEnd.UNDONE, valid_to__gt=self.at)
        return Q(done, ~Exists(told_later)) | Q(Exists(corrected_later)) | undone_since

    def done_at(self, duty: Duty) -> datetime | None:
        """When a duty read through ``with_done_on`` was done; None while it was owed."""
        if self.as_known:
            return duty.done_on  # type: ignore[attr-defined]  # annotated above
        ended = duty.valid_to if duty.is_done else None
        return None if ended and self.past and ended > self.at else ended

    def state_of(self, duty: Duty, *, started: bool) -> str:
        """A key of STATE_WORDS."""
        if self.done_at(duty):
            return "done"
        if duty.due_on < self.at:  # type: ignore[attr-defined]  # annotated by with_due_on
            return "overdue"
        return "in_progress" if started else "not_started"

    def reasons(self) -> QuerySet[DutyReason]:
        """The reasons that ask for duties."""
        if not self.past:
            return DutyReason.objects.filter(ended_at=None)
        return DutyReason.objects.filter(Q(ended_at=None) | Q(ended_at__gt=self.at), added_at__lte=self.at)

    def enrolments(self) -> QuerySet[Enrolment]:
        return Enrolment.objects.filter(started_at__lte=self.at) if self.past else Enrolment.objects.all()

    def completions(self) -> QuerySet[CourseCompletion]:
        """The ledger rows that hold."""
        if self.as_known:
            return CourseCompletion.objects.standing_as_known(at=self.at).filter(completed_at__lte=self.at)
        standing = CourseCompletion.objects.standing()
        return standing.filter(completed_at__lte=self.at) if self.past else standing

    def learned(self, year: int) -> QuerySet[CourseCompletion]:
        """The ledger rows whose JP count for ``year``."""
        # A year ends by the clock of each unit: its last day hides nothing of what belongs to it, as it was.
        ends_year = self.at.year < (self.at + timedelta(days=1)).year
        whole = not self.past or (ends_year and not self.as_known)
        return counted(year) if whole else self.completions().filter(in_year(year))

    def targets(self, year: int) -> Targets:
        return targets_of(year, known_at=self.at if self.as_known else None)

    def graded(self) -> Q:
        """A condition for attempts that have a grade and were not set aside."""
        if not self.past:
            return Q(graded_at__isnull=False, set_aside_by=None)
        return Q(Q(set_aside_by=None) | Q(set_aside_by__ordered_at__gt=self.at), graded_at__lte=self.at)

    def item_completions(self) -> QuerySet[ItemCompletion]:
        if self.as_known:
            return ItemCompletion.objects.standing_as_known(at=self.at).filter(completed_at__lte=self.at)
        standing = ItemCompletion.objects.standing()
        return standing.filter(completed_at__lte=self.at) if self.past else standing


def postings_that(stand: Q) -> QuerySet[Posting]:
    """Those of a scope's condition."""
    return Posting.objects.filter(stand)


def counted_duties(stand: Q, moment: Moment) -> QuerySet[Duty]:
    """Duties owed or done (not withdrawn, not exempt) of whoever has a posting that fits ``stand``, one each.

    Each row has ``posting_pk`` and ``unit_path``: where the officer stands, by the path of today.
    """
    rows = moment.duties().filter(asked_through(POSTING, stand))
    return rows.annotate(posting_pk=F("officer__posting__pk"), unit_path=F("officer__posting__unit__path")).order_by()


def counted_duties_at(at: datetime) -> QuerySet[Duty]:
    """The same for the whole nation at ``at``: only for sums by unit of which each reader gets the own ones."""
    return counted_duties(posted(at=at), Moment(at))


def certificates_of(units: Collection[int]) -> CertificateQuerySet:
    """Those earned at ``units`` (ids): only for sums by unit of which each reader gets the own ones."""
    return cast(CertificateQuerySet, Certificate.objects.filter(unit__in=units))


def ending_completions(stand: Q, moment: Moment) -> QuerySet[Any]:
    """Ledger rows that lose their validity, or did, and that nothing newer follows; ``stand`` as in ``counted_duties``.

    Each row has ``posting_pk`` and ``stands_at``, a unit: where the officer stands.
    """
    same = {"officer": OuterRef("officer"), "course": OuterRef("course")}
    newer = moment.completions().filter(Q(expires_at=None) | Q(expires_at__gt=OuterRef("expires_at")), **same)
    rows = moment.completions().filter(asked_through(POSTING, stand), ~Exists(newer), expires_at__isnull=False)
    return rows.annotate(posting_pk=F("officer__posting__pk"), stands_at=F("officer__posting__unit")).order_by()


def duties_again() -> QuerySet[Duty]:
    """To read duties found in scope once more, by their ids."""
    return Duty.objects.order_by()


def completions_again(moment: Moment) -> QuerySet[CourseCompletion]:
    """To read ledger rows found in scope once more, by their ids."""
    return moment.completions().order_by()


def rounds_begun(moment: Moment) -> QuerySet[Enrolment]:
    """What had been begun by then: for officers and courses found in scope."""
    return Enrolment.objects.filter(started_at__lte=moment.at)


def leading_grants(*, at: datetime) -> QuerySet[RoleGrant]:
    """Every role in force that leads people in learning, with its user and unit: who gets a digest."""
    grants = RoleGrant.objects.in_force(at=at).filter(role__in=READS_LEARNING, user__is_active=True)
    return grants.select_related("user", "unit").order_by("user", "unit__path")


def newest_cycles(rows: QuerySet[Duty], moment: Moment) -> QuerySet[Duty]:
    """Leave out a duty that a newer one of the same officer and course follows."""
    newer = moment.duties().filter(officer=OuterRef("officer"), course=OuterRef("course"))
    later = Q(cycle__gt=OuterRef("cycle")) | Q(cycle=OuterRef("cycle"), pk__gt=OuterRef("pk"))
    return rows.filter(~Exists(newer.filter(later)))


def _grade(moment: Moment) -> Subquery:
    # One row stands for each round: asked for an order, SQLite would walk everybody's days of the course.
    return Subquery(moment.completions().filter(**SAME_ROUND).order_by().values("grade")[:1])


def _first_grade(moment: Moment) -> Subquery:
    same_round = {f"enrolment__{name}": value for name, value in SAME_ROUND.items()}
    taken = (
        moment.item_completions()
        .filter(**same_round, item__quiz_versions__role=QuizRole.PRETEST, grade__isnull=False)
        .order_by("completed_at")
    )
    return Subquery(taken.values("grade")[:1])


def with_standing(rows: QuerySet[Any], moment: Moment) -> QuerySet[Any]:
    """Each duty with its date, whether the course was ``started`` and the ``grade`` of the ledger."""
    return moment.with_done_on(moment.with_due_on(rows)).annotate(
        started=is_there(moment.enrolments().filter(**SAME_ROUND)), grade=_grade(moment)
    )


def with_first_grade(rows: QuerySet[Any], moment: Moment) -> QuerySet[Any]:
    """Each duty with ``before``: the grade of the pre-test, if one was taken."""
    return rows.annotate(before=_first_grade(moment))


def with_grades_when_done(rows: QuerySet[Any], moment: Moment) -> QuerySet[Any]:
    """Each duty with ``grade`` and ``before`` where it is done; what is owed has neither."""
    done = moment.is_done()
    return rows.annotate(
        grade=Case(When(done, then=_grade(moment))), before=Case(When(done, then=_first_grade(moment)))
    )


# What with_duty_facts says of each duty, in this order.
DUTY_FACTS = ("due_on", "is_over", "over_on", "grade", "before")


def with_duty_facts(rows: QuerySet[Any], moment: Moment) -> QuerySet[Any]:
    """Each duty with its date, whether and since when it is done (``is_over``, ``over_on``), and then its grades."""
    over_on = F("done_on") if moment.as_known else F("valid_to")
    rows = moment.with_done_on(moment.with_due_on(with_grades_when_done(rows, moment)))
    return rows.annotate(is_over=Case(When(moment.is_done(), then=True), default=False), over_on=over_on)


def orders_behind(reasons: QuerySet[DutyReason]) -> QuerySet[Assignment]:
    """The orders that ask for duties found in scope."""
    return Assignment.objects.filter(pk__in=reasons.values("assignment"))


def newest_sittings(postings: QuerySet[Posting], moment: Moment) -> QuerySet[Any]:
    """Of the officers of ``postings`` the newest graded attempt at each quiz, pre-tests left out; as ids.

    Of a past day those that were graded by then, as they are marked today.
    """
    graded = Attempt.objects.filter(moment.graded(), enrolment__officer__posting__in=postings)
    each = graded.exclude(version__role=QuizRole.PRETEST).order_by().values("item", "enrolment__officer")
    # Attempts are numbered as they begin.
    return each.annotate(newest=Max("pk")).values("newest")


def answers_at_posts(postings: QuerySet[Posting], moment: Moment) -> QuerySet[Any]:
    """The graded answers of ``newest_sittings``, each with ``posting``: that in ``postings`` of whoever gave it."""
    answers = Response.objects.filter(attempt__in=newest_sittings(postings, moment), fraction__isnull=False)
    theirs = answers.filter(attempt__enrolment__officer__posting__in=postings)
    return theirs.annotate(posting=F("attempt__enrolment__officer__posting")).order_by()


def with_old_results(postings: QuerySet[Any]) -> QuerySet[Any]:
    """Each of ``postings`` with ``has_old``: the officer has results of the application before this one."""
    return postings.annotate(has_old=is_there(ImportedSitting.objects.filter(officer=OuterRef("officer"))))


def saved_reports_for_actor(actor, *, at: datetime) -> QuerySet[SavedReport]:
    """Saved by the actor, or shared with the SDM of a unit whose SDM the actor is."""
    shared = grants_of(actor, (Role.SDM,), at=at).values("unit")
    return SavedReport.objects.filter(Q(owner=actor.pk) | Q(shared_with__in=shared))


def own_saved_reports(actor) -> QuerySet[SavedReport]:
    """Those that the actor may rename, share, send and delete."""
    return SavedReport.objects.filter(owner=actor.pk)


def export_jobs_for_actor(actor) -> QuerySet[ExportJob]:
    """The files that the actor asked for; nobody fetches somebody else's."""
    return ExportJob.objects.filter(owner=actor.pk)


def units_to_share_with(actor, *, at: datetime) -> QuerySet[Unit]:
    """The units whose SDM may be given a saved report: those that the actor reads learning for."""
    return Unit.objects.filter(pk__in=grants_of(actor, READS_LEARNING, at=at).values("unit")).order_by("path")


# --- reports of a period ----------------------------------------------------

SUBMITS = (Role.SDM,)
VERIFIES = (Role.HEAD, Role.SDM)


def period_reports_for_actor(actor, *, at: datetime) -> QuerySet[PeriodReport]:
    """Reports of units below those whose learning ``actor`` reads."""
    return PeriodReport.objects.filter(subtree_scope(actor, READS_LEARNING, at=at))


def period_reports_to_write(actor, *, at: datetime) -> QuerySet[PeriodReport]:
    """Drafts, and refused ones, that ``actor`` may write and submit."""
    return PeriodReport.objects.filter(subtree_scope(actor, SUBMITS, at=at), state__in=OPEN_STATES)


def units_to_report(actor, *, at: datetime) -> QuerySet[Unit]:
    return units_for_actor(actor, at=at, roles=SUBMITS)


def period_reports_awaiting(actor, *, at: datetime) -> QuerySet[Any]:
    """Reports whose next verification, or refusal, ``actor`` may give.

    First by the unit's head, or by SDM of a level above it; then by a level above the one that verified. Nobody
    decides on what they submitted, nor twice.
    """
    first, then = Q(pk__in=[]), Q(pk__in=[])
    for grant in grants_of(actor, VERIFIES, at=at):
        below = grant.unit.subtree_of("unit__")
        first |= below if grant.role == Role.HEAD else below & ~Q(unit=grant.unit)
        path = grant.unit.path
        then |= Q(level_path__gt=path, level_path__lt=str(int(path) + 1).zfill(len(path)))
    mine = Q(submitter=actor.pk) | Q(last_actor=actor.pk)
    waiting = Q(state=ReportState.SUBMITTED) & first | Q(state=ReportState.VERIFIED) & then
    return PeriodReport.objects.with_way().filter(waiting).exclude(mine)


def verifying_level(actor, report: PeriodReport, *, at: datetime) -> Unit | None:
    """The unit through whose level ``actor`` decides on ``report``, the nearest to it; None for who may not."""
    awaiting = period_reports_awaiting(actor, at=at).filter(pk=report.pk).first()
    if awaiting is None:
        return None
    beyond = awaiting.level_path if awaiting.state == ReportState.VERIFIED else ""
    levels = [
        grant.unit
        for grant in grants_of(actor, VERIFIES, at=at)
        if grant.unit.contains(report.unit)
        and (len(grant.unit.path) < len(beyond) if beyond else grant.role == Role.HEAD or grant.unit != report.unit)
    ]
    return max(levels, key=lambda unit: len(unit.path))


def submitting_level(actor, report: PeriodReport, *, at: datetime) -> Unit | None:
    """The unit as whose SDM ``actor`` submits."""
    levels = [grant.unit for grant in grants_of(actor, SUBMITS, at=at) if grant.unit.contains(report.unit)]
    return max(levels, key=lambda unit: len(unit.path), default=None)
