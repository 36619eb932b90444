"""How ready a counter is: right answers by topic of the people who stand there today."""

from datetime import timedelta
from decimal import Decimal

import pytest

from courses.models import LessonPage, Topic
from quizzes.choices import Consequence, QuizRole, Treatment
from quizzes.effects import digest_of
from quizzes.models import KeyCorrection
from reports.core import Wanted
from reports.readiness import readiness
from reports.scope import scope_of
from tests.clock import NOON
from tests.factories.courses import CourseItemFactory, LessonPageFactory
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory, VersionQuestionFactory
from tests.reports.scenes import polres


@pytest.fixture
def quiz(here):
    """A post-test of two questions, one about fees and one about duties."""
    version = QuizVersionFactory(course=here.etika, questions=0, draw_count=2)
    VersionQuestionFactory(version=version, topic="tarif-resmi", marks=2)
    VersionQuestionFactory(version=version, topic="asas-pelayanan")
    return version


def sat(officer, version, *fractions: str, days: int = 0):
    """An attempt of ``officer``, graded with ``fractions``."""
    begun = officer.enrolments.filter(course=version.item.course).first()
    begun = begun or EnrolmentFactory(officer=officer, course=version.item.course)
    attempt = AttemptFactory(
        version=version, enrolment=begun, finished=True, started_at=NOON - timedelta(days=9 - days)
    )
    for response, fraction in zip(attempt.responses.order_by("question__order"), fractions, strict=True):
        response.fraction = Decimal(fraction)
        response.save()
    return attempt


@pytest.fixture
def at_the_counter(here, quiz):
    """Five people at SIM, of whom two knew the fees."""
    people = [here.officer(f"Petugas {place}", here.satlantas, "sim") for place in range(5)]
    for place, officer in enumerate(people):
        sat(officer, quiz, "1" if place < 2 else "0", "1")
    return people


def shares(page) -> dict[str, int | None]:
    return {line.name: line.share.percent for line in page.context["found"].topics}


def test_topics_of_a_counter_stand_weakest_first(as_sdm, at_the_counter):
    page = as_sdm.get("/sdm/kesiapan/?loket=sim")

    assert list(shares(page).items()) == [("Tarif resmi", 40), ("Asas pelayanan", 100)]
    assert page.context["here"].share.percent == 60
    # Budi, Citra and Dewi stand there too and never sat the quiz.
    assert "5 dari 8" in page.content.decode()


def test_the_lessons_to_reread_stand_beside_the_topic(as_sdm, here, at_the_counter):
    lesson = LessonPageFactory(title="Tarif SIM dan SKCK")
    LessonPage.topics.through.objects.create(lessonpage=lesson, topic=Topic.objects.named("tarif-resmi"))
    LessonPage.objects.filter(pk=lesson.pk).update(live=True, item=CourseItemFactory(course=here.etika))

    content = as_sdm.get("/sdm/kesiapan/?loket=sim").content.decode()

    assert "Tarif SIM dan SKCK" in content


def test_only_the_newest_attempt_at_a_quiz_counts(as_sdm, quiz, at_the_counter):
    for officer in at_the_counter:
        sat(officer, quiz, "1", "1", days=3)

    assert shares(as_sdm.get("/sdm/kesiapan/?loket=sim")) == {"Tarif resmi": 100, "Asas pelayanan": 100}


def test_what_was_known_before_the_course_says_nothing_about_readiness(as_sdm, here, at_the_counter):
    before = QuizVersionFactory(course=here.komunikasi, role=QuizRole.PRETEST, questions=0, draw_count=1)
    VersionQuestionFactory(version=before, topic="hanya-pretes")
    for officer in at_the_counter:
        sat(officer, before, "0")

    assert "Hanya pretes" not in shares(as_sdm.get("/sdm/kesiapan/?loket=sim"))


def test_a_dropped_question_says_nothing(as_sdm, here, quiz, at_the_counter):
    question = quiz.questions.get(topic="tarif-resmi")
    KeyCorrection.objects.create(
        item=quiz.item,
        question=question.uuid,
        digests=[digest_of(question)],
        treatment=Treatment.DROP,
        consequence=Consequence.KEEP,
        reason="keliru",
        request=question.uuid,
        asked_by=here.sdm,
        approved_by=here.head,
        at=NOON,
    )

    assert shares(as_sdm.get("/sdm/kesiapan/?loket=sim")) == {"Asas pelayanan": 100}


def test_four_people_are_too_few_for_a_figure_anywhere(as_sdm, here, quiz):
    for place in range(4):
        sat(here.officer(f"Petugas {place}", here.satlantas, "skck"), quiz, "0", "0")

    for url in ("/sdm/kesiapan/", "/sdm/kesiapan/?loket=skck"):
        page = as_sdm.get(url)
        assert set(shares(page).values()) == {None}
        assert "terlalu sedikit" in page.content.decode()
        assert all(cell.percent is None for row in page.context["found"].units.rows for cell in row.cells)
    export = b"".join(as_sdm.get("/sdm/kesiapan/unduh.csv?loket=skck").streaming_content).decode()
    assert ";terlalu sedikit;4;4;" in export


def test_who_leaves_the_counter_or_the_unit_counts_there_no_more(as_sdm, here, at_the_counter):
    at_the_counter[4].postings.update(unit=polres("Polres Lain").unit)

    assert shares(as_sdm.get("/sdm/kesiapan/?loket=sim"))["Tarif resmi"] is None
    at_the_counter[3].postings.get().functions.clear()
    assert as_sdm.get("/sdm/kesiapan/?loket=sim").context["here"].share.people == 3


def test_units_and_counters_add_up_to_the_whole(here, quiz, at_the_counter):
    for place in range(6):
        sat(here.officer(f"Jaga {place}", here.polsek, "spkt", "sim"), quiz, "0.5", "0")
    scope = scope_of(here.sdm, at=NOON)

    whole = readiness(scope, Wanted(unit=here.unit))

    by_code = {one.function.code: one.share for one in whole.counters}
    assert (by_code["sim"].people, by_code["spkt"].people) == (11, 6)
    parts = [
        next(one.share for one in readiness(scope, Wanted(unit=unit)).counters if one.function.code == "sim")
        for unit in (here.satlantas, here.polsek)
    ]
    assert sum(part.earned for part in parts) == by_code["sim"].earned
    assert sum(part.available for part in parts) == by_code["sim"].available
    assert {row.label: [cell.percent for cell in row.cells] for row in whole.units.rows}.keys() == {
        "Satlantas",
        "Polsek",
    }


def test_the_page_asks_the_same_few_queries_however_many_answers(
    as_sdm, here, quiz, at_the_counter, django_assert_max_num_queries
):
    for place in range(10):
        sat(here.officer(f"Jaga {place}", here.polsek, "spkt"), quiz, "0.5", "0")

    with django_assert_max_num_queries(27):
        assert as_sdm.get("/sdm/kesiapan/?loket=spkt").status_code == 200
