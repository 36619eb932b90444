"""Trainers write and submit, two reviews follow, the end of the second publishes. Nothing goes around it."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.test import Client
from wagtail.models import TaskState, Workflow, WorkflowState
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from courses.models import CoursePage, LessonPage
from courses.services import set_up_editorial
from organisation.models import Role, User
from tests.courses.helpers import author, lesson_draft, published_course_page, signed_in
from tests.factories.courses import CoursePageFactory
from tests.factories.organisation import RoleGrantFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


def lesson_form(title: str, text: str, **actions) -> dict:
    """What the editor sends for a lesson of one paragraph; empty ``text`` sends no block at all."""
    body = [("text", rich_text(f"<p>{text}</p>"))] if text else []
    return nested_form_data(
        {
            "title": title,
            "slug": "menyapa",
            "summary": "Kalimat pertama",
            "minutes": 20,
            "required": "on",
            "body": streamfield(body),
            "legal_bases": inline_formset([]),
            "comments": inline_formset([]),
            **actions,
        }
    )


def reviewer_of(group: str) -> User:
    """Somebody who does one of the two reviews only."""
    user = UserFactory()
    user.groups.add(Group.objects.get(name=group))
    return user


def approve(client: Client, page: LessonPage):
    state = TaskState.objects.get(workflow_state__object_id=str(page.pk), status=TaskState.STATUS_IN_PROGRESS)
    return client.post(f"/admin/pages/workflow/action/{page.pk}/approve/{state.pk}/", {"comment": ""})


def submit(client: Client, course_page: CoursePage, *, text: str = "Sapa dahulu.") -> LessonPage:
    """Write a lesson in the editor and hand it to the reviewers, as a trainer does."""
    add = f"/admin/pages/add/courses/lessonpage/{course_page.pk}/"
    client.post(add, lesson_form("Menyapa", text))
    lesson = LessonPage.objects.get(slug="menyapa")
    client.post(f"/admin/pages/{lesson.pk}/edit/", lesson_form("Menyapa", text, **{"action-submit": "submit"}))
    return lesson


def test_a_lesson_goes_from_a_trainer_over_both_reviews_to_the_officers():
    course_page = published_course_page(lessons=1)
    lesson = submit(signed_in(author(Role.TRAINER)), course_page)
    reviewer = signed_in(author(Role.REVIEWER))

    approve(reviewer, lesson)
    after_content = LessonPage.objects.get(pk=lesson.pk)
    approve(reviewer, lesson)

    assert not after_content.live
    published = LessonPage.objects.get(pk=lesson.pk)
    assert published.live
    assert published.current_workflow_state is None
    assert published.item in [entry.item for entry in published.item.course.current_version.version_items.all()]


def test_the_content_review_comes_before_the_legal_review():
    tasks = Workflow.objects.get(name="Isi lalu hukum").tasks

    assert [task.name for task in tasks] == ["Pemeriksaan isi", "Pemeriksaan hukum"]


def test_the_legal_reviewer_waits_for_the_content_reviewer():
    lesson = lesson_draft(published_course_page(lessons=1))
    lesson.save_revision()
    legal = reviewer_of("Pemeriksa hukum")
    Workflow.objects.get(name="Isi lalu hukum").start(lesson, author(Role.TRAINER))

    actions = lesson.current_workflow_task.get_actions(lesson, legal)

    assert actions == []


def test_a_trainers_publish_button_only_saves():
    client = signed_in(author(Role.TRAINER))
    lesson = submit(client, published_course_page(lessons=1))
    WorkflowState.objects.all().delete()

    client.post(f"/admin/pages/{lesson.pk}/edit/", lesson_form("Menyapa", "Sapa.", **{"action-publish": "publish"}))

    assert not LessonPage.objects.get(pk=lesson.pk).live


def test_even_a_reviewer_publishes_only_through_the_workflow():
    client = signed_in(author(Role.REVIEWER))
    lesson = lesson_draft(published_course_page(lessons=1), slug="menyapa")
    lesson.save_revision()

    client.post(f"/admin/pages/{lesson.pk}/edit/", lesson_form("Menyapa", "Sapa.", **{"action-publish": "publish"}))
    client.post(f"/admin/bulk/wagtailcore/page/publish/?id={lesson.pk}", {"include_descendants": ""})

    assert not LessonPage.objects.get(pk=lesson.pk).live


def test_a_copy_cannot_be_published_at_once():
    course_page = published_course_page(lessons=1)
    lesson = LessonPage.objects.get(path__startswith=course_page.path)
    client = signed_in(author(Role.REVIEWER))

    client.post(
        f"/admin/pages/{lesson.pk}/copy/",
        {"new_title": "Salinan", "new_slug": "salinan", "new_parent_page": course_page.pk, "publish_copies": "on"},
    )

    assert not LessonPage.objects.filter(slug="salinan").exists()


def test_the_api_of_the_cms_copies_nothing_past_the_review():
    course_page = published_course_page(lessons=1)
    lesson = LessonPage.objects.get(path__startswith=course_page.path)
    both = author(Role.TRAINER)
    RoleGrantFactory(user=both, role=Role.REVIEWER)

    wanted = {"slug": "salinan", "title": "Judul tanpa pemeriksaan", "destination_page_id": course_page.pk}
    answer = signed_in(both).post(f"/admin/api/main/pages/{lesson.pk}/action/copy/", wanted)

    assert answer.status_code == 403
    assert not LessonPage.objects.filter(slug="salinan").exists()


def test_what_cannot_be_compiled_is_not_handed_in_and_the_editor_says_where():
    client = signed_in(author(Role.TRAINER))
    lesson = lesson_draft(published_course_page(lessons=1), slug="menyapa")
    lesson.save_revision()

    response = client.post(f"/admin/pages/{lesson.pk}/edit/", lesson_form("Menyapa", "", **{"action-submit": "submit"}))

    assert "isian yang salah" in response.content.decode()
    assert LessonPage.objects.get(pk=lesson.pk).current_workflow_state is None


def test_a_draft_may_be_incomplete():
    client = signed_in(author(Role.TRAINER))

    client.post(
        f"/admin/pages/add/courses/lessonpage/{published_course_page(lessons=1).pk}/", lesson_form("Menyapa", "")
    )

    assert not LessonPage.objects.get(slug="menyapa").live


def test_a_last_approval_of_something_that_cannot_be_compiled_is_undone_and_explained():
    lesson = lesson_draft(published_course_page(lessons=1), body=[])
    lesson.save_revision()
    Workflow.objects.get(name="Isi lalu hukum").start(lesson, author(Role.TRAINER))
    client = signed_in(author(Role.REVIEWER))
    approve(client, lesson)

    response = approve(client, lesson)

    assert response.status_code == 302
    (said,) = [str(message) for message in get_messages(response.wsgi_request) if "Belum dapat" in str(message)]
    assert "Lengkapi atau perbaiki: isi" in said
    stored = LessonPage.objects.get(pk=lesson.pk)
    assert not stored.live
    assert stored.current_workflow_task.name == "Pemeriksaan hukum"


def test_a_reviewer_asks_for_changes_and_the_trainer_hands_in_again():
    trainer, reviewer = signed_in(author(Role.TRAINER)), signed_in(author(Role.REVIEWER))
    lesson = submit(trainer, published_course_page(lessons=1))
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    reviewer.post(f"/admin/pages/workflow/action/{lesson.pk}/reject/{state.pk}/", {"comment": "Sebut pasalnya."})

    trainer.post(f"/admin/pages/{lesson.pk}/edit/", lesson_form("Menyapa", "Pasal 4.", **{"action-submit": "submit"}))

    again = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    assert again.task.name == "Pemeriksaan isi"
    assert again.pk != state.pk


def test_a_course_page_is_written_in_the_editor_and_hints_when_minutes_do_not_fit():
    client = signed_in(author(Role.TRAINER))
    course_page = CoursePageFactory(code="C9", jp=4, minutes=150)
    course_page.save_revision()

    page = client.get(f"/admin/pages/{course_page.pk}/edit/").content.decode()

    assert "Urutan materi" in page
    assert "4 JP setara dengan 180 menit" in page


def test_the_editorial_set_up_changes_nothing_the_second_time():
    def counted() -> tuple[int, ...]:
        trainers = Group.objects.get(name="Tenaga pendidik")
        return Group.objects.count(), Workflow.objects.count(), trainers.permissions.count()

    before = counted()

    set_up_editorial()

    assert counted() == before


def test_nobody_of_the_cms_manages_users_or_groups():
    for client in (signed_in(author(Role.TRAINER)), signed_in(author(Role.REVIEWER))):
        assert client.get("/admin/users/").status_code == 302
        assert client.get("/admin/groups/").status_code == 302
        assert client.get("/admin/sites/").status_code == 302
