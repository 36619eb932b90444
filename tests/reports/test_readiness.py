"""How ready a counter is: right answers by topic of the people who stand there today."""

from datetime import timedelta
from decimal import Decimal

import pytest

from courses.models import LessonPage, Topic
from foundation.formats import day_of
from quizzes.choices import Consequence, QuizRole, Treatment
from quizzes.effects import digest_of
from quizzes.models import Attempt, KeyCorrection, RedoOrder, RedoRequest, Response
from reports import recounting
from reports.core import Wanted
from reports.models import AnswerCount, AnswerMark, AnswerRow, CountMark, DayAnswers, DayCount
from reports.past import scope_on
from reports.proving import differences
from reports.readiness import readiness
from reports.recounting import recount_answers, recount_marked
from reports.scope import scope_of
from tests.clock import NOON
from tests.factories.courses import CourseItemFactory, LessonPageFactory
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory, VersionQuestionFactory
from tests.reports.scenes import polres

DAY = timedelta(days=1)


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


def dropped(here, quiz, topic: str):
    """The question about ``topic`` counts for nobody any more."""
    question = quiz.questions.get(topic=topic)
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
    dropped(here, quiz, "tarif-resmi")

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

    assert as_sdm.get("/sdm/kesiapan/?loket=spkt").status_code == 200  # counts what is new
    with django_assert_max_num_queries(15):
        assert as_sdm.get("/sdm/kesiapan/?loket=spkt").status_code == 200


def the_fees_are_asked_again(here, quiz, people):
    sat(people[2], quiz, "1", "1", days=5)


def a_marker_thinks_again(here, quiz, people):
    for response in Response.objects.filter(attempt__enrolment__officer=people[2], question__topic="tarif-resmi"):
        response.fraction = Decimal(1)
        response.save()


def an_attempt_is_set_aside(here, quiz, people):
    asked = RedoRequest.objects.create(version=quiz, asked_by=here.sdm, asked_at=NOON)
    order = RedoOrder.objects.create(request=asked, unit=here.unit, ordered_by=here.sdm, ordered_at=NOON)
    Attempt.objects.filter(enrolment__officer=people[0]).update(set_aside_by=order)


def a_grade_waits_for_a_marker_again(here, quiz, people):
    Attempt.objects.filter(enrolment__officer=people[0]).update(graded_at=None, grade=None)


def the_fees_are_dropped(here, quiz, people):
    dropped(here, quiz, "tarif-resmi")


def somebody_goes_elsewhere(here, quiz, people):
    people[4].postings.update(unit=here.polsek)


def somebody_leaves_the_counter(here, quiz, people):
    people[3].postings.get().functions.clear()


@pytest.mark.parametrize(
    "act",
    [
        the_fees_are_asked_again,
        a_marker_thinks_again,
        an_attempt_is_set_aside,
        a_grade_waits_for_a_marker_again,
        the_fees_are_dropped,
        somebody_goes_elsewhere,
        somebody_leaves_the_counter,
    ],
)
def test_whatever_happens_to_answers_the_page_shows_at_once_and_a_past_day_with_it(here, quiz, at_the_counter, act):
    scopes = [scope_of(here.sdm, at=NOON), scope_on(here.sdm, day=day_of(NOON - 2 * DAY, "Asia/Jakarta"), now=NOON)]
    before = [readiness(scope, Wanted(unit=here.unit)) for scope in scopes]

    act(here, quiz, at_the_counter)

    after = [readiness(scope, Wanted(unit=here.unit)) for scope in scopes]
    for rows in (AnswerRow, AnswerCount, AnswerMark, DayAnswers, DayCount):
        rows.objects.all().delete()
    assert after == [readiness(scope, Wanted(unit=here.unit)) for scope in scopes]
    assert after[0] != before[0]


def test_a_past_day_is_told_by_who_stood_there_and_by_what_was_graded_by_then(as_sdm, here, quiz, at_the_counter):
    for officer in at_the_counter:
        sat(officer, quiz, "1", "1", days=7)
    at_the_counter[4].postings.update(valid_to=NOON - DAY)

    page = as_sdm.get(f"/sdm/kesiapan/?loket=sim&per={day_of(NOON - 5 * DAY, 'Asia/Jakarta')}&menurut=catatan")

    assert (shares(page)["Tarif resmi"], page.context["here"].share.people) == (40, 5)
    assert "dengan kunci jawaban sekarang" in page.content.decode()
    assert shares(as_sdm.get("/sdm/kesiapan/?loket=sim"))["Tarif resmi"] is None


def test_whoever_practises_leaves_the_duties_of_the_unit_counted(here, quiz, at_the_counter):
    recount_marked(at=NOON)
    recount_answers(at=NOON)

    sat(here.officers["Budi"], quiz, "1", "1")

    assert not CountMark.objects.exists()
    assert recount_answers(at=NOON) == 1
    assert not any(words for _unit, words in differences(at=NOON))


def test_answers_of_very_many_that_were_never_counted_make_the_page_say_so(as_sdm, here, at_the_counter, monkeypatch):
    monkeypatch.setattr(recounting, "AT_ONCE", 0)

    page = as_sdm.get("/sdm/kesiapan/")

    assert page.status_code == 202
    assert "dihitung untuk pertama kali" in page.content.decode()
