"""JP of a year: what stands in the ledger, by the clock of the unit, against a target."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from enrolments import services
from enrolments.corrections import correct_completion
from enrolments.jp import set_jp_target, targets_of
from foundation.models import AppendOnlyViolation, AuditEvent
from organisation.models import Role, Zone
from organisation.services import change_posting
from reports.recounting import recount_marked
from tests.clock import NOON
from tests.factories.enrolments import EnrolmentFactory, completed
from tests.factories.organisation import OfficerFactory, RankFactory, RoleGrantFactory, UnitFactory
from tests.reports.scenes import course as course_of
from tests.reports.test_export_lists import _csv
from tests.signing_in import sign_in


def _target(jp, *, year=2026, group="", actor):
    return set_jp_target(first_year=year, rank_group=group, jp=Decimal(jp), basis="Perkap Uji", actor=actor, at=NOON)


def _jp(page):
    return {row.officer.name: (row.jp, row.short) for row in page.context["page"].object_list if row.jp}


def _take_back(officer, course, actor):
    return correct_completion(
        enrolment=officer.enrolments.get(),
        item=course.current_version.version_items.filter(required=True).first().item,
        evidence=None,
        grade=None,
        withdrawn=True,
        actor=actor,
        reason="salah catat",
        at=NOON,
    )


def test_the_list_adds_up_what_stands_and_names_who_is_short(as_sdm, here):
    completed(here.officers["Andi"], here.etika)
    completed(here.officers["Andi"], here.komunikasi)
    completed(here.officers["Budi"], here.etika)
    each = here.etika.current_version.jp
    _target(each * 2, actor=here.sdm)

    page = as_sdm.get("/sdm/jp/")

    assert _jp(page) == {"Andi": (each * 2, 0), "Budi": (each, each)}
    totals = page.context["totals"]
    assert (totals.jp, totals.asked, totals.reached) == (each * 3, 8, 1)
    assert [state["count"] for state in page.context["states"]] == [8, 7, 1]
    for state in page.context["states"]:
        assert as_sdm.get(state["url"]).context["page"].paginator.count == state["count"]


def test_a_completion_taken_back_counts_no_longer_and_stays_readable(client, as_sdm, here):
    budi = here.officers["Budi"]
    completed(budi, here.etika)
    _take_back(budi, here.etika, here.sdm)

    assert _jp(as_sdm.get("/sdm/jp/")) == {}
    page = sign_in(client, budi.user).get("/jp/")
    assert page.context["shown"].jp == 0
    assert [row.state for row in page.context["shown"].rows] == ["revoked", "superseded"]
    assert "Dicabut" in page.content.decode()


@pytest.mark.parametrize(("zone", "year"), [(Zone.WIB, 2025), (Zone.WIT, 2026)])
def test_the_year_is_that_of_the_clock_where_it_was_completed(client, here, zone, year):
    # 31 December 2025, 23.30 in Jakarta, is 1 January 2026, 01.30 in Jayapura.
    officer = OfficerFactory(posting__unit=UnitFactory(zone=zone))
    completed(officer, here.etika, at=datetime(2025, 12, 31, 16, 30, tzinfo=UTC))

    page = sign_in(client, officer.user).get(f"/jp/?tahun={year}")

    assert page.context["shown"].jp == here.etika.current_version.jp
    assert page.context["years"] == ([2026, 2025] if year == 2025 else [2026])


def test_a_past_year_counts_who_stood_there_at_its_end(as_sdm, here):
    eko = here.officers["Eko"]
    completed(eko, here.etika, at=datetime(2025, 6, 1, tzinfo=UTC))
    change_posting(officer=eko, unit=UnitFactory(), rank=RankFactory(), actor=here.sdm, at=NOON - timedelta(days=9))

    assert "Eko" in _jp(as_sdm.get("/sdm/jp/?tahun=2025"))
    assert "Eko" not in _jp(as_sdm.get("/sdm/jp/"))


def test_a_group_of_ranks_may_have_its_own_target_and_earlier_years_keep_theirs(here):
    _target(20, year=2025, actor=here.sdm)
    _target(40, year=2026, actor=here.sdm)
    _target(30, year=2026, group="Uji", actor=here.sdm)
    corrected = _target(32, year=2026, group="Uji", actor=here.sdm)

    assert targets_of(2024).of("Uji") is None
    assert targets_of(2025).of("Uji") == 20
    assert (targets_of(2027).of("Uji"), targets_of(2027).of("Lain")) == (32, 40)
    with pytest.raises(AppendOnlyViolation):
        corrected.save()


def test_an_administrator_writes_a_target_down(client, here):
    administrator = RoleGrantFactory(role=Role.ADMINISTRATOR, unit=here.unit, user=OfficerFactory().user).user
    signed_in = sign_in(client, administrator)

    answer = signed_in.post("/sdm/jp/target/", {"first_year": 2026, "rank_group": "", "jp": "20", "basis": "ST/1"})

    assert answer.status_code == 302
    assert targets_of(2026).others == 20
    assert AuditEvent.objects.get(verb="jp_target.set").actor_id == administrator.pk
    assert "ST/1" in signed_in.get("/sdm/jp/target/").content.decode()


def test_without_a_target_nobody_is_short(as_sdm, here):
    page = as_sdm.get("/sdm/jp/")

    assert (page.context["totals"].asked, page.context["totals"].short) == (0, 0)
    assert "Belum ada target" in page.content.decode()


def test_the_download_holds_what_the_screen_shows(as_sdm, here):
    completed(here.officers["Budi"], here.etika)
    _target(100, actor=here.sdm)

    header, *rows = _csv(as_sdm.get("/sdm/jp/unduh.csv?q=Budi"))

    found = dict(zip(header, rows[0], strict=True))
    jp = here.etika.current_version.jp
    assert (found["Nama"], found["Tahun"]) == ("Budi", "2026")
    assert Decimal(found["Kurang JP"].replace(",", ".")) == 100 - jp


def test_fifty_officers_ask_no_more_than_five(as_sdm, here, django_assert_max_num_queries):
    for place in range(60):
        here.officer(f"Personel {place:02}", here.polsek)
    recount_marked(at=NOON)

    with django_assert_max_num_queries(15):
        page = as_sdm.get("/sdm/jp/")

    assert len(page.context["page"].object_list) == 50


def test_what_is_done_again_after_being_taken_back_counts_once(as_sdm, here):
    budi = here.officers["Budi"]
    completed(budi, here.etika)
    _take_back(budi, here.etika, here.sdm)
    first = here.etika.current_version.version_items.filter(required=True).first().item
    services.complete_item(
        enrolment=budi.enrolments.get(), item=first, evidence=None, grade=None, at=NOON + timedelta(minutes=5)
    )

    assert _jp(as_sdm.get("/sdm/jp/"))["Budi"][0] == here.etika.current_version.jp


def test_another_course_of_the_same_year_adds_to_it(client, here):
    budi = here.officers["Budi"]
    for course in (here.etika, course_of("C9", "Pelayanan Kelompok Rentan")):
        EnrolmentFactory(officer=budi, course=course, started_at=NOON)
        completed(budi, course)

    shown = sign_in(client, budi.user).get("/jp/").context["shown"]

    assert shown.jp == sum(row.completion.jp for row in shown.rows)
    assert len(shown.rows) == 2
