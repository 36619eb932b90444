"""A trainer writes a path and hands it in; both reviews publish it; what was published never changes."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from wagtail.models import TaskState
from wagtail.test.utils.form_data import nested_form_data, streamfield

from courses.models import LearningPath, PathStep, PathVersion
from foundation.models import AuditEvent
from organisation.models import Role
from tests.courses.helpers import author, signed_in
from tests.factories.courses import published_course
from tests.factories.paths import path_draft, published_path, step

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
LIST = "/admin/snippets/courses/learningpath/"


def form(*steps, options_needed=0, **actions) -> dict:
    blocks = [("step", {"course": course.code, "required": "on" if required else ""}) for course, required, _ in steps]
    fields = {
        "title": "Pelayanan SPKT",
        "summary": "Dari salam sampai laporan.",
        "steps": streamfield(blocks),
        "options_needed": options_needed,
        "offered": "on",
    }
    # A list would be taken for more blocks.
    after = {f"steps-{place}-value-after": [one.code for one in first] for place, (*_, first) in enumerate(steps)}
    return nested_form_data(fields | actions) | after


def test_a_path_goes_from_a_trainer_over_both_reviews_to_sdm():
    one, two, three = (published_course() for _ in range(3))
    trainer = signed_in(author(Role.TRAINER))
    steps = ((one, True, []), (two, True, [one]), (three, False, []))

    made = trainer.post(f"{LIST}add/", form(*steps, options_needed=1, **{"action-submit": "submit"}))
    assert made.status_code == 302, made.context["form"].errors
    path = LearningPath.objects.get()
    assert not path.live
    assert not PathVersion.objects.exists()
    reviewer = signed_in(author(Role.REVIEWER))
    for _review in ("isi", "hukum"):
        state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
        answer = reviewer.post(f"{LIST}workflow/action/{path.pk}/approve/{state.pk}/", {"comment": ""})
        assert answer.status_code in (200, 302)

    version = PathVersion.objects.offered().get()
    assert [(entry.course, entry.required, entry.after) for entry in version.path_steps.all()] == [
        (one, True, []),
        (two, True, [1]),
        (three, False, []),
    ]
    assert version.options_needed == 1
    assert AuditEvent.objects.filter(verb="path.published").count() == 1


def test_nobody_publishes_a_path_around_the_review():
    path = path_draft(step(published_course()), step(published_course()))
    path.save_revision()
    steps = [(published_course(), True, []), (published_course(), True, [])]

    for role in (Role.TRAINER, Role.REVIEWER):
        signed_in(author(role)).post(f"{LIST}edit/{path.pk}/", form(*steps, **{"action-publish": "publish"}))

    assert not LearningPath.objects.get().live
    for name in ("Tenaga pendidik", "Pemeriksa isi", "Pemeriksa hukum"):
        held = Group.objects.get(name=name).permissions.filter(codename__endswith="learningpath")
        assert {permission.codename.split("_")[0] for permission in held} <= {"view", "add", "change"}


@pytest.mark.both_databases
def test_publishing_the_same_again_makes_no_second_version():
    version = published_path(step(published_course()), step(published_course()))

    version.path.save_revision().publish(skip_permission_checks=True)
    version.path.refresh_from_db()
    version.path.title = "Pelayanan loket"
    version.path.save_revision().publish(skip_permission_checks=True)

    assert [row.number for row in PathVersion.objects.order_by("number")] == [1, 2]
    assert PathVersion.objects.offered().get().title == "Pelayanan loket"


def test_a_path_with_a_course_that_is_not_published_stays_a_draft_with_a_sentence():
    course = published_course()
    path = path_draft(step(course), step(published_course()))
    course.current_version = None
    course.save()

    with pytest.raises(Exception, match=f"{course.code} belum terbit"):
        path.save_revision().publish(skip_permission_checks=True)

    assert not PathStep.objects.exists()


def test_an_archived_course_takes_its_paths_out_of_the_offer():
    course = published_course()
    published_path(step(course), step(published_course()))

    course.archived_at = course.current_version.published_at
    course.save()

    assert not PathVersion.objects.offered().exists()


@pytest.mark.parametrize(
    ("steps", "needed", "sentence"),
    [
        (lambda one, two: [step(one)], 0, "memuat 2 sampai"),
        (lambda one, two: [step(one), step(one)], 0, "muncul dua kali"),
        (lambda one, two: [step(one, after=(two,)), step(two)], 0, "harus berada di atasnya"),
        (lambda one, two: [step(one, required=False), step(two, after=(one,))], 1, "hanya pilihan"),
        (lambda one, two: [step(one), step(two, required=False)], 0, "isi berapa yang harus selesai"),
        (lambda one, two: [step(one), step(two)], 1, "kosongkan jumlah pilihan"),
    ],
)
def test_an_author_is_told_what_is_no_path(steps, needed, sentence):
    draft = path_draft(*steps(published_course(), published_course()), options_needed=needed)

    with pytest.raises(ValidationError, match=sentence):
        draft.clean()
