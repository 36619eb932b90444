"""An officer learns a path in its order: what is locked, what opens it, what the pages show."""

import pytest

from enrolments.exceptions import CourseNotOpen
from enrolments.models import Enrolment
from enrolments.overview import home
from enrolments.services import start_course
from tests.clock import NOON
from tests.enrolments.path_scene import learn
from tests.factories.courses import published_course, site_catalog
from tests.factories.enrolments import assigned
from tests.factories.paths import path_assigned
from tests.factories.reliefs import exempted

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


def test_a_course_whose_prerequisite_is_open_is_locked_and_says_what_comes_first(officer, unit, version, courses):
    path_assigned(version, unit)

    with pytest.raises(CourseNotOpen, match=f"Selesaikan dahulu “{courses[0].title}”"):
        start_course(officer=officer, course=courses[1], actor=officer.user, at=NOON)
    assert not Enrolment.objects.exists()


def test_it_opens_when_what_comes_first_is_done(officer, unit, version, courses):
    path_assigned(version, unit)

    learn(officer, courses[0])

    assert start_course(officer=officer, course=courses[1], actor=officer.user, at=NOON)


def test_what_another_order_asks_for_directly_is_not_locked(officer, unit, version, courses):
    path_assigned(version, unit)
    assigned(courses[1], unit)

    assert start_course(officer=officer, course=courses[1], actor=officer.user, at=NOON)


def test_an_exempt_course_holds_nothing_up(officer, unit, version, courses):
    path_assigned(version, unit)

    exempted(officer, courses[0])

    assert start_course(officer=officer, course=courses[1], actor=officer.user, at=NOON)


def test_the_start_page_shows_a_path_as_one_thing_with_its_next_step(officer, unit, version, courses):
    path_assigned(version, unit)
    alone = published_course()
    assigned(alone, unit)
    learn(officer, courses[0])

    shown = home(officer, at=NOON, year=2026)

    assert [path.words for path in shown.paths] == [f"1 dari 4 selesai, berikutnya: {courses[1].title}"]
    assert [standing.course for standing in shown.alone] == [alone]


def test_the_pages_of_a_path_show_what_is_locked_and_why(client, officer, unit, version, courses):
    order = path_assigned(version, unit)
    client.force_login(officer.user)

    page = client.get(order.url).content.decode()

    assert f"Selesaikan dahulu “{courses[0].title}”" in page
    assert "Sprin/119/XI/2026" in page
    assert "Belum selesai: 0 dari 4. Kurang:" in page
    site_catalog()
    start = client.get("/").content.decode()
    assert f"0 dari 4 selesai, berikutnya: {courses[0].title}" in start
    assert start.count(order.url) == 1
