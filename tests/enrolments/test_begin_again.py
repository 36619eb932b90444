"""Whose completion has ended begins a new round without being asked, and every page says the same of it."""

from datetime import date, timedelta

import pytest
import time_machine

from certificates.models import Certificate
from courses.models import Course, CoursePage, LessonPage
from enrolments.assignment import AssignmentRule
from enrolments.corrections import correct_completion
from enrolments.exceptions import CourseNotOpen
from enrolments.models import CourseCompletion, Duty, Enrolment
from enrolments.services import (
    ask_for_reopened,
    end_relief,
    follow_moves,
    reconciling,
    renew_duties,
    start_course,
    withdraw_assignment,
    withdraw_recognition,
)
from enrolments.services.returning import keep_clock
from organisation.models import Role
from tests.clock import NOON
from tests.courses.helpers import publish, published_course_page
from tests.enrolments.test_follow_moves import move
from tests.factories.courses import published_course
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory, UserFactory
from tests.factories.quizzes import QuizPageFactory, question
from tests.factories.recognitions import recognised
from tests.factories.reliefs import exempted, sdm_of
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
# Holds for a year: until 21 October 2026, a month ago.
BEFORE = NOON.replace(year=NOON.year - 1) - 31 * DAY
ENDED = "Masa berlaku habis pada 21 Oktober 2026"


@pytest.fixture
def yearly():
    """A course for whoever wants it, which holds for a year."""
    return published_course(posttest=False, lessons=1, validity_months=12, self_enrolment=True)


def begun(officer, course, *, at=NOON) -> Enrolment:
    return start_course(officer=officer, course=course, actor=officer.user, at=at)


def rounds(officer) -> list[tuple[int, bool]]:
    """(cycle, whether it is finished) of every round there is."""
    rows = Enrolment.objects.filter(officer=officer).order_by("cycle")
    return [(row.cycle, row.completed_at is not None) for row in rows]


def owed(officer) -> list[int]:
    return [duty.cycle for duty in Duty.objects.open().filter(officer=officer)]


# --- the round ----------------------------------------------------------------


def test_who_expired_begins_a_round_with_a_completion_and_a_certificate_of_its_own(officer, yearly):
    first = completed(officer, yearly, at=BEFORE)
    before = CourseCompletion.objects.filter(pk=first.pk).values().get()

    again = begun(officer, yearly)
    assert begun(officer, yearly, at=NOON + SECOND) == again
    second = completed(officer, yearly, at=NOON + HOUR)

    assert (second.enrolment, second.cycle, second.started_at) == (again, 2, NOON)
    assert second.expires_at == (NOON + HOUR).replace(year=NOON.year + 1)
    assert {row.completion for row in Certificate.objects.all()} == {first, second}
    assert CourseCompletion.objects.filter(pk=first.pk).values().get() == before
    assert rounds(officer) == [(1, True), (2, True)]


def test_the_next_round_opens_with_the_window_and_not_before(officer, yearly):
    first = completed(officer, yearly)
    opens = first.expires_at - yearly.version.renewal_window

    assert begun(officer, yearly, at=opens - SECOND) == first.enrolment
    assert begun(officer, yearly, at=opens).cycle == 2


def test_where_nobody_enrols_alone_who_expired_waits_for_an_order(officer, unit):
    course = published_course(posttest=False, lessons=1, validity_months=12)
    completed(officer, course, at=BEFORE)

    with pytest.raises(CourseNotOpen, match="hanya untuk personel yang ditugaskan"):
        begun(officer, course)
    assigned(course, unit)

    assert begun(officer, course).cycle == 2


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_open_one_round(officer, yearly, together):
    completed(officer, yearly, at=BEFORE)

    results = together(*[lambda: begun(officer, yearly)] * 4)

    assert {result.cycle for result in results} == {2}
    assert rounds(officer) == [(1, True), (2, False)]


# --- orders and what else opens rounds ------------------------------------------


def test_an_order_that_comes_later_asks_for_the_round_that_was_begun(officer, unit, yearly):
    completed(officer, yearly, at=BEFORE)
    begun(officer, yearly)

    assigned(yearly, unit)
    assert owed(officer) == [2]
    completed(officer, yearly, at=NOON + HOUR)

    assert owed(officer) == []
    assert rounds(officer) == [(1, True), (2, True)]


def test_an_order_that_renews_opens_no_round_beside_one_that_was_begun_or_finished_alone(officer, unit, yearly):
    assigned(yearly, unit, renews=True)
    first = completed(officer, yearly)
    soon = first.expires_at - 30 * DAY
    begun(officer, yearly, at=soon)
    assert (renew_duties(at=soon), owed(officer)) == (1, [2])
    second = completed(officer, yearly, at=soon + DAY)
    # The third round is finished before a tick has looked.
    begun(officer, yearly, at=second.expires_at)
    third = completed(officer, yearly, at=second.expires_at + DAY)

    assert (renew_duties(at=third.completed_at + HOUR), owed(officer)) == (0, [])
    assert Duty.objects.get(cycle=3).is_done

    assert (renew_duties(at=third.expires_at - DAY), owed(officer)) == (1, [4])


def test_a_renewal_asks_for_no_round_that_a_recognition_taken_back_had_finished(officer, unit, yearly):
    assigned(yearly, unit, renews=True)
    first = completed(officer, yearly)
    soon = first.expires_at - 30 * DAY
    elsewhere = recognised(officer, yearly, day=soon.date() - DAY, at=soon)
    withdraw_recognition(recognition=elsewhere, reason="Keliru", actor=sdm_of(officer), at=soon + HOUR)

    renew_duties(at=soon + DAY)
    begun(officer, yearly, at=soon + DAY)
    completed(officer, yearly, at=soon + DAY)

    assert owed(officer) == []


def test_an_order_finds_the_round_that_counts_done_and_does_not_ask_again_because_an_older_one_ended(
    officer, unit, yearly
):
    assigned(yearly, unit, at=BEFORE - DAY)
    completed(officer, yearly, at=BEFORE)
    begun(officer, yearly)
    completed(officer, yearly, at=NOON + HOUR)

    order = assigned(yearly, unit, renews=True, at=NOON + DAY)

    assert order.duty_reasons.get().duty.cycle == 2
    assert (renew_duties(at=NOON + 2 * DAY), owed(officer)) == (0, [])


def test_an_exemption_that_ends_brings_back_the_round_that_was_begun_meanwhile(officer, unit, yearly):
    assigned(yearly, unit, at=BEFORE - DAY)
    exempted(officer, yearly, date(2026, 12, 1), at=BEFORE - HOUR)
    completed(officer, yearly, at=BEFORE)
    begun(officer, yearly)

    keep_clock(at=NOON + 30 * DAY)

    assert owed(officer) == [2]


def test_what_is_taken_back_of_an_older_round_is_owed_in_the_one_begun_since(officer, unit, yearly):
    assigned(yearly, unit, at=BEFORE - DAY)
    first = completed(officer, yearly, at=BEFORE)
    begun(officer, yearly)

    taken_back(first, at=NOON + HOUR)

    assert owed(officer) == [2]
    completed(officer, yearly, at=NOON + DAY)
    assert owed(officer) == []


def test_what_is_taken_back_of_an_archived_course_is_not_owed_and_not_done(officer, unit, yearly):
    order = assigned(yearly, unit, at=BEFORE - DAY)
    first = completed(officer, yearly, at=BEFORE)
    yearly.archived_at = NOON
    yearly.save()

    taken_back(first, at=NOON + HOUR)

    duty = Duty.objects.get()
    assert (duty.ended_as, duty.valid_to) == ("withdrawn", NOON + HOUR)
    assert order.figures(at=NOON + DAY).total == 0


def published_again(course) -> None:
    course.archived_at, course.opened_again_at = None, NOON + 3 * HOUR
    course.save()


def test_what_was_held_back_while_the_course_was_archived_is_asked_once_it_is_published_again(unit, yearly):
    """An exemption ended, a completion was taken back; one finished meanwhile, one order ended, one is still exempt."""
    taught, cured, done, away = (OfficerFactory(posting__unit=unit) for _ in range(4))
    order = assigned(yearly, unit, at=BEFORE - DAY)
    first = completed(taught, yearly, at=NOON - DAY)
    reliefs = [exempted(officer, yearly) for officer in (cured, done, away)]
    later = [OfficerFactory(posting__unit=unit), OfficerFactory(posting__unit=unit)]
    ended = assigned(yearly, unit, rule=AssignmentRule(unit=unit, people=later))
    for officer in later:
        reliefs.append(exempted(officer, yearly))
    yearly.archived_at = NOON
    yearly.save()

    taken_back(first, at=NOON + HOUR)
    for relief in (*reliefs[:2], *reliefs[3:]):
        end_relief(relief=relief, last=None, reason="Sembuh", actor=sdm_of(relief.officer), at=NOON + HOUR)
    withdraw_assignment(assignment=ended, reason="Diganti", actor=ended.assigned_by, at=NOON + HOUR)
    published_again(yearly)
    completed(done, yearly, at=NOON + 3 * HOUR)
    assert not Duty.objects.open().exists()

    assert ask_for_reopened(at=NOON + 4 * HOUR) == 2
    assert ask_for_reopened(at=NOON + 5 * HOUR) == 0

    owing = Duty.objects.open().order_by("officer")
    assert [(duty.officer, duty.cycle) for duty in owing] == [(taught, 1), (cured, 1)]
    assert all(duty.due_at >= NOON + 14 * DAY for duty in owing)
    assert [reason.assignment for duty in owing for reason in duty.reasons.filter(ended_at=None)] == [order] * 2
    # Whoever was exempt all the time is asked as before, by the end of the exemption.
    end_relief(relief=reliefs[2], last=None, reason="Sembuh", actor=sdm_of(away), at=NOON + 6 * HOUR)
    assert owed(away) == [1]


def test_who_moved_in_the_moment_in_which_the_course_was_archived_is_asked_once_it_is_open_again(
    unit, yearly, monkeypatch
):
    assigned(yearly, unit, follows=True, at=NOON - DAY)
    newcomer = OfficerFactory(posting__unit=UnitFactory())
    move(newcomer, unit, at=NOON)
    turn = reconciling.turn_of

    def archived_meanwhile(assignment):
        Course.objects.filter(pk=assignment.course_id).update(archived_at=NOON)
        return turn(assignment)

    with monkeypatch.context() as patch:
        patch.setattr(reconciling, "turn_of", archived_meanwhile)
        assert follow_moves(at=NOON + HOUR) == 0
    assert not Duty.objects.exists()

    published_again(yearly)

    assert follow_moves(at=NOON + 4 * HOUR) == 1
    assert owed(newcomer) == [1]


def taken_back(completion: CourseCompletion, *, at) -> None:
    fact = completion.enrolment.item_completions.select_related("item").get()
    wrong = {"evidence": None, "grade": None, "withdrawn": True, "reason": "Keliru"}
    correct_completion(enrolment=completion.enrolment, item=fact.item, actor=UserFactory(), at=at, **wrong)


# --- what the officer and SDM read ----------------------------------------------


def pages(client, officer, course) -> dict[str, str]:
    """Everything the officer reads about the course, and what SDM reads."""
    sign_in(client, officer.user)
    own = {"start": "/", "catalogue": "/pelatihan/", "course": course.url, "why": f"{course.url}mengapa/"}
    found = {name: text(client, address) for name, address in own.items()}
    sign_in(client, RoleGrantFactory(role=Role.SDM, unit=officer.postings.get().unit).user)
    return found | {"record": text(client, f"/sdm/personel/{officer.uuid}/pelatihan/")}


def text(client, address) -> str:
    page = client.get(address).content.decode()
    return " ".join(page[page.index("<main") : page.index("</main>")].split())


@pytest.mark.once_on("sqlite")
@pytest.mark.parametrize(
    ("self_enrolment", "what_to_do"),
    [(True, "Pelatihan ini dapat dimulai lagi."), (False, "perlu penugasan: mintalah kepada Bag SDM satuan.")],
)
def test_every_page_says_that_it_ended_and_the_course_page_what_to_do(
    client, officer, settings, self_enrolment, what_to_do
):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    course = published_course_page(validity_months=12, self_enrolment=self_enrolment).course
    completed(officer, course, at=BEFORE)

    with time_machine.travel(NOON, tick=False):
        found = pages(client, officer, course)

    assert [name for name, page in found.items() if ENDED not in page or "Kedaluwarsa" not in page] == ["why"]
    assert all(what_to_do in found[name] for name in ("course", "why", "record"))
    assert ENDED in found["why"]
    untrue = ("sudah selesai</h1>", "Sedang berjalan", "sedang dicatat", "hanya untuk personel", "Lihat sertifikat")
    assert not [(name, words) for name, page in found.items() for words in untrue if words in page]
    # What was done in the old round is no step of the new one.
    assert "Selesai</span>" not in found["course"]
    assert found["course"].count("<button") == found["course"].count("Mulai lagi</button>") == int(self_enrolment)


@pytest.mark.once_on("sqlite")
@pytest.mark.parametrize("asked_again", [False, True])
def test_a_lesson_or_quiz_opened_by_its_link_shows_no_round_that_is_over(client, officer, settings, asked_again):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    course_page = published_course_page(lessons=1, validity_months=12, self_enrolment=True)
    quiz = publish(QuizPageFactory(parent=course_page, questions=[question()]))
    course = publish(CoursePage.objects.get(pk=course_page.pk)).course
    completed(officer, course, at=BEFORE, grade=90)
    if asked_again:
        assigned(course, officer.postings.get().unit)
    addresses = (LessonPage.objects.get().url, quiz.url)
    words = "Pelatihan ini ditugaskan lagi." if asked_again else f"{ENDED}. Pelatihan ini dapat dimulai lagi."

    with time_machine.travel(NOON, tick=False):
        sign_in(client, officer.user)
        for address in addresses:
            page = text(client, address)
            assert words in page
            assert f'href="{course.url}">Mulai lagi' in page
            assert not [untrue for untrue in ("bagian wajib selesai", "Berikutnya", "<button") if untrue in page]
        client.post(f"/pelatihan/{course.slug}/mulai/")
        assert not [address for address in addresses if words in text(client, address)]


@pytest.mark.once_on("sqlite")
def test_a_round_begun_again_is_under_way_on_every_page(client, officer, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    course = published_course_page(validity_months=12, self_enrolment=True).course
    first = completed(officer, course)

    with time_machine.travel(first.expires_at - DAY, tick=False):
        offered = text(sign_in(client, officer.user), course.url)
        client.post(f"/pelatihan/{course.slug}/mulai/")
        found = pages(client, officer, course)

    assert "Lihat sertifikat" in offered
    assert "Anda sudah dapat mengulanginya" in offered
    assert [name for name, page in found.items() if "Lanjutkan" in page] == ["start", "course"]
    assert all("Sedang berjalan" in found[name] for name in ("start", "catalogue", "record"))
    assert all("Putaran sebelumnya tercatat selesai 21 November 2026" in found[name] for name in ("why", "record"))
