"""What is counted beforehand, unit by unit, so that a page of a Polda or of the nation adds up thousands of rows
instead of millions (reports/counting.py)."""

from typing import Self

from django.db import models

from courses.models import Course
from organisation.models import ServiceFunction, Unit, Zone
from programmes.models import Activity, Period


class Mark(models.Model):
    """Something changed about this officer, or at this unit, since it was counted. Written by triggers only.

    A log without a constraint: two transactions that change the same unit never wait for each other. What was counted
    of past days is wrong from ``since`` on; none where only the figures of now change, or where that is dealt with.
    """

    officer_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    since = models.DateTimeField(null=True)

    objects = models.Manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"officer {self.officer_id}" if self.officer_id else f"unit {self.unit_id}"


class CountMark(Mark):
    """About duties, completions and certificates."""

    class Meta:
        indexes = [models.Index(fields=["since"], condition=models.Q(since__isnull=False), name="count_mark_since")]


class AnswerMark(Mark):
    """About answers: whoever practises should not have the duties of a unit counted again."""

    class Meta:
        indexes = [models.Index(fields=["since"], condition=models.Q(since__isnull=False), name="answer_mark_since")]


class LastCount(models.Model):
    """When a unit was counted, on which clock, and when that clock alone changes who stands there."""

    unit = models.OneToOneField(Unit, primary_key=True, on_delete=models.CASCADE, related_name="%(class)s")
    counted_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    zone = models.CharField(max_length=20, choices=Zone)

    objects = models.Manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pk}: {self.counted_at}"


class UnitCount(LastCount):
    """Of duties, completions and certificates."""


class AnswerCount(LastCount):
    """Of answers."""


class CountKind(models.TextChoices):
    COURSE = "c", "per course"
    FUNCTION = "f", "per course and service function, everybody at each of theirs"
    AT_COUNTER = "a", "the same of all courses"
    UNIT = "u", "all courses together"
    AHEAD = "b", "per course: done, and the date (``due_at``) is still to come"
    AHEAD_AT = "x", "the same per course and service function"
    OFFICER = "o", "officers by the earliest of their dates"
    DAY = "d", "done on a day of the last weeks"
    ASKED = "r", "officers whom a Quick Wins period, or an activity of it, asked; grades of what was done in time"
    COUNTER = "k", "counters that it reached: complete (done) or not"
    JP = "j", "officers by whether they reached the JP of the year, with the sum of what they have"
    ENDS = "e", "completions that lose their validity, by the day, with all that did before the count"
    HELD = "h", "certificates earned at the unit that are in force, by the month in which they end"


class CountState(models.TextChoices):
    DONE = "d", "done"
    LATE = "l", "late when it was counted, so ever since"
    OPEN = "o", "late from ``due_at`` on; never, where there is none"
    FREE = "n", "nothing is asked for"


class Numbers(models.Model):
    """So many duties (or officers) of those who stand at the unit itself; a tree is added up when it is read."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=1, choices=CountKind)
    course = models.ForeignKey(Course, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    function = models.ForeignKey(ServiceFunction, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=1, choices=CountState)
    due_at = models.DateTimeField(null=True)
    period = models.ForeignKey(Period, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    # None for a whole period.
    activity = models.ForeignKey(Activity, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    # The day of what is done or ends; the first day of a year of JP, or of the month (UTC) in which certificates end,
    # none for those that never do; the last day of a period as it was when counted.
    day = models.DateField(null=True)
    number = models.PositiveIntegerField()
    # Of what is done: final grades and rises from pre- to post-test, as sums with how many there are; or JP.
    grades = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    graded = models.PositiveIntegerField(default=0)
    rises = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    risen = models.PositiveIntegerField(default=0)
    # Of those with both grades: the sum of the final ones, and how many ended higher than they began.
    finals = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    risers = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind}{self.state}: {self.number}"


class CountRow(Numbers):
    """Of now."""

    class Meta:
        indexes = [
            models.Index(fields=["unit", "kind"], name="count_row_unit"),
            # What most pages add up, and the days: read from the index alone. SQLite does without the first.
            models.Index(
                fields=["unit", "kind", "function"],
                include=["state", "due_at", "number", "course", "grades", "graded", "rises", "risen"],
                condition=models.Q(kind__in=["c", "a", "o", "f"]),
                name="count_row_sums",
            ),
            models.Index(
                fields=["unit", "kind", "day", "number"], condition=models.Q(kind__in=["d", "h"]), name="count_row_days"
            ),
            models.Index(fields=["day", "unit", "number"], condition=models.Q(kind="e"), name="count_row_ends"),
        ]


class AnswerKind(models.TextChoices):
    COUNTER = "k", "per counter"
    TOPIC = "t", "per counter and topic; without a counter of whoever stands at any"


class Answers(models.Model):
    """What those who stand at the unit's own counters earned in their newest attempts (reports/answer_rows.py)."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=1, choices=AnswerKind)
    function = models.ForeignKey(ServiceFunction, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    # None for all courses together: whoever answered in two counts once.
    course = models.ForeignKey(Course, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    topic = models.CharField(max_length=60, blank=True)
    # Everybody who stands at the counter, whether asked or not; of all courses only.
    standing = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    answers = models.PositiveIntegerField(default=0)
    earned = models.DecimalField(max_digits=14, decimal_places=5, default=0)
    available = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.unit_id} {self.kind} {self.topic}: {self.earned} / {self.available}"


class AnswerRow(Answers):
    """Of now."""

    class Meta:
        indexes = [
            # A page adds up one counter and one course, of one unit or of many: read from the index alone.
            models.Index(
                fields=["kind", "function", "course", "unit"],
                include=["topic", "standing", "people", "answers", "earned", "available"],
                name="answer_row_sums",
            ),
            models.Index(fields=["unit"], name="answer_row_unit"),
        ]


class TallyKind(models.TextChoices):
    FIGURES = "f", "duties, completions and certificates"
    ANSWERS = "a", "answers"


class DayCountQuerySet(models.QuerySet):
    def known(self) -> Self:
        """Those that readers are given, or wait for."""
        return self.filter(forgotten_at=None)


class DayCount(models.Model):
    """A unit as of the end of a past day (``at``), on one of the two axes of time; asked for, and then counted.

    Something may be written about the day later: then it is forgotten, and counted anew under another number.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    tally = models.CharField(max_length=1, choices=TallyKind, default=TallyKind.FIGURES)
    at = models.DateTimeField()
    as_known = models.BooleanField()
    asked_at = models.DateTimeField(db_index=True)
    counted_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    objects = DayCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tally", "at", "as_known", "unit"], condition=models.Q(forgotten_at=None), name="day_count_once"
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], condition=models.Q(counted_at=None), name="day_count_waiting"),
            models.Index(
                fields=["forgotten_at"], condition=models.Q(forgotten_at__isnull=False), name="day_count_forgotten"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.at}"


class DayRow(Numbers):
    """Of a past day. Of what is late ``due_at`` is the earliest date."""

    count = models.ForeignKey(DayCount, on_delete=models.CASCADE, related_name="rows", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["count", "kind"], name="day_row_count")]


class DayAnswers(Answers):
    """Of a past day."""

    count = models.ForeignKey(DayCount, on_delete=models.CASCADE, related_name="answers", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["count", "kind"], name="day_answers_count")]
