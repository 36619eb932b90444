"""SDM reads who did and saw what: within its units, per officer and per act."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation import audit, paging
from foundation.models import AuditEvent
from organisation.models import Role
from tests.clock import NOON
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory, UserFactory
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def polres():
    return UnitFactory(parent=UnitFactory())


@pytest.fixture
def sdm(client, polres, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    sign_in(client, RoleGrantFactory(role=Role.SDM, unit=polres).user)
    return client


def wrote(who: str, verb="report.viewed", **about) -> None:
    audit.record(verb=verb, actor=UserFactory(name=who), at=NOON, **about)


def test_only_what_concerns_the_own_units_and_their_officers_is_shown(sdm, polres):
    below = OfficerFactory(name="Budi Santoso", posting__unit=UnitFactory(parent=polres))
    wrote("Di Sini", unit_path=polres.path, detail={"reason": "pemeriksaan rutin", "public_id": "7QX"})
    wrote("Tentang Budi", verb="attempt.viewed", subject_id=below.pk)
    wrote("Tetangga", unit_path=UnitFactory().path)
    wrote("Atasan", unit_path=polres.parent.path)
    wrote("Isi Pelatihan", verb="course.published")

    page = sdm.get("/sdm/audit/").content.decode()

    assert "membuka laporan" in page
    assert "alasan: pemeriksaan rutin" in page
    assert [name in page for name in ("Di Sini", "Tentang Budi", "Tetangga", "Atasan", "Isi Pelatihan")] == [
        *(True, True),
        *(False, False, False),
    ]


def test_who_audits_the_whole_tree_also_sees_what_concerns_no_unit(client, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    sign_in(client, RoleGrantFactory(role=Role.ADMINISTRATOR, unit=UnitFactory()).user)
    wrote("Penyusun", verb="course.published")

    assert "Penyusun" in client.get("/sdm/audit/").content.decode()


def test_the_trail_is_narrowed_to_an_act_an_actor_an_officer_and_days(sdm, polres):
    officer = OfficerFactory(posting__unit=polres)
    wrote("Kabag A", unit_path=polres.path)
    wrote("Kabag B", verb="officer.viewed", unit_path=polres.path, subject_id=officer.pk)

    found = {
        query: [name for name in ("Kabag A", "Kabag B") if name in sdm.get(f"/sdm/audit/?{query}").content.decode()]
        for query in ("verb=report.viewed", "actor=kabag+b", f"officer={officer.number}", "until=2026-11-20")
    }

    assert list(found.values()) == [["Kabag A"], ["Kabag B"], ["Kabag B"], []]


def test_older_pages_follow_without_counting(sdm, polres, django_assert_max_num_queries):
    for number in range(60):
        wrote(f"Pembuka {number:02}", unit_path=polres.path)

    with django_assert_max_num_queries(20):
        page = sdm.get("/sdm/audit/").content.decode()

    older = page.split("sebelum=")[1].split('"')[0]
    assert "Pembuka 59" in page
    assert "Pembuka 05" not in page
    assert "Pembuka 05" in sdm.get(f"/sdm/audit/?sebelum={older}").content.decode()


def test_an_export_says_what_the_screen_says_and_is_itself_written_down(sdm, polres):
    wrote("Kabag A", unit_path=polres.path)

    text = b"".join(sdm.get("/sdm/audit/unduh.csv?verb=report.viewed").streaming_content).decode()

    assert "Kabag A" in text
    assert "mengunduh jejak audit" in sdm.get("/sdm/audit/").content.decode()


def test_a_csv_of_the_trail_begins_before_all_of_it_was_counted_or_read(sdm, polres, monkeypatch):
    monkeypatch.setattr(paging, "PIECE", 2)
    for number in range(5):
        wrote(f"Pembuka {number}", unit_path=polres.path)

    with CaptureQueriesContext(connection) as asked:
        lines = b"".join(sdm.get("/sdm/audit/unduh.csv?verb=report.viewed").streaming_content).decode().splitlines()

    assert [line.split(";")[1] for line in lines[1:]] == [f"Pembuka {number}" for number in (4, 3, 2, 1, 0)]
    looks = [query["sql"] for query in asked if 'FROM "foundation_auditevent"' in query["sql"]]
    assert [sql for sql in looks if "LIMIT 2" not in sql] == []
    assert AuditEvent.objects.get(verb="audit.exported").detail["rows"] is None


def test_who_takes_the_trail_of_two_units_away_is_seen_by_the_auditors_of_the_first(client, sdm, polres):
    both = RoleGrantFactory(role=Role.SDM, unit=polres).user
    RoleGrantFactory(user=both, role=Role.SDM, unit=UnitFactory())
    auditor = RoleGrantFactory(role=Role.SDM, unit=polres).user
    b"".join(sign_in(client, both).get("/sdm/audit/unduh.csv").streaming_content)

    assert both.name in sign_in(client, auditor).get("/sdm/audit/?verb=audit.exported").content.decode()
