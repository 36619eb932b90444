"""What django-quiz-app could do, as its people would look for it here: docs/django-quiz-app.md, row by row."""

from datetime import timedelta
from random import Random

import pytest
import time_machine
from django.urls import reverse

from courses.models import CoursePage
from organisation.models import Role
from quizzes.models import Attempt, QuizVersion
from quizzes.openness import PRESETS
from quizzes.services import open_on_device, save_answer, start_attempt, submit_attempt
from tests.clock import NOON
from tests.courses.helpers import publish
from tests.factories.courses import CoursePageFactory
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory
from tests.factories.questions import picture
from tests.factories.quizzes import QuizPageFactory, question
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_at_noon"), pytest.mark.once_on("sqlite")]


@pytest.fixture
def _at_noon(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    with time_machine.travel(NOON, tick=False):
        yield


def published_quiz(*asked, **rules) -> QuizVersion:
    """A published course with one quiz; three single choices unless the story brings its own questions."""
    asked = asked or tuple(question("single", text=f"<p>Soal {n}</p>", topic=f"topik-{n}") for n in (1, 2, 3))
    course_page = CoursePageFactory()
    rules = {"shuffle_questions": False, "shuffle_options": False, "max_attempts": 0} | rules
    rules["review_options"] = PRESETS[rules.pop("review", "after_submit")]
    publish(QuizPageFactory(parent=course_page, slug="pos-tes", questions=list(asked), **rules))
    publish(CoursePage.objects.get(pk=course_page.pk))
    return QuizVersion.objects.select_related("item__course").get()


@pytest.fixture
def learner(client):
    """Sign in somebody enrolled in the course of a version: ``learner(version)`` returns the enrolment."""

    def learns(version: QuizVersion):
        enrolment = EnrolmentFactory(course=version.item.course)
        sign_in(client, enrolment.officer.user)
        return enrolment

    return learns


def enrolled(version: QuizVersion):
    return EnrolmentFactory(course=version.item.course)


def sit(version: QuizVersion, enrolment, *, right: bool = True, seed: int = 1) -> Attempt:
    """One whole attempt; every question answered the same way."""
    attempt = start_attempt(version=version, enrolment=enrolment, at=NOON, chance=Random(seed))
    epoch = open_on_device(attempt=attempt, at=NOON)
    for response in attempt.responses.all():
        options = response.question.answer_key.options
        best = max(options, key=lambda option: option.fraction)
        chosen = best if right else min(options, key=lambda option: option.fraction)
        save_answer(
            attempt=attempt,
            position=response.position,
            sent={"pilihan": [chosen.uuid]},
            epoch=epoch,
            sequence=response.position,
            at=NOON,
        )
    return submit_attempt(attempt=attempt, at=NOON + timedelta(minutes=20))


def page_of(client, version: QuizVersion, path: str = "") -> str:
    return client.get(f"{version.item.course.url}{path}").content.decode()


def first_question(client, attempt: Attempt) -> str:
    return client.get(reverse("quiz-question", args=[attempt.uuid, 1])).content.decode()


def order_of(attempt: Attempt) -> list[str]:
    return [response.question.html for response in attempt.responses.all()]


def test_random_order_gives_two_officers_another_sequence_of_the_same_questions():
    version = published_quiz(shuffle_questions=True)
    orders = [
        order_of(start_attempt(version=version, enrolment=enrolled(version), at=NOON, chance=Random(seed)))
        for seed in range(8)
    ]

    assert len({tuple(order) for order in orders}) > 1
    assert len({frozenset(order) for order in orders}) == 1


def test_results_are_kept_per_user(client, learner):
    version = published_quiz()
    enrolment = learner(version)
    sit(version, enrolment)
    sit(version, enrolled(version), right=False)

    page = client.get("/kemajuan/").content.decode()

    assert "percobaan 1: nilai 100" in page
    assert "nilai 0" not in page


def test_earlier_scores_stand_on_the_page_of_the_course_and_of_the_quiz(client, learner):
    version = published_quiz()
    enrolment = learner(version)
    sit(version, enrolment, right=False)
    sit(version, enrolment)

    assert "Percobaan 1: 0 · Percobaan 2: 100, lulus" in page_of(client, version)
    assert "Percobaan 1: nilai 0" in page_of(client, version, "pos-tes/")


def test_answers_are_shown_after_each_question(client, learner):
    version = published_quiz(review="during")
    attempt = start_attempt(version=version, enrolment=learner(version), at=NOON)
    page = client.get(reverse("quiz-question", args=[attempt.uuid, 1]))
    fields = {"epoch": page.context["epoch"], "sequence": 1, "ke": "bahas"}
    fields["pilihan"] = attempt.responses.first().option_order[0]

    client.post(reverse("quiz-question", args=[attempt.uuid, 1]), fields)

    assert "Karena pemohon menunggu." in first_question(client, attempt)


def test_answers_are_shown_at_the_end_and_not_before(client, learner):
    version = published_quiz(review="after_submit")
    enrolment = learner(version)
    running = start_attempt(version=version, enrolment=enrolment, at=NOON)
    before = first_question(client, running)
    submit_attempt(attempt=running, at=NOON)

    after = client.get(reverse("quiz-result", args=[running.uuid])).content.decode()

    assert "Karena pemohon menunggu." not in before
    assert "Karena pemohon menunggu." in after


def test_an_incomplete_quiz_can_be_gone_on_with(client, learner):
    version = published_quiz()
    attempt = start_attempt(version=version, enrolment=learner(version), at=NOON)
    only = attempt.responses.first()
    save_answer(
        attempt=attempt,
        position=1,
        sent={"pilihan": [only.option_order[0]]},
        epoch=open_on_device(attempt=attempt, at=NOON),
        sequence=1,
        at=NOON,
    )

    assert "Lanjutkan percobaan" in page_of(client, version, "pos-tes/")
    again = client.post(reverse("quiz-start", args=[version.item.uuid]), follow=True)
    assert again.redirect_chain[-1][0] == reverse("quiz-question", args=[attempt.uuid, 2])


def test_one_attempt_per_user(client, learner):
    version = published_quiz(max_attempts=1)
    sit(version, learner(version), right=False)

    refused = client.post(reverse("quiz-start", args=[version.item.uuid]), follow=True).content.decode()

    assert "Semua percobaan sudah dipakai." in refused


def test_a_question_has_its_category_and_the_result_names_what_to_read_again(client, learner):
    version = published_quiz(question("single", topic="asas-pelayanan"))
    attempt = sit(version, learner(version), right=False)

    assert "Asas pelayanan" in client.get(reverse("quiz-result", args=[attempt.uuid])).content.decode()


def test_the_progress_page_tells_the_success_in_each_category(client, learner):
    version = published_quiz(
        question("single", topic="antrean"),
        question("single", topic="antrean", marks=3),
        question("single", topic="salam"),
    )
    enrolment = learner(version)
    sit(version, enrolment)
    sit(version, enrolled(version), right=False)

    topics = {topic.label: topic for topic in client.get("/kemajuan/").context["topics"]}

    assert {label: topic.percent for label, topic in topics.items()} == {"Antrean": 100, "Salam": 100}
    assert (topics["Antrean"].questions, topics["Antrean"].available) == (2, 4)


def test_the_weakest_category_stands_first(client, learner):
    version = published_quiz()
    attempt = start_attempt(version=version, enrolment=learner(version), at=NOON)
    second = attempt.responses.get(position=2)
    best = max(second.question.answer_key.options, key=lambda option: option.fraction)
    save_answer(
        attempt=attempt,
        position=2,
        sent={"pilihan": [best.uuid]},
        epoch=open_on_device(attempt=attempt, at=NOON),
        sequence=1,
        at=NOON,
    )
    submit_attempt(attempt=attempt, at=NOON)

    topics = client.get("/kemajuan/").context["topics"]

    assert [(topic.label, topic.percent) for topic in topics] == [("Topik 1", 0), ("Topik 3", 0), ("Topik 2", 100)]


def test_a_quiz_that_never_opens_its_answers_tells_no_category_either(client, learner):
    version = published_quiz(review="never")
    sit(version, learner(version))

    page = client.get("/kemajuan/")

    assert page.context["topics"] == []
    assert "percobaan 1: nilai 100" in page.content.decode()


def test_an_explanation_follows_each_question(client, learner):
    version = published_quiz(question("single", explanation="Menurut asas ketepatan waktu."))
    attempt = sit(version, learner(version))

    assert "Menurut asas ketepatan waktu." in client.get(reverse("quiz-result", args=[attempt.uuid])).content.decode()


@pytest.mark.parametrize(("right", "passes"), [(True, True), (False, False)])
def test_the_pass_mark_decides(client, learner, right, passes):
    version = published_quiz(pass_mark=60)
    attempt = sit(version, learner(version), right=right)

    assert attempt.passed is passes
    assert ("Belum lulus" in client.get(reverse("quiz-result", args=[attempt.uuid])).content.decode()) is not passes


@pytest.mark.parametrize(
    ("kind", "shows"), [("single", 'type="radio"'), ("truefalse", "Salah"), ("essay", "<textarea")]
)
def test_multiple_choice_true_or_false_and_essay(client, learner, kind, shows):
    version = published_quiz(question(kind))
    attempt = start_attempt(version=version, enrolment=learner(version), at=NOON)

    assert shows in first_question(client, attempt)


def test_an_image_stands_beside_the_question(client, learner):
    from quizzes.formats.storing import _image

    version = published_quiz(question("single", image=_image(picture(), "Loket", None), image_alt="Sebuah loket"))
    attempt = start_attempt(version=version, enrolment=learner(version), at=NOON)

    assert 'alt="Sebuah loket"' in first_question(client, attempt)


def test_whoever_may_see_results_sees_those_of_the_own_units_only(client):
    version = published_quiz()
    polres, other = UnitFactory(), UnitFactory()
    enrolment = EnrolmentFactory(course=version.item.course, officer=OfficerFactory(posting__unit=polres))
    sit(version, enrolment, right=False)
    answers = {}
    for unit in (polres, other):
        sdm = OfficerFactory(posting__unit=unit).user
        RoleGrantFactory(user=sdm, role=Role.SDM, unit=unit)
        sign_in(client, sdm)
        answers[unit] = client.get(f"/sdm/personel/{enrolment.officer.uuid}/pelatihan/")

    assert "ke-1: 0 belum lulus" in answers[polres].content.decode()
    assert answers[other].status_code == 404


def test_a_random_subset_of_the_pool_is_asked():
    version = published_quiz(draw_count=2)
    drawn = [
        set(order_of(start_attempt(version=version, enrolment=enrolled(version), at=NOON, chance=Random(seed))))
        for seed in range(8)
    ]

    assert {len(questions) for questions in drawn} == {2}
    assert len({frozenset(questions) for questions in drawn}) > 1


def test_start_and_end_are_recorded_and_shown(client, learner):
    version = published_quiz()
    attempt = sit(version, learner(version), right=False)

    assert attempt.started_at == NOON
    assert attempt.submitted_at == NOON + timedelta(minutes=20)
    assert "12.20" in page_of(client, version, "pos-tes/")


def test_everything_speaks_indonesian(client, learner):
    version = published_quiz()
    learner(version)

    page = page_of(client, version, "pos-tes/")

    assert '<html lang="id"' in page
    assert "Mulai" in page


def test_nobody_sits_without_a_name(client):
    version = published_quiz()

    answer = client.get(f"{version.item.course.url}pos-tes/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/masuk/")
