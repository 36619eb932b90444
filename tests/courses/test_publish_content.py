"""Publishing compiles: what goes live becomes rows that never change, or nothing goes live at all."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from courses.exceptions import CompileRefused, MoveRefused, WithdrawalRefused
from courses.models import Course, CourseItem, CoursePage, CourseVersion, LessonPage
from courses.services import publish_due_pages
from foundation.models import AuditEvent
from tests.courses.helpers import lesson_draft, publish, published_course_page
from tests.factories.courses import CoursePageFactory, site_catalog

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


def test_a_published_course_has_a_version_with_its_items_in_reading_order():
    course_page = CoursePageFactory(code="C1", slug="etika", title="Etika", jp=4, minutes=180)
    first = publish(lesson_draft(course_page, title="Menyapa", slug="menyapa"))
    second = publish(lesson_draft(course_page, title="Mendengar", slug="mendengar", required=False))

    publish(CoursePage.objects.get(pk=course_page.pk))

    course = Course.objects.get(code="C1")
    version = course.current_version
    assert (version.number, version.title, version.jp, version.minutes) == (1, "Etika", 4, 180)
    items = [(entry.order, entry.item, entry.slug, entry.required) for entry in version.version_items.all()]
    assert items == [(1, first.item, "menyapa", True), (2, second.item, "mendengar", False)]
    assert course.url == "/pelatihan/etika/"


def test_publishing_the_same_content_again_makes_no_second_version():
    course_page = published_course_page()

    publish(course_page)

    assert course_page.course.versions.count() == 1


def test_a_new_lesson_makes_a_new_version_and_leaves_the_old_one_as_it_was():
    course_page = published_course_page(lessons=2)
    old = course_page.course.current_version

    publish(lesson_draft(course_page))

    course = Course.objects.get(pk=course_page.course_id)
    assert course.current_version.number == old.number + 1
    assert course.current_version.version_items.count() == 3
    assert old.version_items.count() == 2


def test_going_back_to_earlier_content_finds_its_version_again():
    course_page = published_course_page()
    first = course_page.course.current_version
    course_page.summary = "Ringkasan baru."
    course_page = publish(course_page)
    course_page.summary = "Ringkasan pelatihan."

    course_page = publish(course_page)

    assert course_page.course.current_version == first
    assert course_page.course.versions.count() == 2


def test_the_database_refuses_to_change_a_version():
    version = published_course_page().course.current_version

    with pytest.raises(DatabaseError), transaction.atomic():
        CourseVersion.objects.filter(pk=version.pk).update(title="Lain")


def test_publishing_is_written_into_the_audit():
    course_page = published_course_page()

    event = AuditEvent.objects.get(verb="course.published")

    assert (event.object_id, event.detail) == (str(course_page.course_id), {"version": 1})


def test_a_course_without_a_published_lesson_stays_a_draft_and_says_why():
    course_page = CoursePageFactory()
    lesson_draft(course_page)

    with pytest.raises(CompileRefused, match="Belum ada materi yang terbit"):
        publish(CoursePage.objects.get(pk=course_page.pk))

    assert not CoursePage.objects.get(pk=course_page.pk).live
    assert not CourseVersion.objects.exists()


def test_an_incomplete_lesson_stays_a_draft_and_names_what_is_missing():
    course_page = published_course_page()
    lesson = lesson_draft(course_page, body=[])

    with pytest.raises(CompileRefused, match="isi"):
        publish(lesson)

    stored = LessonPage.objects.get(pk=lesson.pk)
    assert not stored.live
    assert stored.item is None


def test_what_was_live_stays_live_when_its_new_draft_is_refused():
    course_page = published_course_page(lessons=1)
    lesson = LessonPage.objects.get()
    lesson.body, lesson.title = [], "Tanpa isi"

    with pytest.raises(CompileRefused):
        publish(lesson)

    stored = LessonPage.objects.get()
    assert stored.live
    assert stored.title != "Tanpa isi"
    assert course_page.course.versions.count() == 1


def test_code_and_address_of_a_published_course_stay():
    course_page = published_course_page(code="C1", slug="etika")
    course_page.code, course_page.slug = "C9", "lain"

    with pytest.raises(CompileRefused, match=r"Kode tidak dapat diubah lagi.*Alamat tidak dapat diubah lagi"):
        course_page.save()

    assert Course.objects.get().code == "C1"


def test_two_courses_cannot_share_a_code():
    published_course_page(code="C1", slug="etika")
    other = CoursePageFactory(code="C1", slug="etika-lagi")
    with pytest.raises(CompileRefused, match="C1 sudah dipakai"):
        publish(lesson_draft(other))


def test_a_revision_cannot_give_a_page_another_row():
    course_page = published_course_page(lessons=1)
    lesson = LessonPage.objects.get()
    foreign = CourseItem.objects.create(course=course_page.course)
    revision = lesson.save_revision()
    revision.content["item"] = foreign.pk
    revision.save()

    revision.publish()

    assert LessonPage.objects.get().item == lesson.item


def test_scheduled_pages_go_live_and_a_bad_one_does_not_hold_them_up():
    course_page = published_course_page()
    due = timezone.now() - timedelta(minutes=1)
    bad, good = lesson_draft(course_page, body=[]), lesson_draft(course_page)
    waiting = bad.save_revision(approved_go_live_at=due)
    good.save_revision(approved_go_live_at=due)

    done = publish_due_pages(at=timezone.now())

    assert done == 1
    assert LessonPage.objects.get(pk=good.pk).live
    assert not LessonPage.objects.get(pk=bad.pk).live
    waiting.refresh_from_db()
    assert waiting.approved_go_live_at == due


def test_what_is_scheduled_for_tomorrow_waits():
    lesson = lesson_draft(published_course_page())
    lesson.save_revision(approved_go_live_at=timezone.now() + timedelta(days=1))

    assert publish_due_pages(at=timezone.now()) == 0
    assert not LessonPage.objects.get(pk=lesson.pk).live


def test_a_lesson_whose_time_is_over_leaves_the_course():
    course_page = published_course_page(lessons=2)
    LessonPage.objects.filter(pk=LessonPage.objects.first().pk).update(expire_at=timezone.now() - timedelta(minutes=1))

    publish_due_pages(at=timezone.now())

    assert Course.objects.get(pk=course_page.course_id).current_version.version_items.count() == 1


def test_a_new_order_makes_a_new_version():
    course_page = published_course_page(lessons=2)
    first, second = LessonPage.objects.order_by("path")

    first.move(second, pos="right")

    items = Course.objects.get(pk=course_page.course_id).current_version.version_items.all()
    assert [entry.item for entry in items] == [second.item, first.item]


def test_a_published_lesson_cannot_move_to_another_course():
    published_course_page(lessons=1)
    other = CoursePageFactory()

    with pytest.raises(MoveRefused):
        LessonPage.objects.get().move(other, pos="last-child")


def test_withdrawing_a_lesson_takes_it_out_of_the_course():
    course_page = published_course_page(lessons=2)

    LessonPage.objects.first().unpublish()

    assert Course.objects.get(pk=course_page.course_id).current_version.version_items.count() == 1


def test_the_last_lesson_of_a_published_course_cannot_be_withdrawn():
    published_course_page(lessons=1)

    with pytest.raises(WithdrawalRefused, match="Arsipkan pelatihannya"):
        LessonPage.objects.get().unpublish()

    assert LessonPage.objects.get().live


@pytest.mark.both_databases
def test_a_copy_stands_for_an_item_of_its_own():
    published_course_page(lessons=1)
    original = LessonPage.objects.get()

    copy = original.copy(update_attrs={"slug": "salinan", "title": "Salinan"}, keep_live=False)

    assert copy.item is None
    assert publish(LessonPage.objects.get(pk=copy.pk)).item != original.item


def test_the_course_lies_under_the_catalogue():
    assert published_course_page(slug="etika").url == f"{site_catalog().url}etika/"
