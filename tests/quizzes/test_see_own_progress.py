"""An officer sees the own progress; old results are seen by the officer concerned, SDM, and an administrator."""

import pytest

from organisation.models import Role
from organisation.personal_data import everything_about
from quizzes.formats import FORMATS
from quizzes.formats.storing import store_history
from quizzes.models import ImportedSitting
from tests.clock import NOON
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.old_quiz import fixture
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory, UserFactory
from tests.factories.quizzes import AttemptFactory, QuizVersionFactory, VersionQuestionFactory
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def budi():
    """The officer whose NRP was the login in the old application."""
    return OfficerFactory(number="85010001", posting__unit=UnitFactory())


@pytest.fixture
def _history(budi, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    import json

    reading = FORMATS["django-quiz-app"].read(json.dumps(fixture()).encode())
    store_history(reading.sittings, actor=None, at=NOON)


@pytest.mark.usefixtures("_history")
def test_the_officer_concerned_sees_the_old_result_and_nobody_elses(client, budi):
    own = sign_in(client, budi.user).get("/kemajuan/").content.decode()
    foreign = sign_in(client, OfficerFactory().user).get("/kemajuan/").content.decode()

    assert "Riwayat lama" in own
    assert "67% lulus" in own
    assert "Ani Tamu" not in own
    assert "Riwayat lama" not in foreign
    assert everything_about(budi, at=NOON)["Hasil kuis dari aplikasi lama"][0]["persen"] == 67


@pytest.mark.usefixtures("_history")
def test_sdm_reads_it_on_the_learning_record(client, budi):
    unit = budi.postings.get().unit
    sdm = UserFactory()
    RoleGrantFactory(user=sdm, role=Role.SDM, unit=unit)

    assert "67% lulus" in sign_in(client, sdm).get(f"/sdm/personel/{budi.uuid}/pelatihan/").content.decode()


@pytest.mark.usefixtures("_history")
def test_an_administrator_sees_those_that_found_nobody(client):
    administrator = UserFactory()
    RoleGrantFactory(user=administrator, role=Role.ADMINISTRATOR)

    page = sign_in(client, administrator).get("/sdm/hasil-lama/").content.decode()

    assert "Ani Tamu" in page
    assert "Budi Santoso" not in page


@pytest.mark.usefixtures("_history")
def test_history_is_written_once():
    row = ImportedSitting.objects.first()
    row.percent = 100

    with pytest.raises(Exception, match="written once"):
        row.save()


def test_the_page_asks_as_many_queries_for_ten_attempts_as_for_one(client, django_assert_max_num_queries):
    version = QuizVersionFactory(questions=0, draw_count=1)
    VersionQuestionFactory(version=version)
    enrolment = EnrolmentFactory(course=version.item.course)
    AttemptFactory.create_batch(10, version=version, enrolment=enrolment, finished=True)
    sign_in(client, enrolment.officer.user)

    # Session, user, officer, count and page of attempts, topics, corrections, history, posting, navigation's roles.
    with django_assert_max_num_queries(13):
        client.get("/kemajuan/")
