"""What somebody took is never deleted; it is archived, once nobody owes it."""

from datetime import timedelta

import pytest
from django.db import transaction

from courses import services, usage
from courses.exceptions import ArchivingRefused, DeletionRefused
from courses.models import Course, CoursePage, LessonPage
from enrolments.models import Duty, DutyEnd, Message, Notice
from enrolments.services import end_relief, planning, withdraw_assignment
from organisation.models import Role
from tests.clock import NOON
from tests.courses.helpers import author, lesson_draft, publish, published_course_page, signed_in
from tests.factories.courses import CoursePageFactory
from tests.factories.enrolments import DutyFactory, EnrolmentFactory, assigned, completed
from tests.factories.organisation import OfficerFactory, UnitFactory
from tests.factories.reliefs import exempted, sdm_of

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


def test_a_course_that_somebody_took_is_not_deleted_and_archiving_is_offered():
    course_page = published_course_page()
    EnrolmentFactory(course=course_page.course)

    with pytest.raises(DeletionRefused, match=r"1 personel.*Arsipkan"), transaction.atomic():
        course_page.delete()

    assert CoursePage.objects.filter(pk=course_page.pk).exists()


def test_a_published_course_is_withdrawn_before_it_is_deleted():
    with pytest.raises(DeletionRefused, match="Batalkan terbitnya"):
        published_course_page().delete()


@pytest.mark.both_databases
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


def test_a_course_that_officers_still_owe_is_not_archived_and_says_what_to_do():
    course_page, unit = published_course_page(), UnitFactory()
    officers = [OfficerFactory(posting__unit=unit) for _ in range(3)]
    order = assigned(course_page.course, unit)
    reviewer = author(Role.REVIEWER)
    client = signed_in(reviewer)
    url = f"/admin/arsipkan/{course_page.pk}/"

    asked = client.get(url).content.decode()
    with transaction.atomic():
        client.post(url)
    told = client.get("/admin/").content.decode()

    assert "3 personel masih wajib" in asked
    assert "Ya, arsipkan" not in asked
    assert "Tidak dapat diarsipkan" in told
    assert "mencabut penugasannya" in told
    assert Course.objects.published().get() == course_page.course
    assert CoursePage.objects.get().live

    completed(officers[0], course_page.course)
    withdraw_assignment(assignment=order, reason="Diganti", actor=order.assigned_by, at=NOON)
    services.archive_course(page=CoursePage.objects.get(), actor=reviewer, at=NOON)

    assert not Course.objects.published().exists()


def test_wagtails_own_ways_of_unpublishing_are_refused_too_and_an_end_date_waits():
    course_page = published_course_page()
    duty = DutyFactory(course=course_page.course)
    client = signed_in(author(Role.REVIEWER))
    CoursePage.objects.filter(pk=course_page.pk).update(expire_at=NOON)

    with transaction.atomic():
        client.post(f"/admin/pages/{course_page.pk}/unpublish/")
    services.publish_due_pages(at=NOON)

    assert "1 personel masih wajib" in client.get("/admin/").content.decode()
    assert CoursePage.objects.get().live

    Duty.objects.filter(pk=duty.pk).update(valid_to=NOON, ended_as=DutyEnd.WITHDRAWN)
    services.publish_due_pages(at=NOON)

    assert not CoursePage.objects.get().live


def test_who_planned_a_date_that_cannot_be_kept_reads_once_why_and_what_to_do():
    course_page, trainer = published_course_page(), author(Role.TRAINER)
    signed_in(trainer)
    DutyFactory(course=course_page.course)
    planned = course_page.save_revision(user=trainer)
    CoursePage.objects.filter(pk=course_page.pk).update(expire_at=NOON, live_revision=planned)
    draft = lesson_draft(course_page, body=[])
    draft.save_revision(user=trainer, approved_go_live_at=NOON)

    for minute in range(2):
        services.publish_due_pages(at=NOON + timedelta(minutes=minute))

    assert [notice.recipient for notice in Notice.objects.all()] == [trainer, trainer]
    publishing, ending = Message.objects.order_by("pk")
    assert publishing.title == f"Tanggal terbit tertunda: {draft.title}"
    assert "Lengkapi atau perbaiki: isi." in publishing.text
    assert ending.title == f"Tanggal berakhir tertunda: {course_page.title}"
    assert "21 November 2026 12.00 WIB, belum dapat dijalankan. 1 personel masih wajib" in ending.text
    assert "mencabut penugasannya, atau tunggu sampai semuanya selesai." in ending.text
    assert ending.url == f"/admin/pages/{course_page.pk}/edit/"


def test_a_course_is_not_archived_while_a_worker_still_gives_out_its_duties(monkeypatch):
    monkeypatch.setattr(planning, "BIG_ORDER", 1)
    course_page, unit = published_course_page(), UnitFactory()
    for _ in range(2):
        OfficerFactory(posting__unit=unit)
    assigned(course_page.course, unit)

    with pytest.raises(ArchivingRefused, match="2 personel masih wajib"):
        course_page.unpublish()


def test_when_an_exemption_ends_nobody_owes_what_was_archived_meanwhile():
    course_page, officer = published_course_page(), OfficerFactory(posting__unit=UnitFactory())
    assigned(course_page.course, officer.postings.get().unit)
    exemption = exempted(officer, course_page.course)
    course_page.unpublish()

    end_relief(relief=exemption, last=None, reason="Sembuh", actor=sdm_of(officer), at=NOON)

    assert not Duty.objects.open().exists()


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
    assert Course.objects.get().opened_again_at


@pytest.mark.both_databases
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
