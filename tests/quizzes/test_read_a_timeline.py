"""What happened to an attempt is written down as it happens and read as a timeline, in scope, audited."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.models import AppendOnlyViolation, AuditEvent
from organisation.models import Role
from quizzes.models import Attempt, AttemptEvent, EventKind
from quizzes.services import grant_attempt, open_on_device, reveal_answer, save_answer, start_attempt, submit_attempt
from tests.clock import NOON
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory, UserFactory
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory, answer_all, options_of
from tests.quizzes.marking_scene import staff
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


def kinds(attempt: Attempt) -> list[str]:
    return list(attempt.events.values_list("kind", flat=True))


def save(attempt, sequence: int, *, chosen: bool = True, at=NOON):
    response = attempt.responses.get(position=1)
    sent = {"pilihan": options_of(response)[:1] if chosen else []}
    return save_answer(attempt=attempt, position=1, sent=sent, epoch=1, sequence=sequence, at=at)


def test_a_sitting_is_written_down_from_start_to_grade():
    version = QuizVersionFactory(review="during")
    attempt = start_attempt(version=version, enrolment=EnrolmentFactory(course=version.item.course), at=NOON)
    open_on_device(attempt=attempt, at=NOON)
    save(attempt, 1)
    save(attempt, 2, chosen=False)
    save(attempt, 3)
    reveal_answer(attempt=attempt, position=1, at=NOON)
    submit_attempt(attempt=attempt, at=NOON)

    assert kinds(attempt) == ["started", "opened", "saved", "saved", "saved", "revealed", "submitted", "graded"]
    emptied = attempt.events.filter(kind=EventKind.SAVED)[1]
    assert (emptied.position, emptied.epoch, emptied.sequence) == (1, 1, 2)
    assert emptied.detail == {"answered": False}


def test_old_answers_repeats_and_late_ones_are_told_apart():
    attempt = AttemptFactory(version=QuizVersionFactory(time_limit_minutes=40))
    save(attempt, 2)
    save(attempt, 2)
    save(attempt, 1, chosen=False)
    late = NOON + timedelta(minutes=50)
    save(attempt, 3, at=late)
    save(attempt, 3, at=late)
    submit_attempt(attempt=attempt, at=late)

    assert kinds(attempt) == ["saved", "superseded", "late", "timed_out", "graded"]


def test_another_attempt_given_by_sdm_is_written_down():
    attempt = AttemptFactory(version=QuizVersionFactory(max_attempts=1), finished=True)

    grant_attempt(attempt=attempt, reason="Mengulang", actor=UserFactory(), at=NOON)

    assert kinds(attempt) == ["granted"]


def test_the_log_says_that_an_answer_came_but_never_which():
    attempt = AttemptFactory()
    save(attempt, 1)

    chosen = attempt.responses.get(position=1).answer[0]
    assert chosen not in str(AttemptEvent.objects.values())


def test_an_event_is_never_changed_or_removed():
    attempt = AttemptFactory()
    save(attempt, 1)

    with pytest.raises(AppendOnlyViolation):
        AttemptEvent.objects.get().delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        AttemptEvent.objects.update(position=2)


def test_a_save_is_at_most_six_queries_with_its_event():
    attempt = AttemptFactory()
    chosen = options_of(attempt.responses.get(position=1))[:1]

    with CaptureQueriesContext(connection) as queries:
        save_answer(attempt=attempt, position=1, sent={"pilihan": chosen}, epoch=1, sequence=1, at=NOON)

    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) <= 6
    assert AttemptEvent.objects.count() == 1


# --- who reads it ------------------------------------------------------------


@pytest.fixture
def unit():
    return UnitFactory()


def sat(unit, *, right: int = 2, **version) -> Attempt:
    version = QuizVersionFactory(**version)
    officer = OfficerFactory(posting__unit=unit)
    attempt = AttemptFactory(version=version, enrolment=EnrolmentFactory(officer=officer, course=version.item.course))
    save(attempt, 1)
    answer_all(attempt, right=right)
    return submit_attempt(attempt=attempt, at=NOON)


@pytest.mark.parametrize("role", [Role.SDM, Role.HEAD])
def test_sdm_and_heads_read_the_timeline_with_the_name_and_the_reviewed_answers(client, unit, role):
    attempt = sat(unit)
    sign_in(client, staff(role, unit))

    page = client.get(reverse("sitting", args=[attempt.uuid])).content.decode()

    assert attempt.enrolment.officer.full_name in page
    assert "Soal 1: jawaban tersimpan (perangkat 1, urutan 1)" in page
    assert "12.00.00 WIB" in page
    assert "Dinilai: 50" in page
    assert "Jawaban" in page
    assert "Pembahasan rahasia" in page


def test_a_running_attempt_shows_its_timeline_but_no_answer(client, unit):
    attempt = AttemptFactory()
    attempt.enrolment.officer.postings.update(unit=unit)
    save(attempt, 1)
    sign_in(client, staff(Role.SDM, unit))

    page = client.get(reverse("sitting", args=[attempt.uuid])).content.decode()

    assert "Soal 1: jawaban tersimpan" in page
    assert "Jawaban terbuka sesudah percobaan dikirim" in page
    assert "rahasia" not in page
    assert "Tindakan 1" not in page


def test_whoever_still_has_the_quiz_ahead_does_not_read_its_key_in_somebody_elses_attempt(client, unit):
    attempt = sat(unit)
    sdm = OfficerFactory(posting__unit=unit)
    RoleGrantFactory(user=sdm.user, role=Role.SDM, unit=unit)
    own = EnrolmentFactory(officer=sdm, course=attempt.enrolment.course)
    sign_in(client, sdm.user)
    url = reverse("sitting", args=[attempt.uuid])

    page = client.get(url).content.decode()
    assert "rahasia" not in page
    assert "sesudah Anda lulus" in page

    AttemptFactory(version=attempt.version, enrolment=own, finished=True, passed=True)
    assert "Pembahasan rahasia" in client.get(url).content.decode()


def test_nobody_reads_the_own_attempt_this_way(client, unit):
    attempt = sat(unit)
    own = attempt.enrolment.officer.user
    RoleGrantFactory(user=own, role=Role.SDM, unit=unit)
    RoleGrantFactory(user=own, role=Role.TRAINER, unit=unit)
    sign_in(client, own)

    assert client.get(reverse("sitting", args=[attempt.uuid])).status_code == 404
    assert client.get(reverse("blind-sitting", args=[attempt.uuid])).status_code == 404


def test_each_look_at_an_attempt_is_in_the_audit_trail(client, unit):
    attempt, reader = sat(unit), staff(Role.SDM, unit)
    sign_in(client, reader)

    client.get(reverse("sittings"))
    client.get(reverse("sitting", args=[attempt.uuid]))

    seen = AuditEvent.objects.filter(actor_id=reader.pk, verb__startswith="attempt.").order_by("pk")
    assert [(event.verb, event.subject_id) for event in seen] == [
        ("attempt.list_viewed", None),
        ("attempt.viewed", attempt.enrolment.officer_id),
    ]


def test_the_list_is_narrowed_by_course_quiz_officer_and_state(client, unit):
    passed, failed = sat(unit, right=4), sat(unit, right=0)
    sign_in(client, staff(Role.SDM, unit))

    def named(**asked) -> set[int]:
        page = client.get(reverse("sittings"), asked).content.decode()
        return {one.pk for one in (passed, failed) if one.enrolment.officer.full_name in page}

    assert named() == {passed.pk, failed.pk}
    assert named(keadaan="lulus") == {passed.pk}
    assert named(keadaan="belum-lulus") == {failed.pk}
    assert named(keadaan="menunggu") == named(keadaan="turun") == named(keadaan="terlambat") == set()
    assert named(pelatihan=passed.enrolment.course.code) == {passed.pk}
    assert named(kuis=failed.item_id) == {failed.pk}
    assert named(q=passed.enrolment.officer.number) == {passed.pk}
    assert client.get(reverse("sittings"), {"keadaan": "x"}).status_code == 404


def test_a_trainer_has_no_filter_for_officers(client, unit):
    sat(unit)
    sign_in(client, staff(Role.TRAINER, unit))

    assert 'name="q"' not in client.get(reverse("blind-sittings")).content.decode()


def test_the_list_asks_as_many_queries_for_twenty_attempts_as_for_one(client, unit, django_assert_max_num_queries):
    version = QuizVersionFactory()
    for _ in range(20):
        AttemptFactory(version=version, finished=True).enrolment.officer.postings.update(unit=unit)
    sign_in(client, staff(Role.SDM, unit))

    # Session, user, roles of page, frame, tabs and lists; filter, scope, count, rows, postings, audit.
    with django_assert_max_num_queries(19):
        assert "20 percobaan kuis" in client.get(reverse("sittings")).content.decode()


def test_a_long_timeline_is_paged(client, unit):
    attempt = sat(unit)
    AttemptEvent.objects.bulk_create(
        AttemptEvent(attempt=attempt, kind=EventKind.SAVED, at=NOON, position=1, epoch=1, sequence=n)
        for n in range(2, 80)
    )
    sign_in(client, staff(Role.SDM, unit))
    url = reverse("sitting", args=[attempt.uuid])

    assert "urutan 79)" not in client.get(url).content.decode()
    assert "urutan 79)" in client.get(url, {"page": 2}).content.decode()
