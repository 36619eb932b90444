"""Somebody else's attempts as SDM, heads, trainers and reviewers read them: states, filters, the timeline in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import models
from django.db.models import Q

from foundation.formats import in_zone, number, zone_label

from .choices import EventKind, QuizRole
from .models import Attempt, AttemptEvent, LateAnswer
from .models.marking import blind_code
from .models.rows import AttemptQuerySet


class SittingState(models.TextChoices):
    """How lists of attempts are narrowed; the words stand in the filter."""

    RUNNING = "berjalan", "Sedang berjalan"
    WAITING = "menunggu", "Menunggu penilaian"
    PASSED = "lulus", "Lulus"
    NOT_PASSED = "belum-lulus", "Belum lulus"
    DISPUTED = "disanggah", "Sanggahan belum dijawab"
    LATE = "terlambat", "Ada jawaban terlambat"
    FALLEN = "turun", "Nilai turun sesudah lulus"


def narrowed(
    attempts: AttemptQuerySet, *, course: str = "", quiz: int | None = None, search: str = "", state: str = ""
) -> AttemptQuerySet:
    """Narrow by course code, quiz (item), part of a name or the beginning of a number, and a SittingState."""
    if course:
        attempts = attempts.filter(enrolment__course__code=course)
    if quiz:
        attempts = attempts.filter(item=quiz)
    if search:
        named = Q(enrolment__officer__name__icontains=search)
        attempts = attempts.filter(named | Q(enrolment__officer__number__startswith=search.replace(" ", "")))
    if state == SittingState.FALLEN:
        return attempts.fallen()
    if state == SittingState.LATE:
        return attempts.filter(pk__in=LateAnswer.objects.undecided().values("response__attempt"))
    conditions = {
        SittingState.RUNNING: Q(submitted_at=None),
        SittingState.WAITING: Q(submitted_at__isnull=False, graded_at=None),
        SittingState.PASSED: Q(passed=True),
        SittingState.NOT_PASSED: Q(passed=False),
        SittingState.DISPUTED: Q(dispute__isnull=False, dispute__reply=None),
    }
    return attempts.filter(conditions[SittingState(state)]) if state else attempts


@dataclass(frozen=True)
class Standing:
    """A state as components/_tag.html draws it."""

    state: str
    label: str


def standings_of(attempt: Attempt) -> list[Standing]:
    """Where an attempt of ``for_sitting_list`` stands, the most important first."""
    found = []
    if attempt.submitted_at is None:
        found.append(Standing("in_progress", SittingState.RUNNING.label))
    elif attempt.graded_at is None:
        found.append(Standing("awaiting_marking", SittingState.WAITING.label))
    elif attempt.version.role == QuizRole.PRETEST:
        found.append(Standing("done", "Selesai"))
    elif attempt.passed:
        found.append(Standing("passed", SittingState.PASSED.label))
    else:
        found.append(Standing("not_passed", SittingState.NOT_PASSED.label))
    dispute = getattr(attempt, "dispute", None)
    if dispute is not None and getattr(dispute, "reply", None) is None:
        found.append(Standing("needs_review", "Disanggah"))
    if getattr(attempt, "has_late", False):
        found.append(Standing("needs_review", "Jawaban terlambat"))
    if attempt.passed is False and getattr(attempt, "completed_item", False):
        found.append(Standing("needs_review", SittingState.FALLEN.label))
    return found


def code_of(attempt: Attempt) -> str:
    """What stands for the officer's name on a blind page."""
    return blind_code(attempt.uuid)


@dataclass(frozen=True)
class TimelineRow:
    """One thing that happened; ``clock`` is 14.03.07 WIB, ``tone`` a class of app.css."""

    at: datetime
    clock: str
    what: str
    who: str
    tone: str


TONES = {
    EventKind.LATE: "late",
    EventKind.TIMED_OUT: "late",
    EventKind.SUPERSEDED: "gold",
    EventKind.DISPUTED: "gold",
    EventKind.SAVED: "good",
    EventKind.SUBMITTED: "now",
    EventKind.GRADED: "now",
    EventKind.REGRADED: "now",
}

# What the officer's own device does is written down without an actor.
BY_THE_OFFICER = {EventKind.OPENED, EventKind.SAVED, EventKind.SUPERSEDED, EventKind.LATE, EventKind.REVEALED}


def timeline(events: Iterable[AttemptEvent], *, owner_id: int, zone: str, blind: bool) -> list[TimelineRow]:
    """The events in words, on the clock of ``zone``. ``owner_id`` is the officer's user; a blind page names nobody."""
    return [
        TimelineRow(
            at=event.at,
            clock=f"{in_zone(event.at, zone):%H.%M.%S} {zone_label(zone)}",
            what=_words(event),
            who=_who(event, owner_id, blind),
            tone=TONES.get(EventKind(event.kind), ""),
        )
        for event in events
    ]


def _who(event: AttemptEvent, owner_id: int, blind: bool) -> str:
    if event.actor is None:
        return "personel" if event.kind in BY_THE_OFFICER else "sistem"
    if event.actor_id == owner_id:
        return "personel"
    return "petugas" if blind or event.actor is None else event.actor.name


def _words(event: AttemptEvent) -> str:
    kind, detail = EventKind(event.kind), event.detail
    words: str = kind.label
    if kind == EventKind.SAVED and not detail.get("answered", True):
        words = "Jawaban dikosongkan"
    if event.position:
        words = f"Soal {event.position}: {words[0].lower()}{words[1:]}"
    if kind == EventKind.OPENED:
        words = f"{words} (pembukaan ke-{event.epoch})"
    elif event.sequence is not None:
        words = f"{words} (perangkat {event.epoch}, urutan {event.sequence})"
    if "before" in detail:
        return f"{words}: {_grade(detail['before'])} menjadi {_grade(detail['grade'])}"
    if "grade" in detail:
        return f"{words}: {_grade(detail['grade'])}"
    if kind == EventKind.STARTED and "version" in detail:
        return f"{words}, versi {detail['version']}"
    if kind == EventKind.EXTENDED and "minutes" in detail:
        return f"{words} {detail['minutes']} menit"
    if kind == EventKind.DISPUTE_REPLIED:
        changed = ", ".join(str(position) for position in detail.get("changed", []))
        return f"{words}: nilai soal {changed} diubah" if changed else f"{words}: hasil tetap"
    return words


def _grade(text: str) -> str:
    return number(Decimal(text))
