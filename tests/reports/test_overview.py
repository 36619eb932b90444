"""/sdm/ says where the unit stands, where the gaps are and what to do next."""

from datetime import timedelta
from decimal import Decimal

import pytest

from enrolments import services
from enrolments.models import Duty
from organisation.models import Role
from reports.recounting import recount_marked
from tests.clock import NOON
from tests.factories.enrolments import EnrolmentFactory, assigned, completed
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory
from tests.factories.quizzes import QuizVersionFactory
from tests.reports.scenes import owes, polres
from tests.signing_in import sign_in

pytestmark = pytest.mark.once_on("sqlite")


def _tiles(page):
    return {tile["label"]: (tile["value"], tile["note"]) for tile in page.context["tiles"]}


def test_the_heading_carries_the_fact(as_sdm, here):
    page = as_sdm.get("/sdm/").content.decode()

    assert "50% pelatihan wajib sudah selesai" in page
    assert "Tagih 2 personel" in page
    assert "Menurut keadaan 21 November 2026 12.00 WIB" in page


def test_with_one_course_the_heading_speaks_of_officers(as_sdm, here):
    assert "50% personel sudah menyelesaikan Etika" in as_sdm.get("/sdm/?pelatihan=C1").content.decode()


def test_who_owes_two_late_courses_is_one_officer_to_chase(as_sdm, here):
    owes(here.officers["Dewi"], here.komunikasi, "late")

    assert _tiles(as_sdm.get("/sdm/"))["Lewat batas waktu"] == ("3", "pada 2 personel")


def test_each_tile_leads_to_as_many_rows_as_it_says(as_sdm, here):
    for tile in as_sdm.get("/sdm/").context["tiles"][:2]:
        page = as_sdm.get(tile["url"])
        assert page.context["page"].paginator.count == int(tile["value"])


def test_the_grade_is_that_of_the_ledger_and_the_rise_counts_who_took_both_tests(as_sdm, here):
    pretest, posttest = here.etika.current_version.version_items.filter(title__endswith="tes").order_by("order")
    QuizVersionFactory(item=pretest.item, role="pretest", questions=0)
    QuizVersionFactory(item=posttest.item, role="posttest", questions=0)
    for name, before, after in (("Andi", "40", "80"), ("Budi", None, "90")):
        enrolment = EnrolmentFactory(officer=here.officers[name], course=here.etika)
        grade = before and Decimal(before)
        services.complete_item(enrolment=enrolment, item=pretest.item, evidence=None, grade=grade, at=NOON)
        completed(here.officers[name], here.etika, grade=Decimal(after))

    assert _tiles(as_sdm.get("/sdm/"))["Rata-rata pos-tes"] == ("85", "naik 40 dari pre-tes")


def test_the_trend_cumulates_what_was_done_of_what_is_owed_today(as_sdm, here):
    Duty.objects.filter(officer=here.officers["Andi"]).update(valid_to=NOON - timedelta(days=30))

    points = as_sdm.get("/sdm/").context["points"]

    assert [value for _label, value in points] == [0, 0, 0, 16, 16, 16, 16, 50]
    assert points[-1][0] == "21 Nov"


def test_before_anything_is_assigned_the_page_says_what_to_do_first(client, db, at_noon, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    page = sign_in(client, polres().sdm).get("/sdm/").content.decode()

    assert "Belum ada pelatihan yang ditugaskan" in page
    assert "Tugaskan pelatihan pertama" in page
    assert "tile" not in page


@pytest.mark.both_databases
def test_an_officer_over_two_units_sees_both_as_rows(client, here):
    there = UnitFactory(name="Polres Kedua")
    RoleGrantFactory(user=here.sdm, role=Role.SDM, unit=there)
    owes(OfficerFactory(name="Zaki", posting__unit=there), here.etika, "late")

    page = sign_in(client, here.sdm).get("/sdm/")

    assert {line.label for line in page.context["table"].lines} == {"Polres Uji", "Polres Kedua"}
    assert page.context["figures"].total == 7


def test_an_administrator_reads_nobodys_learning_and_is_led_to_the_people(client, here):
    administrator = RoleGrantFactory(role=Role.ADMINISTRATOR, unit=here.unit, user=OfficerFactory().user).user

    answer = sign_in(client, administrator).get("/sdm/")

    assert answer.headers["Location"] == "/sdm/personel/"


@pytest.mark.parametrize("path", ["/sdm/", "/sdm/penagihan/", "/sdm/penyelesaian/", "/sdm/penyelesaian/nama/"])
def test_a_page_asks_no_more_of_the_database_with_more_rows(as_sdm, here, path, django_assert_max_num_queries):
    for place in range(30):
        unit = UnitFactory(parent=here.unit, short_name=f"Polsek {place:02}")
        owes(
            here.officer(f"Personel {place:02}", unit, "spkt", "skck"), here.etika, ["late", "done", "open"][place % 3]
        )
        owes(here.officers[f"Personel {place:02}"], here.komunikasi, "late")
    recount_marked(at=NOON)

    with django_assert_max_num_queries(15):
        as_sdm.get(path)


@pytest.mark.both_databases
def test_the_quick_wins_filter_leaves_the_duties_that_the_period_asked_for(as_sdm, here):
    from tests.reports.test_quick_wins import quarter

    activity = quarter()
    assigned(here.komunikasi, here.satlantas, activity=activity)

    page = as_sdm.get(f"/sdm/?program=periode-{activity.period_id}")

    assert page.context["figures"].total == 3
    assert as_sdm.get(f"/sdm/?program=kegiatan-{activity.pk}").context["figures"].total == 3
