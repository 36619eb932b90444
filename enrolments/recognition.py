"""When training done elsewhere counts: the rule, asked when it is wanted and again when it is approved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from courses.models import Course
from foundation.formats import date_medium
from organisation.models import Officer, Posting, Zone

from .calendar import day_start
from .expiry import expires_at
from .models import CourseCompletion

# What is older is a slip of the finger.
FIRST_DAY = date(1980, 1, 1)
ORGANISER_LENGTH, DOCUMENT_LENGTH = 150, 80


@dataclass(frozen=True)
class Past:
    """One training done elsewhere. ``day`` is meant on the clock of where the officer then stood."""

    officer: Officer
    course: Course
    day: date
    organiser: str
    document_number: str
    jp: Decimal | None = None


@dataclass(frozen=True)
class Known:
    """What is recorded about the officers of some ``Past``: newest completions, and places with the oldest first."""

    completions: Mapping[tuple[int, int], CourseCompletion]
    postings: Mapping[int, Sequence[Posting]]

    @classmethod
    def about(cls, officers: Iterable[int]) -> "Known":
        ids = sorted(set(officers))
        standing = CourseCompletion.objects.standing().filter(officer__in=ids).order_by("completed_at", "pk")
        postings: dict[int, list[Posting]] = {}
        rows = Posting.objects.filter(officer__in=ids).select_related("unit", "rank").order_by("valid_from", "pk")
        for posting in rows:
            postings.setdefault(posting.officer_id, []).append(posting)
        return cls({(row.officer_id, row.course_id): row for row in standing}, postings)

    def posting_of(self, past: Past) -> Posting:
        """Where the officer stood on that day; before the first recorded place, that one."""
        places = self.postings[past.officer.pk]
        begun = [place for place in places if place.valid_from < day_start(past.day + timedelta(days=1), Zone.WIB)]
        return begun[-1] if begun else places[0]

    def completed_at(self, past: Past) -> datetime:
        return day_start(past.day, self.posting_of(past).unit.zone)

    def expires_at(self, past: Past) -> datetime | None:
        zone = self.posting_of(past).unit.zone
        return expires_at(past.course.version, completed_at=self.completed_at(past), zone=zone)

    def problem(self, past: Past, *, at: datetime) -> tuple[str, str] | None:
        """(column, sentence) when it cannot be recognised; None when it can."""
        if past.day < FIRST_DAY or self.completed_at(past) > at:
            return "day", "Tanggal selesai harus sudah lewat. Periksa tahunnya."
        expires_at = self.expires_at(past)
        if expires_at and expires_at <= at:
            until = date_medium(expires_at, self.posting_of(past).unit.zone)
            return "day", f"Masa berlakunya habis {until}, jadi pelatihan ini harus diulang dan tidak diakui."
        newer = self.completions.get((past.officer.pk, past.course.pk))
        if newer and newer.completed_at >= self.completed_at(past):
            return "course", (
                f"Sudah tercatat selesai {date_medium(newer.completed_at, newer.unit.zone)}, sama atau lebih baru."
            )
        return None
