"""What people are told and what proves it: templates, rules, messages, deliveries and the notices of the app."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from django.db import models
from django.db.models import Case, F, OuterRef, Q, SmallIntegerField, Value, When

from enrolments.reminders import REACH_BACK, QuietHours, Step, Window, asked_lately
from enrolments.wording import MessageKind
from foundation.models import AppendOnly
from organisation.models import Unit, User, Zone

from .duties import Duty
from .reasons import DutyReason
from .reliefs import Relief, ReliefKind


class MessageTemplateQuerySet(models.QuerySet):
    def current(self) -> "MessageTemplateQuerySet":
        """The newest version of each kind."""
        newest = self.model._default_manager.filter(kind=OuterRef("kind")).order_by("-number")
        return self.filter(pk=models.Subquery(newest.values("pk")[:1]))


class MessageTemplate(AppendOnly):
    """One version of the words of a kind; the proof of a message names it. Written once."""

    kind = models.CharField("jenis pesan", max_length=20, choices=MessageKind)
    number = models.PositiveSmallIntegerField("versi")
    title = models.CharField("judul", max_length=150)
    text = models.TextField("isi", max_length=2000)
    recorded_at = models.DateTimeField("ditulis")
    recorded_by = models.ForeignKey(User, verbose_name="oleh", null=True, on_delete=models.PROTECT, related_name="+")

    objects = MessageTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-number"]
        verbose_name = "templat pesan"
        verbose_name_plural = "templat pesan"
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="template_version_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} versi {self.number}"


class ReminderRules(models.Model):
    """The one row of rules: whether the platform writes at all, and when it keeps quiet."""

    enabled = models.BooleanField("Kirim pengingat dan ringkasan", default=True)
    quiet_from = models.TimeField("Jam tenang mulai", default=time(20))
    quiet_until = models.TimeField("Jam tenang selesai", default=time(7))

    class Meta:
        verbose_name = "aturan pengingat"
        verbose_name_plural = "aturan pengingat"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="reminder_rules_one_row"),
            models.CheckConstraint(condition=~Q(quiet_from=F("quiet_until")), name="reminder_quiet_hours_end"),
        ]

    def __str__(self) -> str:
        return f"Jam tenang {self.quiet_from:%H.%M}–{self.quiet_until:%H.%M}"

    @property
    def quiet(self) -> QuietHours:
        return QuietHours(self.quiet_from, self.quiet_until)


class Climb(models.IntegerChoices):
    NEAREST = 0, "Pimpinan dan SDM terdekat"
    NEXT = 1, "Satu tingkat di atasnya"
    SECOND = 2, "Dua tingkat di atasnya"
    THIRD = 3, "Tiga tingkat di atasnya"


class ReminderStep(models.Model):
    """One step of the schedule: so many days before (negative) or after the due date."""

    days = models.SmallIntegerField("hari", unique=True)
    to_officer = models.BooleanField("ingatkan personel", default=True)
    climbs = models.PositiveSmallIntegerField("naik ke", null=True, blank=True, choices=Climb)

    class Meta:
        ordering = ["days"]
        verbose_name = "langkah pengingat"
        verbose_name_plural = "langkah pengingat"
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=-60, days__lte=180), name="reminder_step_within_reach"),
            models.CheckConstraint(condition=Q(climbs=None) | Q(days__gt=0), name="reminder_climbs_when_late"),
        ]

    def __str__(self) -> str:
        return f"{self.days:+d} hari"

    @property
    def step(self) -> Step:
        return Step(days=self.days, to_officer=self.to_officer, climbs=self.climbs)


class RunKind(models.TextChoices):
    REMINDERS = "reminders", "Pengingat"
    DIGESTS = "digests", "Ringkasan"


class ReminderRun(models.Model):
    """The day's messages of a zone are all written: nothing is looked for again until its next day."""

    kind = models.CharField(max_length=10, choices=RunKind)
    zone = models.CharField(max_length=20, choices=Zone)
    day = models.DateField()
    finished_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "zone", "day"], name="reminder_run_once_a_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.zone} {self.day}"


class Message(AppendOnly):
    """What was written to whom about what, word by word. Written once; ``key`` keeps it from being written twice.

    ``unit`` is where the recipient, or the group it was shared with, stood: who reads learning there may see it.
    A text for the group of a unit has no recipient. ``shared_by`` is who sent it by hand.
    """

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField("jenis", max_length=20, choices=MessageKind)
    recipient = models.ForeignKey(
        User, verbose_name="kepada", null=True, on_delete=models.PROTECT, related_name="messages"
    )
    unit = models.ForeignKey(Unit, verbose_name="satuan", on_delete=models.PROTECT, related_name="+")
    duty = models.ForeignKey(Duty, null=True, on_delete=models.PROTECT, related_name="messages")
    step = models.SmallIntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    template = models.ForeignKey(MessageTemplate, verbose_name="templat", on_delete=models.PROTECT, related_name="+")
    title = models.CharField("judul", max_length=300)
    text = models.TextField("isi")
    url = models.CharField("alamat", max_length=200)
    created_at = models.DateTimeField("ditulis", db_index=True)
    shared_by = models.ForeignKey(
        User, verbose_name="dikirim oleh", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        verbose_name = "pesan"
        verbose_name_plural = "pesan"

    def __str__(self) -> str:
        return f"{self.title} ({self.key})"


class Way(models.TextChoices):
    APP = "app", "Pemberitahuan di aplikasi"
    MAIL = "mail", "E-mail"
    HAND = "hand", "Dikirim sendiri"


class DeliveryState(models.TextChoices):
    QUEUED = "queued", "Antre"
    SENDING = "sending", "Sedang dikirim"
    DELIVERED = "delivered", "Terkirim"
    FAILED = "failed", "Gagal"
    UNKNOWN = "unknown", "Tidak pasti"
    DROPPED = "dropped", "Tidak jadi dikirim"


class DeliveryQuerySet(models.QuerySet):
    def newest(self) -> "DeliveryQuerySet":
        """How each message stands on each way: the last row of its log."""
        later = self.model._default_manager.filter(
            message=OuterRef("message"), way=OuterRef("way"), number__gt=OuterRef("number")
        )
        return self.filter(~models.Exists(later))

    def for_list(self) -> "DeliveryQuerySet":
        """One row per message and way with its message, unit and people; rendering asks nothing more."""
        related = self.newest().select_related(
            "message__recipient", "message__unit", "message__template", "message__shared_by"
        )
        return related.order_by("-message_id", "way")


class Delivery(AppendOnly):
    """What happened to a message on one way; ``number`` counts, the highest is how it stands. Written once."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    way = models.CharField("lewat", max_length=4, choices=Way)
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField("keadaan", max_length=10, choices=DeliveryState)
    why = models.CharField("sebab", max_length=300, blank=True)
    at = models.DateTimeField("waktu")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "way", "number"], name="delivery_counts_on")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.way}: {self.state}"


class NoticeQuerySet(models.QuerySet):
    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)

    def for_list(self) -> "NoticeQuerySet":
        return self.select_related("message").order_by("-pk")


class Notice(models.Model):
    """A message in the notification centre of its recipient."""

    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="notice")
    created_at = models.DateTimeField("diterima")
    read_at = models.DateTimeField("dibaca", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = "pemberitahuan"
        verbose_name_plural = "pemberitahuan"
        indexes = [
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["created_at"], name="notice_day"),
        ]

    def __str__(self) -> str:
        return str(self.message)


def current_rules() -> ReminderRules:
    """The rules in force; the defaults where nobody has saved any."""
    return ReminderRules.objects.filter(pk=1).first() or ReminderRules(pk=1)


def current_steps() -> list[Step]:
    return [row.step for row in ReminderStep.objects.all()]


# Where an officer stands, seen from a duty.
POSTING = "officer__posting__"
# More than zones stand apart, less than a day.
SAME_DATE = timedelta(hours=3)


def duties_to_remind(found: Sequence[Window], standing: Q, *, at: datetime) -> models.QuerySet:
    """Open duties that stand at a step and were not told of it, of the officers with a posting that fits ``standing``.

    ``standing`` is a condition over POSTING that one posting of an officer fits at most. Whoever is away at ``at`` with
    a standing clock is left in peace. Each row has ``step``, and ``posting_pk`` and ``zone`` of where the officer
    stands. The ranges are those of ``Window.holds``; what was told is looked for by duty, step and due date, so a moved
    date begins anew, unless it is the same one by the clock of another zone.
    """
    at_step = [When(_holds(window), then=Value(window.days)) for window in found]
    told = Message.objects.filter(
        duty=OuterRef("pk"),
        step=OuterRef("step"),
        due_at__gt=OuterRef("due_at") - SAME_DATE,
        due_at__lt=OuterRef("due_at") + SAME_DATE,
    )
    # Said once more without the zone, so that the index over open due dates is used.
    ranges = Q(pk__in=[])
    for window in found:
        ranges |= Q(due_at__gte=window.due_from, due_at__lt=window.due_until)
    if found:
        # From the first to the last of them, for the index over the dates of one officer's duties.
        ranges &= Q(due_at__gte=min(one.due_from for one in found), due_at__lt=max(one.due_until for one in found))
    rows = _of_who_is_here(ranges & standing, at=at)
    return rows.annotate(step=Case(*at_step, output_field=SmallIntegerField())).filter(
        ~models.Exists(told), step__isnull=False
    )


def duties_asked_again(
    found: Sequence[Window], standing: Q, *, zones: Iterable[str], at: datetime, reach_back: int = REACH_BACK
) -> models.QuerySet:
    """As ``duties_to_remind``, of the next rounds that were opened lately and that nobody was told of yet.

    In ``zones``. What stands at a step of ``found`` is told as that. ``reach_back`` as of ``asked_lately``. ``step``
    is None.
    """
    lately, at_step = Q(pk__in=[]), Q(pk__in=[])
    for window in found:
        at_step |= _holds(window)
    spans = {one: asked_lately(one, at=at, reach_back=reach_back) for one in zones}
    for zone, (since, until) in spans.items():
        lately |= Q(zone=zone, valid_from__gte=since, valid_from__lt=until)
    # Said once more without the zone, as above.
    since, until = min(span[0] for span in spans.values()), max(span[1] for span in spans.values())
    standing &= Q(cycle__gt=1, valid_from__gte=since, valid_from__lt=until)
    rows = _of_who_is_here(standing, at=at).annotate(step=Value(None, output_field=SmallIntegerField()))
    told = Message.objects.filter(duty=OuterRef("pk"))
    return rows.filter(lately, ~at_step, models.Exists(_asking_again()), ~models.Exists(told))


def _asking_again() -> models.QuerySet:
    """The reasons of a duty by which an order that may tell asks once more for what it asked for before."""
    before = DutyReason.objects.filter(
        assignment=OuterRef("assignment"),
        duty__officer=OuterRef("duty__officer"),
        duty__course=OuterRef("duty__course"),
        duty__cycle__lt=OuterRef("duty__cycle"),
    )
    standing = DutyReason.objects.filter(duty=OuterRef("pk"), ended_at=None, assignment__tells=True)
    return standing.filter(models.Exists(before))


def _holds(window: Window) -> Q:
    return Q(zone=window.zone, due_at__gte=window.due_from, due_at__lt=window.due_until) & Q(
        valid_from__lte=F("due_at") + window.after_step
    )


def _of_who_is_here(wanted: Q, *, at: datetime) -> models.QuerySet:
    # Not joined: PostgreSQL then looks at every account, of which nearly all are active.
    switched_off = User.objects.filter(pk=OuterRef("officer__user"), is_active=False)
    rows = Duty.objects.open().filter(wanted, ~models.Exists(switched_off))
    return (
        rows.annotate(posting_pk=F("officer__posting__pk"), zone=F("officer__posting__unit__zone"))
        .exclude(officer__in=Relief.objects.in_force(at=at).filter(kind=ReliefKind.PAUSE).values("officer"))
        .order_by("officer", "pk")
    )
