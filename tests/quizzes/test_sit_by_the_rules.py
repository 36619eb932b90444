"""Window, waiting time, time limit and penalty, to the second and in each zone of the country."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from quizzes.exceptions import AttemptLimitReached, QuizClosed, QuizNotOpen, RetryTooSoon
from quizzes.models import Attempt, LateAnswer
from quizzes.services import SaveState, close_due_attempts, save_answer, start_attempt, submit_attempt
from tests.clock import NOON
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.organisation import OfficerFactory, UnitFactory
from tests.factories.quizzes import (
    AttemptFactory,
    QuizPageFactory,
    QuizVersionFactory,
    VersionQuestionFactory,
    answer_all,
    options_of,
)
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def enrolled(version, zone="Asia/Jakarta"):
    officer = OfficerFactory(posting__unit=UnitFactory(zone=zone))
    return EnrolmentFactory(officer=officer, course=version.item.course)


def start(version, enrolment, at):
    return start_attempt(version=version, enrolment=enrolment, at=at)


# --- window -----------------------------------------------------------------


@pytest.mark.parametrize("zone", ZONES)
def test_a_quiz_opens_in_the_second_it_says_and_says_so_on_the_officers_clock(zone):
    opens_at = datetime(2026, 11, 22, 0, 0, tzinfo=ZoneInfo(zone))
    version = QuizVersionFactory(opens_at=opens_at)
    enrolment = enrolled(version, zone)

    with pytest.raises(QuizNotOpen) as refusal:
        start(version, enrolment, opens_at - SECOND)
    started = start(version, enrolment, opens_at)

    assert f"Minggu, 22 November 2026 pukul 00.00 {ZONES[zone]}" in str(refusal.value)
    assert started.started_at == opens_at


@pytest.mark.parametrize("zone", ZONES)
def test_a_quiz_closes_in_the_second_it_says(zone):
    closes_at = datetime(2026, 11, 22, 0, 0, tzinfo=ZoneInfo(zone))
    version = QuizVersionFactory(closes_at=closes_at)

    assert start(version, enrolled(version, zone), closes_at - SECOND)
    for moment in (closes_at, closes_at + SECOND):
        with pytest.raises(QuizClosed, match=rf"pukul 00.00 {ZONES[zone]}"):
            start(version, enrolled(version, zone), moment)


def test_an_attempt_ends_with_the_window_when_that_comes_before_its_own_time():
    version = QuizVersionFactory(closes_at=NOON + HOUR, time_limit_minutes=40)

    early, late = start(version, enrolled(version), NOON), start(version, enrolled(version), NOON + HOUR / 2)

    assert early.deadline_at == NOON + timedelta(minutes=40)
    assert late.deadline_at == NOON + HOUR


def test_the_sweeper_closes_what_runs_when_the_window_closes_though_there_is_no_time_limit():
    version = QuizVersionFactory(closes_at=NOON + HOUR)
    attempt = start(version, enrolled(version), NOON)
    answer_all(attempt, right=4)

    assert close_due_attempts(at=NOON + HOUR + timedelta(seconds=29)) == 0
    assert close_due_attempts(at=NOON + HOUR + timedelta(seconds=30)) == 1

    attempt.refresh_from_db()
    assert (attempt.ended_as, attempt.submitted_at, attempt.grade) == ("timed_out", NOON + HOUR, 100)


# --- deadline and grace -----------------------------------------------------


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("after_deadline", "state"),
    [(-1, SaveState.SAVED), (0, SaveState.SAVED), (29, SaveState.SAVED), (30, SaveState.LATE), (31, SaveState.LATE)],
)
def test_an_answer_counts_until_the_grace_is_over_also_across_midnight(zone, after_deadline, state):
    begun = datetime(2026, 11, 21, 23, 30, tzinfo=ZoneInfo(zone))
    version = QuizVersionFactory(time_limit_minutes=40)
    attempt = start(version, enrolled(version, zone), begun)
    Attempt.objects.update(epoch=1)
    moment = datetime(2026, 11, 22, 0, 10, tzinfo=ZoneInfo(zone)) + after_deadline * SECOND

    saved = save_answer(
        attempt=attempt,
        position=1,
        sent={"pilihan": options_of(attempt.responses.get(position=1))[:1]},
        epoch=1,
        sequence=1,
        at=moment,
    )

    assert saved.state == state
    assert LateAnswer.objects.filter(after_leaving=False).exists() == (state == SaveState.LATE)


# --- waiting time -----------------------------------------------------------


def test_the_next_attempt_waits_until_its_time_has_come():
    version = QuizVersionFactory(wait_minutes=90)
    enrolment = enrolled(version)
    submit_attempt(attempt=start(version, enrolment, NOON), at=NOON + timedelta(minutes=10))
    free_at = NOON + timedelta(minutes=100)

    with pytest.raises(RetryTooSoon, match=r"Anda dapat mencoba lagi pukul 13.40 WIB"):
        start(version, enrolment, free_at - SECOND)

    assert start(version, enrolment, free_at).number == 2


def test_waiting_past_midnight_names_the_day():
    version = QuizVersionFactory(wait_minutes=24 * 60)
    enrolment = enrolled(version, "Asia/Jayapura")
    submit_attempt(attempt=start(version, enrolment, NOON), at=NOON)

    with pytest.raises(RetryTooSoon, match=r"Minggu, 22 November 2026 pukul 14.00 WIT"):
        start(version, enrolment, NOON + HOUR)


def test_waiting_for_a_quiz_that_closes_meanwhile_says_so_instead_of_promising():
    version = QuizVersionFactory(wait_minutes=90, closes_at=NOON + HOUR)
    enrolment = enrolled(version)
    submit_attempt(attempt=start(version, enrolment, NOON), at=NOON)

    with pytest.raises(RetryTooSoon, match="sesudah kuis ditutup"):
        start(version, enrolment, NOON + HOUR / 2)


def test_a_used_up_quiz_says_so_rather_than_to_wait():
    version = QuizVersionFactory(wait_minutes=90, max_attempts=1)
    enrolment = enrolled(version)
    submit_attempt(attempt=start(version, enrolment, NOON), at=NOON)

    with pytest.raises(AttemptLimitReached):
        start(version, enrolment, NOON + HOUR)


@pytest.mark.both_databases
def test_the_start_page_names_the_rules_and_what_stands_in_the_way(client):
    version = QuizVersionFactory(
        wait_minutes=90, wrong_penalty=25, opens_at=NOON - HOUR, closes_at=NOON + 5 * HOUR, forward_only=True
    )
    page = QuizPageFactory(live=False)
    type(page).objects.filter(pk=page.pk).update(item=version.item, live=True)
    enrolment = enrolled(version, "Asia/Makassar")
    AttemptFactory(version=version, enrolment=enrolment, finished=True, started_at=NOON - HOUR)
    sign_in(client, enrolment.officer.user)

    with time_machine.travel(NOON, tick=False):
        shown = client.get(page.full_url or page.url).content.decode()

    for words in (
        "Anda dapat mencoba lagi pukul 13.50 WITA",
        "1 jam 30 menit antara dua percobaan",
        "Mengurangi 25%",
        "Sabtu, 21 November 2026 pukul 18.00 WITA",
        "Soal yang sudah dilewati tidak dapat dibuka lagi",
    ):
        assert words in shown
    assert "Coba lagi</button>" not in shown


# --- negative marking -------------------------------------------------------


def graded(kinds, chosen, **rules):
    """The grade of one attempt; ``chosen`` names for each question the rank of the option, None for none."""
    version = QuizVersionFactory(questions=0, draw_count=len(kinds), **rules)
    for kind in kinds:
        VersionQuestionFactory(version=version, kind=kind)
    attempt = AttemptFactory(version=version)
    for response, rank in zip(attempt.responses.all(), chosen, strict=True):
        response.answer = [] if rank is None else [options_of(response)[rank]]
        response.save()
    return submit_attempt(attempt=attempt, at=NOON).grade


def test_a_wrong_answer_costs_its_percent_and_an_empty_one_nothing():
    kinds = ["single", "truefalse", "single", "single"]

    assert graded(kinds, [0, 0, 0, 1], wrong_penalty=0) == 75
    assert graded(kinds, [0, 0, 0, 1], wrong_penalty=50) == pytest.approx(62.5)
    assert graded(kinds, [0, 0, 0, None], wrong_penalty=50) == 75
    assert graded(kinds, [0, 1, 0, 0], wrong_penalty=100) == 50


def test_the_grade_never_falls_below_zero_and_situational_answers_keep_their_fraction():
    assert graded(["single", "single"], [1, 1], wrong_penalty=100) == 0
    # 1 + 0.5: the situational question knows its own price.
    assert graded(["single", "situational"], [0, 1], wrong_penalty=100) == 75
    assert graded(["single", "situational"], [0, 2], wrong_penalty=100) == 50


# --- the author's settings --------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"opens_at": NOON, "closes_at": NOON}, "closes_at"),
        ({"forward_only": True, "layout": "all"}, "forward_only"),
        ({"wrong_penalty": 101}, "wrong_penalty"),
        ({"review_options": ["after:secrets"]}, "review_options"),
    ],
)
def test_settings_that_contradict_each_other_are_refused_in_the_editor(rules, field):
    page = QuizPageFactory()
    for name, value in rules.items():
        setattr(page, name, value)

    with pytest.raises(ValidationError) as problems:
        page.full_clean()

    assert list(problems.value.message_dict) == [field] or field == "review_options"


def test_the_same_window_typed_in_another_zone_is_the_same_content():
    from quizzes.content import digest, settings_of

    page = QuizPageFactory(opens_at=NOON)
    first = digest(settings_of(page), [], [])
    page.opens_at = NOON.astimezone(ZoneInfo("Asia/Jayapura"))

    assert digest(settings_of(page), [], []) == first


def test_a_page_says_in_its_result_what_is_true_before_and_after_the_certificate_is_there(client):
    version = QuizVersionFactory()
    enrolment = enrolled(version)
    attempt = AttemptFactory(version=version, enrolment=enrolment)
    answer_all(attempt, right=4)
    submit_attempt(attempt=attempt, at=NOON)
    sign_in(client, enrolment.officer.user)

    page = client.get(reverse("quiz-result", args=[attempt.uuid])).content.decode()

    assert "sedang disiapkan" not in page
    assert "Halaman Sertifikat menunjukkan apakah berkasnya sudah dapat diunduh." in page


def test_an_attempt_that_waits_for_its_marker_says_so_instead_of_a_grade(client):
    version = QuizVersionFactory()
    attempt = AttemptFactory(version=version, enrolment=enrolled(version), finished=True)
    Attempt.objects.update(graded_at=None, grade=None, passed=None)
    sign_in(client, attempt.enrolment.officer.user)

    page = client.get(reverse("quiz-result", args=[attempt.uuid])).content.decode()

    assert "Menunggu penilaian" in page
    assert "Pre-tes selesai" not in page
    assert "dari 100" not in page
