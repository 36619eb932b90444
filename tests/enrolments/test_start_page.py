"""What now, by when, how far: the officer's start page."""

from datetime import timedelta

import pytest
import time_machine

from enrolments.models import Duty
from organisation.models import Role, Zone
from tests.clock import NOON
from tests.factories.courses import published_course, site_catalog
from tests.factories.enrolments import DutyFactory, EnrolmentFactory, completed
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


@pytest.fixture(autouse=True)
def site():
    site_catalog()
    with time_machine.travel(NOON, tick=False):
        yield


def start_page(client, officer) -> str:
    sign_in(client, officer.user)
    return client.get("/").content.decode()


def test_a_visitor_is_offered_to_sign_in_activate_or_verify(client):
    page = client.get("/").content.decode()

    assert all(address in page for address in ("/masuk/", "/aktivasi/", "/verifikasi/"))


def test_the_next_step_is_the_duty_that_is_due_first(client):
    officer = OfficerFactory()
    DutyFactory(officer=officer, due_at=NOON + timedelta(days=9))
    urgent = DutyFactory(officer=officer, due_at=NOON + timedelta(days=2))

    page = start_page(client, officer)

    assert f"Mulai: {urgent.course.title}" in page


def test_a_duty_behind_its_date_says_by_how_many_days(client):
    duty = DutyFactory(due_at=NOON - timedelta(days=2))

    assert "Lewat 2 hari" in start_page(client, duty.officer)


def test_the_due_time_stands_in_the_units_zone_with_its_label(client):
    officer = OfficerFactory(posting__unit=UnitFactory(zone=Zone.WIT))
    DutyFactory(officer=officer, due_at=NOON.replace(hour=14, minute=59))

    assert "23.59 WIT" in start_page(client, officer)


def test_who_has_begun_continues_with_the_first_unread_lesson(client):
    enrolment = EnrolmentFactory(course=published_course(lessons=2))

    page = start_page(client, enrolment.officer)

    assert f"Lanjutkan: {enrolment.course.title}" in page
    assert f"{enrolment.course.url}materi-1/" in page


def test_a_finished_course_counts_its_jp(client):
    officer = OfficerFactory()
    completed(officer, published_course(jp=4))

    page = start_page(client, officer)

    assert "Semua kewajiban Anda sudah selesai" in page
    assert '<strong class="big">4</strong>' in page


def test_an_officer_without_any_course_is_told_where_courses_come_from(client):
    assert "Penugasan dari Bag SDM akan muncul di sini" in start_page(client, OfficerFactory())


def test_starting_a_course_leads_straight_to_its_first_item(client):
    duty = DutyFactory()
    sign_in(client, duty.officer.user)

    answer = client.post(f"/pelatihan/{duty.course.slug}/mulai/")

    assert answer.headers["Location"] == f"{duty.course.url}materi-1/"


def test_marking_the_last_lesson_of_a_course_without_quiz_completes_it(client):
    enrolment = EnrolmentFactory(course=published_course(lessons=1, posttest=False))
    DutyFactory(officer=enrolment.officer, course=enrolment.course)
    sign_in(client, enrolment.officer.user)
    lesson = enrolment.course.current_version.version_items.get().item

    client.post(f"/belajar/{lesson.uuid}/selesai/")

    assert Duty.objects.get(officer=enrolment.officer).is_done


def test_staff_without_courses_of_their_own_begin_at_their_desk(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    administrator = RoleGrantFactory(role=Role.ADMINISTRATOR, unit=UnitFactory()).user
    sign_in(client, administrator)

    assert client.get("/").headers["Location"] == "/sdm/"


@pytest.mark.parametrize("courses", [1, 4])
def test_the_start_page_asks_the_database_the_same_however_many_courses(client, courses, django_assert_max_num_queries):
    officer = OfficerFactory()
    for _ in range(courses):
        DutyFactory(officer=officer)
        EnrolmentFactory(officer=officer)
    sign_in(client, officer.user)
    client.get("/")

    # session, user, usersession, site root (3), officer, roles, posting, courses, duties, enrolments, completions,
    # version items, item completions, JP
    with django_assert_max_num_queries(18):
        client.get("/")
