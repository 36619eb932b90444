"""What officers did with quizzes. Attempts point at versions, never at a page."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString, mark_safe

from courses.models import CourseItem
from enrolments.models import Enrolment, ItemCompletion
from organisation.models import Posting, User
from quizzes.choices import AttemptEnd, News
from quizzes.kinds import Asked, Option

from .versions import QuizVersion, VersionQuestion


class AttemptQuerySet(models.QuerySet):
    def of(self, item: CourseItem, enrolment: Enrolment) -> "AttemptQuerySet":
        return self.filter(item=item, enrolment=enrolment)

    def running(self) -> "AttemptQuerySet":
        return self.filter(submitted_at=None)

    def counting(self) -> "AttemptQuerySet":
        """Without those that a changed quiz set aside: they use up nothing and earn nothing."""
        return self.filter(set_aside_by=None)

    def due_to_close(self, *, at: datetime) -> "AttemptQuerySet":
        """Running attempts whose time, grace included, is over; none while an outage holds their clock."""
        return self.running().filter(closes_at__lte=at, paused_at=None)

    def used_up(self) -> "AttemptQuerySet":
        """The last attempt of each officer who passed none of all that the quiz and SDM allow."""
        from .delivery import Accommodation

        newest = QuizVersion.objects.newest().filter(item=OuterRef("item"))
        same = {"item": OuterRef("item"), "enrolment": OuterRef("enrolment")}
        counted = Attempt.objects.counting().filter(**same)
        accommodated = Accommodation.objects.filter(
            item=OuterRef("item"), officer=OuterRef("enrolment__officer")
        ).order_by("-pk")
        return (
            self.counting()
            .filter(~Exists(counted.filter(number__gt=OuterRef("number"))), submitted_at__isnull=False, passed=False)
            .alias(
                limit=Subquery(newest.values("max_attempts")[:1]),
                granted=_count_of(AttemptGrant.objects.filter(**same)),
                extra=Coalesce(Subquery(accommodated.values("extra_attempts")[:1]), 0),
                used=_count_of(counted),
            )
            .filter(limit__gt=0, used__gte=F("limit") + F("granted") + F("extra"))
        )

    def for_grant_list(self, *, at: datetime) -> "AttemptQuerySet":
        """One row per officer with course, quiz, rank and unit of ``at``; rendering asks nothing more."""
        return (
            self.select_related("enrolment__officer", "enrolment__course", "version")
            .prefetch_related(_postings("enrolment__officer__postings", at=at))
            .order_by("-submitted_at", "pk")
        )

    def fallen(self) -> "AttemptQuerySet":
        """Attempts that completed their quiz and whose grade fell below the pass mark since."""
        return self.filter(_completed_by_it(), passed=False)

    def for_sitting_list(self, *, at: datetime) -> "AttemptQuerySet":
        """One row per attempt with what is open about it, newest first; rendering asks nothing more."""
        late = LateAnswer.objects.undecided().filter(response__attempt=OuterRef("pk"))
        return (
            self.select_related("enrolment__officer", "enrolment__course", "version", "dispute__reply")
            .prefetch_related(_postings("enrolment__officer__postings", at=at))
            .annotate(has_late=Exists(late), completed_item=_completed_by_it())
            .order_by("-started_at", "-pk")
        )


def _completed_by_it() -> Exists:
    own = {"enrolment": OuterRef("enrolment"), "item": OuterRef("item"), "evidence": OuterRef("uuid")}
    return Exists(ItemCompletion.objects.standing().filter(**own))


def _count_of(rows: models.QuerySet) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values("item").annotate(n=Count("pk")).values("n")), 0)


class Attempt(models.Model):
    """One sitting. Draw and order stand in its responses; the server owns the clock."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="attempts", related_query_name="attempt"
    )
    item = models.ForeignKey(
        CourseItem, on_delete=models.PROTECT, related_name="attempts", related_query_name="attempt"
    )
    version = models.ForeignKey(
        QuizVersion, on_delete=models.PROTECT, related_name="attempts", related_query_name="attempt"
    )
    number = models.PositiveSmallIntegerField("percobaan ke-")
    started_at = models.DateTimeField("mulai")
    deadline_at = models.DateTimeField("batas waktu", null=True, blank=True)
    closes_at = models.DateTimeField("ditutup", null=True, blank=True, help_text="Batas waktu dan masa tenggang")
    paused_at = models.DateTimeField(null=True, blank=True, help_text="Jam berhenti selama satuannya terganggu")
    extended_seconds = models.PositiveIntegerField(default=0, help_text="Waktu yang dikembalikan karena gangguan")
    furthest = models.PositiveSmallIntegerField(
        default=1, help_text="Bila tidak dapat kembali: soal yang terbuka; di atas jumlahnya semua sudah dilewati"
    )
    epoch = models.PositiveIntegerField(default=0, help_text="Naik setiap kali dibuka di sebuah perangkat")
    submitted_at = models.DateTimeField("dikirim", null=True, blank=True)
    ended_as = models.CharField(max_length=10, choices=AttemptEnd, blank=True)
    graded_at = models.DateTimeField("dinilai", null=True, blank=True)
    grade = models.DecimalField("nilai", max_digits=5, decimal_places=2, null=True, blank=True)
    passed = models.BooleanField("lulus", null=True)
    news = models.CharField(max_length=10, choices=News, blank=True, help_text="Belum dibaca oleh personel")
    result_seen_at = models.DateTimeField("hasil dibuka", null=True, blank=True)
    answers_purged_at = models.DateTimeField("jawaban dihapus", null=True, blank=True)
    set_aside_by = models.ForeignKey(
        "quizzes.RedoOrder", null=True, blank=True, on_delete=models.PROTECT, related_name="attempts"
    )

    # Annotated by ``for_sitting_list``.
    has_late: bool
    completed_item: bool

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name = "percobaan"
        verbose_name_plural = "percobaan"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "item", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["enrolment", "item"], condition=Q(submitted_at=None), name="attempt_one_running"
            ),
        ]
        indexes = [models.Index(fields=["closes_at"], condition=Q(submitted_at=None), name="attempt_running_closes")]

    def __str__(self) -> str:
        return f"{self.enrolment} percobaan {self.number}"

    @property
    def awaits_marking(self) -> bool:
        """Submitted, but a person must still mark one of its answers."""
        return self.submitted_at is not None and self.graded_at is None and self.set_aside_by_id is None

    def accepts_answers(self, *, at: datetime) -> bool:
        """Whether an answer that arrives at ``at`` counts: not submitted, and within the deadline and its grace."""
        if self.submitted_at is not None:
            return False
        return self.paused_at is not None or self.closes_at is None or at < self.closes_at

    def has_left(self, position: int) -> bool:
        """Whether the question at ``position`` lies behind where there is no going back."""
        return self.version.forward_only and position < self.furthest


class ResponseQuerySet(models.QuerySet):
    def for_saving(self) -> "ResponseQuerySet":
        """Locked, with what deciding about an answer needs of attempt and question; no texts.

        The attempt is locked first, as by a submit: two orders of locking could wait for each other.
        """
        attempt = (
            "epoch",
            "submitted_at",
            "deadline_at",
            "closes_at",
            "paused_at",
            "furthest",
            "version__forward_only",
        )
        question = ("kind", "shape", "key")
        own = ("answer", "option_order", "position", "epoch", "sequence", "saved_at", "revealed_at")
        needed = [*own, *(f"attempt__{name}" for name in attempt), *(f"question__{name}" for name in question)]
        related = self.select_related("attempt__version", "question").only(*needed)
        return related.select_for_update(of=("attempt", "self")).order_by()


class Response(models.Model):
    """The answer to one drawn question, in the shape its kind gives it, and the order its options are shown in."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="responses")
    question = models.ForeignKey(VersionQuestion, on_delete=models.PROTECT, related_name="responses")
    position = models.PositiveSmallIntegerField()
    option_order = models.JSONField()
    answer = models.JSONField(default=list)
    epoch = models.PositiveIntegerField(default=0)
    sequence = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    revealed_at = models.DateTimeField(
        null=True, blank=True, help_text="Kunci sudah dilihat; jawaban tidak berubah lagi"
    )
    fraction = models.DecimalField(
        max_digits=6, decimal_places=5, null=True, blank=True, help_text="Kosong sampai dinilai"
    )

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "question"], name="response_once_per_question"),
            models.UniqueConstraint(fields=["attempt", "position"], name="response_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt} soal {self.position}"

    @property
    def answered(self) -> bool:
        return bool(self.answer)

    def asked(self, html: dict[str, SafeString] | None = None) -> Asked:
        """What the officer's page may know of the question. Keys are not even read, save a scenario's own.

        ``html`` maps option uuids to their text, where somebody read them already.
        """
        question = self.question
        if html is None:
            html = {str(uuid): mark_safe(text) for uuid, text in question.options.values_list("uuid", "html")}
        options = [Option(uuid, html[uuid]) for uuid in self.option_order]
        return Asked(question.html, options, question.shape, question.key if question.rules.is_story else {})

    def asked_without_words(self) -> Asked:
        """As ``asked``, for the rules that take an answer: these look at the options' order, not at texts."""
        question = self.question
        options = [Option(uuid, mark_safe("")) for uuid in self.option_order]
        return Asked(mark_safe(""), options, question.shape, question.key if question.rules.is_story else {})


class LateAnswerQuerySet(models.QuerySet):
    def newest(self) -> "LateAnswerQuerySet":
        """Of each question the newest answer that came late."""
        newer = Q(epoch__gt=OuterRef("epoch")) | Q(epoch=OuterRef("epoch"), sequence__gt=OuterRef("sequence"))
        return self.filter(~Exists(LateAnswer.objects.filter(newer, response=OuterRef("response"))))

    def undecided(self) -> "LateAnswerQuerySet":
        """What still waits for somebody to decide about it."""
        return self.newest().filter(decision=None)

    def for_late_list(self, *, at: datetime) -> "LateAnswerQuerySet":
        """One row per answer with question, quiz, course, officer, rank and unit; rendering asks nothing more."""
        attempt = "response__attempt"
        return (
            self.select_related(
                "response__question",
                f"{attempt}__version",
                f"{attempt}__enrolment__course",
                f"{attempt}__enrolment__officer",
            )
            .prefetch_related(_postings(f"{attempt}__enrolment__officer__postings", at=at))
            .order_by("received_at", "pk")
        )


def _postings(way: str, *, at: datetime) -> Prefetch:
    rows = Posting.objects.in_force(at=at).select_related("rank", "unit")
    return Prefetch(way, rows, to_attr="current_postings")


class LateAnswer(models.Model):
    """An answer that came after deadline and grace, or to a question left for good: kept, never counted by itself."""

    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="late_answers")
    answer = models.JSONField()
    epoch = models.PositiveIntegerField()
    sequence = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    after_leaving = models.BooleanField(
        default=False, help_text="Waktu masih ada, tetapi soalnya sudah dilewati dan tidak dapat dibuka lagi"
    )

    objects = LateAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "epoch", "sequence"], name="late_answer_once"),
        ]

    def __str__(self) -> str:
        return f"Terlambat: {self.response}"


class AttemptGrant(models.Model):
    """One more attempt for an officer who used up all of them, given by SDM with a reason."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attempt_grants")
    item = models.ForeignKey(CourseItem, on_delete=models.PROTECT, related_name="attempt_grants")
    # One grant per last attempt: the constraint that stands behind the lock of grant_attempt.
    after = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="grant")
    reason = models.CharField("alasan", max_length=300)
    outage = models.ForeignKey(
        "quizzes.Outage", null=True, blank=True, on_delete=models.PROTECT, related_name="attempt_grants"
    )
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Percobaan tambahan: {self.enrolment}"
