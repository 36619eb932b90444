"""SDM opens one officer's learning record: why something is done, or not yet."""

from decimal import Decimal

import pytest

from enrolments import services
from foundation.models import AuditEvent
from organisation.models import Role
from tests.clock import NOON
from tests.factories.courses import published_course
from tests.factories.enrolments import EnrolmentFactory, assigned, completed
from tests.factories.reliefs import exempted
from tests.reports.scenes import polres, staff
from tests.signing_in import sign_in

pytestmark = pytest.mark.once_on("sqlite")


def _record(client, officer):
    return client.get(f"/sdm/personel/{officer.uuid}/pelatihan/")


def test_a_course_not_yet_done_names_what_is_missing(as_sdm, here):
    assigned(here.komunikasi, here.satlantas)
    enrolment = EnrolmentFactory(officer=here.officers["Dewi"], course=here.komunikasi)
    first = here.komunikasi.current_version.version_items.first()
    services.complete_item(enrolment=enrolment, item=first.item, evidence=None, grade=Decimal(40), at=NOON)

    courses = {entry.standing.course.code: entry for entry in _record(as_sdm, here.officers["Dewi"]).context["courses"]}

    assert courses["C2"].why == "Belum selesai: 1 dari 5 bagian wajib. Kurang: Materi 2, Materi 3, Materi 4, Pos-tes."
    assert courses["C1"].why == "Belum selesai karena pelatihan belum dibuka."
    assert courses["C2"].duties[0][0].reasons.all()[0].assignment.order_number == "Sprin/118/XI/2026"


def test_a_completed_course_says_so_with_its_grade(as_sdm, here):
    completed(here.officers["Eko"], here.etika, grade=Decimal("85.5"))

    page = _record(as_sdm, here.officers["Eko"])

    assert "Selesai karena semua bagian wajib selesai, nilai 85,5." in page.content.decode()


def test_opening_it_is_written_down_with_the_officer_as_subject(as_sdm, here):
    _record(as_sdm, here.officers["Eko"])

    event = AuditEvent.objects.get(verb="learning.viewed")
    assert (event.actor_id, event.subject_id) == (here.sdm.pk, here.officers["Eko"].pk)


def test_the_neighbours_officer_does_not_exist_here(as_sdm, here):
    there = polres("Polres Tetangga")

    assert _record(as_sdm, there.officer("Zaki", there.polsek)).status_code == 404
    assert not AuditEvent.objects.filter(verb="learning.viewed").exists()


def test_who_took_no_course_yet_has_an_empty_record(as_sdm, here):
    assert "Belum ada pelatihan" in _record(as_sdm, here.officer("Baru", here.polsek)).content.decode()


def test_the_record_asks_no_more_for_more_courses_and_names_what_exempts(as_sdm, here, django_assert_max_num_queries):
    dewi = here.officers["Dewi"]
    for course in (here.etika, here.komunikasi):
        completed(dewi, course, at=NOON)
    exempted(dewi, published_course(), at=NOON)
    assigned(published_course(), here.satlantas)
    _record(as_sdm, dewi)

    with django_assert_max_num_queries(15):
        page = _record(as_sdm, dewi)

    assert len(page.context["courses"]) == 3
    assert [relief.shown_state for relief in page.context["reliefs"]] == ["running"]


def test_an_officer_reads_why_nothing_is_asked_during_an_exemption(client, here):
    dewi = here.officers["Dewi"]
    EnrolmentFactory(officer=dewi, course=here.komunikasi)
    exempted(dewi, here.komunikasi, at=NOON)

    page = sign_in(client, dewi.user).get(f"/pelatihan/{here.komunikasi.slug}/mengapa/")

    assert page.context["course"].state == "exempt"


def test_only_who_may_ask_for_it_finds_the_way_to_an_exemption(as_sdm, client, settings, here):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    mine, others = (
        _record(as_sdm, officer).context["may_relieve"] for officer in (here.sdm.officer, here.officers["Dewi"])
    )
    head = sign_in(client, staff(Role.HEAD, here.unit))

    assert (mine, others, _record(head, here.officers["Dewi"]).context["may_relieve"]) == (False, True, False)
