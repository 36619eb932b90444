"""How long a completion holds, by months or by the calendar, and when the next round is asked for."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from courses.models import Course, CourseVersion
from enrolments.expiry import expires_at
from enrolments.models import CourseCompletion, Duty
from enrolments.services import renew_duties, start_course
from foundation.formats import date_medium
from organisation.models import Zone
from tests.clock import NOON
from tests.courses.helpers import published_course_page
from tests.factories.certificates import issued
from tests.factories.courses import published_course
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import OfficerFactory, UnitFactory
from tests.signing_in import sign_in

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
NEW_YEARS_EVE = date(2026, 12, 31)
WIB = ZoneInfo(Zone.WIB)


def version(**validity) -> CourseVersion:
    return CourseVersion(**validity)


def last_day(rule: CourseVersion, *moment: int, zone=Zone.WIB) -> date:
    """The last day on which what is completed at that moment of the zone's clock holds."""
    ends = expires_at(rule, completed_at=datetime(*moment, tzinfo=ZoneInfo(zone)), zone=zone)
    return ends.astimezone(ZoneInfo(zone)).date()


# --- the rule, without a database ---------------------------------------------


def test_months_count_from_the_moment_of_completing():
    assert expires_at(version(validity_months=12), completed_at=NOON, zone=Zone.WIT) == NOON.replace(year=2027)


@pytest.mark.parametrize("zone", Zone)
def test_six_months_from_six_in_the_morning_on_the_first_of_may_last_until_the_first_of_november(db, zone):
    officer = OfficerFactory(posting__unit=UnitFactory(zone=zone))
    at = datetime(2026, 5, 1, 6, tzinfo=ZoneInfo(zone)).astimezone(UTC)

    completion = completed(officer, published_course(lessons=1, posttest=False, validity_months=6), at=at)

    assert date_medium(completion.expires_at, zone) == "1 November 2026"


def test_neither_months_nor_a_cycle_holds_for_good():
    assert expires_at(version(), completed_at=NOON, zone=Zone.WIB) is None


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        (Zone.WIB, datetime(2026, 12, 31, 17, tzinfo=UTC)),
        (Zone.WITA, datetime(2026, 12, 31, 16, tzinfo=UTC)),
        (Zone.WIT, datetime(2026, 12, 31, 15, tzinfo=UTC)),
    ],
)
def test_a_calendar_cycle_ends_at_midnight_on_the_clock_of_the_unit(zone, midnight):
    yearly = version(cycle_ends_on=NEW_YEARS_EVE)

    assert expires_at(yearly, completed_at=datetime(2026, 6, 1, tzinfo=UTC), zone=zone) == midnight - SECOND


def test_a_day_is_the_day_of_the_unit_and_not_of_greenwich():
    yearly = version(cycle_ends_on=NEW_YEARS_EVE, renewal_days=1)
    past_midnight_in_jayapura = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)

    in_jayapura = expires_at(yearly, completed_at=past_midnight_in_jayapura, zone=Zone.WIT)

    assert in_jayapura == datetime(2027, 12, 31, 15, tzinfo=UTC) - SECOND


def test_who_completes_before_the_window_is_done_for_this_cycle_and_within_it_for_the_next():
    yearly = version(cycle_ends_on=NEW_YEARS_EVE)

    assert last_day(yearly, 2026, 1, 1) == date(2026, 12, 31)
    assert last_day(yearly, 2026, 11, 1, 23, 59, 58) == date(2026, 12, 31)
    assert last_day(yearly, 2026, 11, 1, 23, 59, 59) == date(2027, 12, 31)
    assert last_day(yearly, 2026, 12, 20) == date(2027, 12, 31)
    assert last_day(yearly, 2026, 12, 31, 23, 59, 59) == date(2027, 12, 31)


def test_a_cycle_may_take_several_years_and_reaches_back_before_the_day_that_the_author_gave():
    every_third = version(cycle_ends_on=date(2027, 6, 30), cycle_years=3)

    assert last_day(every_third, 2025, 8, 17) == date(2027, 6, 30)
    assert last_day(every_third, 2027, 7, 1) == date(2030, 6, 30)
    assert last_day(every_third, 2024, 6, 30) == date(2027, 6, 30)
    assert last_day(every_third, 2024, 2, 1) == date(2024, 6, 30)


def test_the_29th_of_february_is_the_28th_in_other_years_and_comes_back():
    leap = version(cycle_ends_on=date(2028, 2, 29))

    assert last_day(leap, 2026, 5, 1) == date(2027, 2, 28)
    assert last_day(leap, 2027, 5, 1) == date(2028, 2, 29)
    assert last_day(leap, 2028, 5, 1) == date(2029, 2, 28)


@pytest.mark.parametrize(
    ("validity", "days"),
    [
        ({}, 60),
        ({"validity_months": 24}, 60),
        ({"validity_months": 12, "renewal_days": 90}, 90),
        ({"validity_months": 1}, 15),
        ({"cycle_ends_on": NEW_YEARS_EVE, "renewal_days": 300}, 182),
    ],
)
def test_the_window_is_what_the_author_says_but_never_more_than_half_of_what_holds(validity, days):
    assert version(**validity).renewal_window == timedelta(days=days)


@pytest.mark.parametrize(
    ("validity", "words"),
    [
        ({}, "tanpa batas waktu"),
        ({"validity_months": 24}, "24 bulan"),
        ({"cycle_ends_on": NEW_YEARS_EVE}, "sampai 31 Desember tiap tahun"),
        ({"cycle_ends_on": NEW_YEARS_EVE, "cycle_years": 2}, "sampai 31 Desember 2026, lalu tiap 2 tahun"),
    ],
)
def test_each_rule_has_its_words(validity, words):
    assert version(**validity).validity_words == words


# --- rounds -------------------------------------------------------------------


def owed(course) -> list[tuple[int, datetime]]:
    return [(duty.cycle, duty.due_at) for duty in Duty.objects.open().filter(course=course)]


def finished(course, *, at, zone=Zone.WIB) -> CourseCompletion:
    """Somebody under a standing order who completed ``course``."""
    officer = OfficerFactory(posting__unit=UnitFactory(zone=zone))
    assigned(course, officer.postings.get().unit, follows=True, at=at - DAY)
    return completed(officer, course, at=at)


def has_published(course, **validity) -> Course:
    """What the author publishes next: the same course by another rule."""
    return published_course(course=course, **validity)


def test_who_finishes_on_20_december_is_not_asked_again_on_31_december(db):
    course = published_course(validity_months=0, cycle_ends_on=NEW_YEARS_EVE)
    row = finished(course, at=datetime(2026, 12, 20, 9, tzinfo=WIB))

    renew_duties(at=datetime(2026, 12, 31, 12, tzinfo=WIB))
    renew_duties(at=datetime(2027, 1, 1, 0, 30, tzinfo=WIB))

    assert row.expires_at == datetime(2027, 12, 31, 23, 59, 59, tzinfo=WIB)
    assert owed(course) == []


@pytest.mark.parametrize("zone", [Zone.WIB, Zone.WITA, Zone.WIT])
def test_the_round_that_is_asked_within_the_window_counts_for_the_next_year(db, zone):
    course = published_course(validity_months=0, cycle_ends_on=NEW_YEARS_EVE)
    first = finished(course, at=datetime(2026, 3, 1, tzinfo=UTC), zone=zone)
    opens = first.expires_at - 60 * DAY
    assert renew_duties(at=opens - SECOND) == 0

    assert renew_duties(at=opens) == 1

    assert owed(course) == [(2, first.expires_at)]
    start_course(officer=first.officer, course=course, actor=first.officer.user, at=opens)
    completed(first.officer, course, at=opens)
    second = CourseCompletion.objects.get(cycle=2)
    assert second.expires_at.astimezone(ZoneInfo(zone)) == datetime(2027, 12, 31, 23, 59, 59, tzinfo=ZoneInfo(zone))
    assert renew_duties(at=first.expires_at + HOUR) == 0


def test_a_course_of_one_month_is_not_asked_again_at_once(db):
    course = published_course(validity_months=1)
    row = finished(course, at=NOON)

    renew_duties(at=NOON + SECOND)
    assert owed(course) == []
    renew_duties(at=row.expires_at - 15 * DAY)

    assert owed(course) == [(2, row.expires_at)]


def test_each_course_is_asked_again_in_its_own_time(db):
    early, late = published_course(validity_months=12, renewal_days=90), published_course(validity_months=12)
    ends = finished(early, at=NOON).expires_at
    finished(late, at=NOON)
    renew_duties(at=ends - 91 * DAY)

    # A tick that looks at what came within reach since the last one, and not at everything.
    renew_duties(at=ends - 91 * DAY + HOUR)
    renew_duties(at=ends - 90 * DAY)

    assert (owed(early), owed(late)) == ([(2, ends)], [])


def test_the_window_of_the_version_in_force_decides_also_for_who_finished_an_earlier_one(db):
    course = published_course(validity_months=12)
    row = finished(course, at=NOON)
    has_published(course, validity_months=12, renewal_days=20)

    renew_duties(at=row.expires_at - 30 * DAY)
    assert owed(course) == []
    renew_duties(at=row.expires_at - 20 * DAY)

    assert owed(course) == [(2, row.expires_at)]


def test_an_author_who_changes_the_rule_rewrites_no_cycle_that_is_done(db):
    course = published_course(validity_months=12)
    certificate = issued(course=course)
    before = certificate.completion.expires_at

    has_published(course, validity_months=0, cycle_ends_on=NEW_YEARS_EVE)
    later = issued(course=course, at=NOON + HOUR)

    certificate.refresh_from_db()
    certificate.completion.refresh_from_db()
    assert certificate.completion.expires_at == certificate.expires_at == before == NOON.replace(year=2027)
    assert later.completion.expires_at == datetime(2027, 12, 31, 23, 59, 59, tzinfo=WIB)


# --- what the officer reads ---------------------------------------------------


@pytest.mark.parametrize("zone", [Zone.WIB, Zone.WITA, Zone.WIT])
def test_the_certificate_names_the_last_day_of_the_cycle(db, zone):
    course = published_course(validity_months=0, cycle_ends_on=NEW_YEARS_EVE)

    certificate = issued(course=course, unit=UnitFactory(zone=zone), at=datetime(2026, 5, 1, tzinfo=UTC))

    assert certificate.wording["validity"] == "Berlaku sampai 31 Desember 2026"


def course_page(course: Course, officer) -> str:
    return " ".join(sign_in(Client(), officer.user).get(course.url).content.decode().split())


def test_the_course_page_tells_the_rule_and_what_finishing_today_would_bring(db):
    course = published_course_page(validity_months=0, cycle_ends_on=NEW_YEARS_EVE, self_enrolment=True).course

    with time_machine.travel(NOON, tick=False):
        page = course_page(course, OfficerFactory())

    assert "Sertifikatnya berlaku sampai 31 Desember tiap tahun." in page
    assert "mengulang mulai 60 hari sebelum berakhir; yang selesai sejak itu berlaku sampai akhir siklus" in page
    assert "Bila Anda selesai hari ini, sertifikatnya berlaku sampai 31 Desember 2027." in page


def test_who_has_finished_reads_no_more_what_finishing_today_would_bring(db):
    course = published_course_page(validity_months=24).course
    officer = OfficerFactory()
    completed(officer, course)

    page = course_page(course, officer)

    assert "Sertifikatnya berlaku 24 bulan." in page
    assert "Bila Anda selesai hari ini" not in page
