"""The start page of the CMS leads to the next thing to do."""

import pytest

from organisation.models import Role
from tests.courses.helpers import author, lesson_draft, published_course_page, signed_in
from tests.factories.courses import CoursePageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


def test_a_trainer_finds_every_course_with_its_state():
    published_course_page(lessons=1, title="Etika", code="C1")
    CoursePageFactory(title="Komunikasi", code="C2", live=False)

    page = signed_in(author(Role.TRAINER)).get("/admin/").content.decode()

    assert "C1 Etika" in page
    assert "C2 Komunikasi" in page
    assert "Draf" in page


def test_a_reviewer_finds_what_waits_for_the_review():
    lesson = lesson_draft(published_course_page(lessons=1), title="Menyapa dengan hormat")
    lesson.save_revision()
    lesson.get_workflow().start(lesson, author(Role.TRAINER))

    assert "Menyapa dengan hormat" in signed_in(author(Role.REVIEWER)).get("/admin/").content.decode()
