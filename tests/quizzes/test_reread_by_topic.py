"""Who missed a topic finds its lessons on the result page; topics written as text find their place in the tree."""

from importlib import import_module

import pytest
import time_machine
from django.apps import apps

from courses.models import CoursePage, Topic
from quizzes.models import QuizPage, QuizVersion
from quizzes.services import start_attempt, submit_attempt
from tests.clock import NOON
from tests.courses.helpers import lesson_draft, publish
from tests.factories.courses import CoursePageFactory
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.quizzes import QuizPageFactory, answer_all, question
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment():
    """In a course whose pre-test asks about two topics, one of them taught by a lesson."""
    course_page = CoursePageFactory(title="Etika")
    lesson = lesson_draft(course_page, title="Antre dengan tertib")
    lesson.topics = [Topic.objects.named("antrean")]
    publish(lesson)
    QuizPageFactory(
        parent=course_page,
        role="pretest",
        required=False,
        shuffle_questions=False,
        questions=[question(topic="antrean"), question(topic="gratifikasi"), question(topic="menyapa")],
    ).save_revision().publish()
    course = publish(CoursePage.objects.get(pk=course_page.pk)).course
    return EnrolmentFactory(course=course)


def test_missed_topics_lead_to_their_lessons(client, enrolment):
    with time_machine.travel(NOON, tick=False):
        attempt = start_attempt(version=QuizVersion.objects.get(), enrolment=enrolment, at=NOON)
        answer_all(attempt, right=0)
        response = attempt.responses.get(question__topic="menyapa")
        response.answer = [str(response.question.options.get(fraction=1).uuid)]
        response.save()
        submit_attempt(attempt=attempt, at=NOON)
        sign_in(client, enrolment.officer.user)

        html = client.get(f"/kuis/{attempt.uuid}/hasil/").content.decode()

    assert f'href="{enrolment.course.url}' in html
    assert "Materi: Antre dengan tertib" in html
    assert "Gratifikasi" in html
    assert "Buka materi pelatihan" in html
    assert "Menyapa" not in html


def test_topics_written_as_text_before_the_tree_keep_working():
    page = QuizPageFactory(questions=[question(topic="asas-pelayanan")])
    page.questions[0].value["topic"] = "hanya-di-draf"
    page.save_revision()
    page = QuizPage.objects.get(pk=page.pk)
    page.questions[0].value["topic"] = "di-halaman"
    page.save(clean=False)
    Topic.objects.all().delete()

    import_module("quizzes.migrations.0009_topics_from_text").make_topics(apps, None)

    names = dict(Topic.objects.values_list("slug", "name"))
    assert names == {"hanya-di-draf": "Hanya di draf", "di-halaman": "Di halaman"}
