"""What somebody took is never deleted; it is archived."""

import pytest
from django.db import transaction

from courses import usage
from courses.exceptions import DeletionRefused
from courses.models import Course, CoursePage, LessonPage
from organisation.models import Role
from tests.clock import NOON
from tests.courses.helpers import author, publish, published_course_page, signed_in
from tests.factories.courses import CoursePageFactory
from tests.factories.enrolments import EnrolmentFactory

pytestmark = pytest.mark.django_db


def test_a_course_that_somebody_took_is_not_deleted_and_archiving_is_offered():
    course_page = published_course_page()
    EnrolmentFactory(course=course_page.course)

    with pytest.raises(DeletionRefused, match=r"1 personel.*Arsipkan"), transaction.atomic():
        course_page.delete()

    assert CoursePage.objects.filter(pk=course_page.pk).exists()


def test_a_published_course_is_withdrawn_before_it_is_deleted():
    with pytest.raises(DeletionRefused, match="Batalkan terbitnya"):
        published_course_page().delete()


def test_the_row_of_a_deleted_course_stays_and_keeps_its_code():
    course_page = published_course_page(code="C1")
    course_page.unpublish()
    for lesson in LessonPage.objects.all():
        lesson.unpublish()

    CoursePage.objects.get().delete()

    course = Course.objects.get(code="C1")
    assert course.archived_at
    assert not Course.objects.published().exists()


def test_a_draft_that_nobody_published_disappears_completely():
    CoursePageFactory()

    CoursePage.objects.get().delete()

    assert not Course.objects.exists()


def test_a_reviewer_archives_a_course_from_the_cms():
    course_page = published_course_page()
    client = signed_in(author(Role.REVIEWER))
    url = f"/admin/arsipkan/{course_page.pk}/"

    assert "hilang dari katalog" in client.get(url).content.decode()
    client.post(url)

    course = Course.objects.get()
    assert course.archived_at
    assert not CoursePage.objects.get().live


def test_a_trainer_cannot_archive():
    course_page = published_course_page()

    response = signed_in(author(Role.TRAINER)).post(f"/admin/arsipkan/{course_page.pk}/")

    assert response.status_code == 302
    assert CoursePage.objects.get().live


def test_publishing_an_archived_course_opens_it_again():
    course_page = published_course_page()
    course_page.unpublish()

    publish(CoursePage.objects.get())

    assert Course.objects.published().get() == course_page.course


def test_the_cms_answers_a_refused_deletion_with_a_sentence():
    course_page = published_course_page(lessons=1)
    EnrolmentFactory(course=course_page.course, started_at=NOON)
    lesson = LessonPage.objects.get()
    client = signed_in(author(Role.REVIEWER))

    with transaction.atomic():
        client.post(f"/admin/pages/{lesson.pk}/delete/")
        transaction.set_rollback(True)

    assert "sedang terbit" in client.get("/admin/").content.decode()
    assert LessonPage.objects.exists()


def test_nobody_took_a_course_that_no_room_counts():
    assert usage.takers(published_course_page().course) == 0
