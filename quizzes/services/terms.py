"""What the rules of a quiz come to for one officer: accommodations, granted attempts and outages counted in."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import BigIntegerField, CharField, UUIDField

from enrolments.models import Enrolment
from enrolments.overview import posting_of, zone_of
from foundation.formats import date_long, day_of, time_zone
from foundation.prepared import PreparedRows, Slot
from organisation.models import PATH_STEP, Posting
from quizzes.clockwork import Span, closing
from quizzes.exceptions import (
    AttemptLimitReached,
    AttemptRefused,
    MarkingPending,
    QuizClosed,
    QuizNotOpen,
    RetryTooSoon,
)
from quizzes.models import Accommodation, Attempt, Outage, QuizVersion


@dataclass(frozen=True)
class Allowance:
    """How many attempts were used of how many; ``total`` None means without limit.

    ``unmarked`` of them may still turn out to be passed: a person has to mark them first.
    """

    used: int
    total: int | None
    unmarked: int = 0

    @property
    def left(self) -> int | None:
        return None if self.total is None else max(self.total - self.used, 0)

    @property
    def words(self) -> str:
        return "tidak dibatasi" if self.total is None else f"{self.left} dari {self.total}"


@dataclass(frozen=True)
class Terms:
    """The window, time and attempts of one officer at one quiz, as they stand at one moment.

    ``minutes`` 0 is no time limit; ``next_at`` is when the waiting time ends; ``paused`` says that an
    outage holds the clocks, ``passed`` that nothing is left to prove.
    """

    opens_at: datetime | None
    closes_at: datetime | None
    minutes: int
    allowance: Allowance
    next_at: datetime | None
    paused: bool
    passed: bool

    def obstacle(self, *, at: datetime) -> str:
        """What keeps the next attempt from being opened; empty when nothing does.

        ``early``, ``closed``, ``marking`` (the last one may have been passed), ``used_up`` or ``wait``.
        """
        if self.opens_at and at < self.opens_at:
            return "early"
        if self.closes_at and at >= self.closes_at:
            return "closed"
        if self.allowance.unmarked:
            return "marking"
        if self.allowance.left == 0:
            return "used_up"
        return "wait" if self.next_at and at < self.next_at else ""

    def refusal(self, *, at: datetime, zone: str) -> AttemptRefused | None:
        """The obstacle as a sentence for the officer, who lives in ``zone``."""
        obstacle = self.obstacle(at=at)
        if obstacle == "early" and self.opens_at:
            return QuizNotOpen(_when(self.opens_at, at=at, zone=zone))
        if obstacle == "closed" and self.closes_at:
            return QuizClosed(_when(self.closes_at, at=at, zone=zone))
        if obstacle == "marking":
            return MarkingPending()
        if obstacle == "used_up":
            return AttemptLimitReached()
        if obstacle == "wait" and self.next_at:
            in_vain = self.closes_at is not None and self.next_at >= self.closes_at
            return RetryTooSoon(_when(self.next_at, at=at, zone=zone), in_vain=in_vain)
        return None


def _when(moment: datetime, *, at: datetime, zone: str) -> str:
    """``pukul 14.30 WIB``, with the day before it when it is not today."""
    hour = f"pukul {time_zone(moment, zone)}"
    return hour if day_of(moment, zone) == day_of(at, zone) else f"{date_long(moment, zone)} {hour}"


NEWEST = PreparedRows(
    lambda: (
        QuizVersion.objects.newest()
        .select_related("item__course__current_version")
        .filter(item__uuid=Slot("item", UUIDField()))
    )
)
ACCOMMODATIONS = PreparedRows(
    lambda: Accommodation.objects.filter(
        officer=Slot("officer", BigIntegerField()), item=Slot("item", BigIntegerField())
    ).order_by("-pk")
)
ATTEMPTS = PreparedRows(
    lambda: (
        Attempt.objects.filter(enrolment=Slot("enrolment", BigIntegerField()), item=Slot("item", BigIntegerField()))
        .select_related("grant")
        .order_by("number")
    )
)


def newest_version(item: UUID) -> QuizVersion | None:
    """The version that attempts start on, with item and course; None for an item that was never a quiz."""
    return NEWEST.first(item=item)


def accommodation_of(officer_id: int, item_id: int) -> Accommodation | None:
    """The one that counts: the newest."""
    return ACCOMMODATIONS.first(officer=officer_id, item=item_id)


def attempts_at(enrolment: Enrolment, item_id: int) -> list[Attempt]:
    """Every attempt of one officer at one quiz with what granted a further one, the first one first."""
    return list(ATTEMPTS.rows(enrolment=enrolment.pk, item=item_id))


def terms_of(
    enrolment: Enrolment, version: QuizVersion, *, at: datetime, attempts: list[Attempt] | None = None
) -> Terms:
    """Read the terms of ``version`` for one officer; ``attempts`` are those of ``attempts_at``, where they are read."""
    accommodation = accommodation_of(enrolment.officer_id, version.item_id)
    if attempts is None:
        attempts = attempts_at(enrolment, version.item_id)
    counting = [attempt for attempt in attempts if attempt.set_aside_by_id is None]
    closes_at = latest_closing(version, accommodation)
    minutes = minutes_of(version, accommodation)
    spans: list[Span] = []
    if closes_at or minutes:
        spans = outages_of(enrolment.officer_id)
    return Terms(
        opens_at=version.opens_at,
        closes_at=closes_at and closing(closes_at, spans, at=at),
        minutes=minutes,
        allowance=_allowance(attempts, counting, version, accommodation),
        next_at=_next_at(counting, version),
        paused=any(start <= at and end is None for start, end in spans),
        passed=any(attempt.passed for attempt in counting),
    )


def refuse_unless_open(enrolment: Enrolment, terms: Terms, *, at: datetime) -> None:
    """Raise the AttemptRefused that tells the officer when to come again, or whom to ask."""
    # Where the officer stands is asked only when there is something to say.
    if terms.obstacle(at=at) and (refusal := terms.refusal(at=at, zone=zone_of(posting_of(enrolment.officer, at=at)))):
        raise refusal


def latest_closing(version: QuizVersion, accommodation: Accommodation | None) -> datetime | None:
    """When the window of ``version`` ends for the officer; an accommodation only ever makes it later."""
    if version.closes_at is None:
        return None
    return max(version.closes_at, (accommodation and accommodation.closes_at) or version.closes_at)


def minutes_of(version: QuizVersion, accommodation: Accommodation | None) -> int:
    """The time limit of one attempt; what has no limit needs no more time."""
    if not version.time_limit_minutes:
        return 0
    return version.time_limit_minutes + (accommodation.extra_minutes if accommodation else 0)


def outages_met(officer_ids: Collection[int]) -> dict[int, list[Span]]:
    """Officer id → the outages of the units above the place where the officer stood when each began."""
    stays = defaultdict(list)
    postings = Posting.objects.filter(officer__in=officer_ids).values_list("officer", *STAY)
    for officer_id, *stay in postings:
        stays[officer_id].append(tuple(stay))
    above = _paths_above(stay for of_officer in stays.values() for stay in of_officer)
    outages = list(Outage.objects.filter(unit__path__in=above).values_list(*OUTAGE))
    return {officer_id: _met(of_officer, outages) for officer_id, of_officer in stays.items()}


def outages_of(officer_id: int) -> list[Span]:
    """The same for one officer, whom every step of an attempt asks about."""
    stays = list(STAYS.tuples(officer=officer_id))
    above = _paths_above(stays)
    # Most officers have one posting, and a unit stands four deep.
    asked = [above[start : start + len(PATHS)] for start in range(0, len(above), len(PATHS))]
    filled = [dict.fromkeys(PATHS, paths[0]) | dict(zip(PATHS, paths, strict=False)) for paths in asked]
    return _met(stays, [outage for paths in filled for outage in OUTAGES.tuples(**paths)])


STAY = ("valid_from", "valid_to", "unit__path")
OUTAGE = ("unit__path", "starts_at", "ends_at")
PATHS = [f"path_{place}" for place in range(12)]
STAYS = PreparedRows(lambda: Posting.objects.filter(officer=Slot("officer", BigIntegerField())).values_list(*STAY))
OUTAGES = PreparedRows(
    lambda: Outage.objects.filter(unit__path__in=[Slot(name, CharField()) for name in PATHS]).values_list(*OUTAGE)
)


def _paths_above(stays: Iterable[tuple]) -> list[str]:
    """The paths of the units where somebody stood, and of all above them."""
    return sorted({path[:end] for _since, _until, path in stays for end in range(PATH_STEP, len(path) + 1, PATH_STEP)})


def _met(stays: Collection[tuple], outages: Iterable[tuple]) -> list[Span]:
    return [
        (starts_at, ends_at)
        for unit_path, starts_at, ends_at in outages
        if any(
            since <= starts_at and (until is None or starts_at < until) and path.startswith(unit_path)
            for since, until, path in stays
        )
    ]


def _allowance(
    attempts: list[Attempt], counting: list[Attempt], version: QuizVersion, accommodation: Accommodation | None
) -> Allowance:
    """Count the attempts of one officer at one quiz; what SDM granted adds to the limit of ``version``."""
    # Only where something hangs on the result: one may practise while another sheet is being marked.
    unmarked = sum(attempt.awaits_marking for attempt in counting) if version.pass_mark is not None else 0
    if not version.max_attempts:
        return Allowance(len(counting), None, unmarked)
    granted = sum(hasattr(attempt, "grant") for attempt in attempts)
    extra = accommodation.extra_attempts if accommodation else 0
    return Allowance(len(counting), version.max_attempts + granted + extra, unmarked)


def _next_at(counting: list[Attempt], version: QuizVersion) -> datetime | None:
    """The end of the waiting time after the last attempt; an attempt that an outage cost asks for none."""
    if not version.wait_minutes:
        return None
    last = next((attempt for attempt in reversed(counting) if attempt.submitted_at), None)
    if last is None or last.submitted_at is None or (hasattr(last, "grant") and last.grant.outage_id):
        return None
    return last.submitted_at + timedelta(minutes=version.wait_minutes)
