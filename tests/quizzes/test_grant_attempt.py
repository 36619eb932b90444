"""SDM gives another attempt to whoever used up all of them."""

import pytest
from django.urls import reverse

from foundation.models import AuditEvent
from organisation.models import Role
from quizzes.exceptions import GrantRefused
from quizzes.models import Attempt, AttemptGrant
from quizzes.services import grant_attempt, start_attempt
from tests.clock import NOON
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory, UserFactory
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]


def used_up(*, unit=None, version=None, **last):
    """The third and last attempt, failed."""
    version = version or QuizVersionFactory(max_attempts=3)
    officer = OfficerFactory(posting__unit=unit or UnitFactory())
    enrolment = EnrolmentFactory(officer=officer, course=version.item.course)
    AttemptFactory.create_batch(2, version=version, enrolment=enrolment, finished=True)
    return AttemptFactory(version=version, enrolment=enrolment, finished=True, **last)


def test_a_grant_with_a_reason_opens_one_more_attempt_and_is_audited():
    attempt, actor = used_up(), UserFactory()

    grant_attempt(attempt=attempt, reason="Mengulang bersama Kanit", actor=actor, at=NOON)

    assert start_attempt(version=attempt.version, enrolment=attempt.enrolment, at=NOON).number == 4
    event = AuditEvent.objects.get(verb="attempt.granted")
    assert (event.actor_id, event.subject_id) == (actor.pk, attempt.enrolment.officer_id)


def test_a_grant_without_reason_is_refused():
    with pytest.raises(GrantRefused, match="alasan"):
        grant_attempt(attempt=used_up(), reason="  ", actor=UserFactory(), at=NOON)


def test_a_second_grant_before_the_first_is_used_is_refused():
    attempt = used_up()
    grant_attempt(attempt=attempt, reason="a", actor=UserFactory(), at=NOON)

    with pytest.raises(GrantRefused):
        grant_attempt(attempt=attempt, reason="b", actor=UserFactory(), at=NOON)


def test_who_still_has_an_attempt_left_gets_no_grant():
    with pytest.raises(GrantRefused):
        grant_attempt(attempt=AttemptFactory(finished=True), reason="a", actor=UserFactory(), at=NOON)


def test_who_passed_is_not_among_the_used_up():
    used_up(passed=True)

    assert not Attempt.objects.used_up().exists()


def test_a_quiz_without_limit_is_never_used_up():
    AttemptFactory(version=QuizVersionFactory(max_attempts=0), finished=True)

    assert not Attempt.objects.used_up().exists()


@pytest.fixture
def polres():
    return UnitFactory()


@pytest.fixture
def sdm(client, polres):
    officer = OfficerFactory(posting__unit=polres)
    RoleGrantFactory(user=officer.user, role=Role.SDM, unit=polres)
    return sign_in(client, officer.user)


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False


def test_sdm_sees_the_officers_of_the_own_units_and_nobody_else(sdm, polres):
    own, foreign = used_up(unit=UnitFactory(parent=polres)), used_up()

    page = sdm.get(reverse("used-up-attempts")).content.decode()

    assert own.enrolment.officer.full_name in page
    assert foreign.enrolment.officer.full_name not in page
    assert sdm.get(reverse("grant-attempt", args=[foreign.uuid])).status_code == 404


def test_sdm_gives_an_attempt_in_the_browser_and_the_officer_leaves_the_list(sdm, polres):
    attempt = used_up(unit=polres)
    url = reverse("grant-attempt", args=[attempt.uuid])

    empty = sdm.post(url, {"reason": ""})
    given = sdm.post(url, {"reason": "Mengulang bersama Kanit"}, follow=True)

    assert "Alasan" in empty.content.decode()
    assert "mendapat satu percobaan tambahan" in given.content.decode()
    assert AttemptGrant.objects.get().reason == "Mengulang bersama Kanit"
    assert "Tidak ada yang kehabisan percobaan" in given.content.decode()


def test_the_list_asks_as_many_queries_for_twenty_officers_as_for_one(sdm, polres, django_assert_max_num_queries):
    version = QuizVersionFactory(max_attempts=3)
    for _ in range(20):
        used_up(unit=polres, version=version)

    with django_assert_max_num_queries(14):
        sdm.get(reverse("used-up-attempts"))


def test_sdm_gives_no_attempt_to_themselves(client):
    attempt = used_up()
    own = attempt.enrolment.officer
    RoleGrantFactory(user=own.user, role=Role.SDM, unit=own.postings.get().unit)
    sign_in(client, own.user)

    assert client.get(reverse("grant-attempt", args=[attempt.uuid])).status_code == 404
