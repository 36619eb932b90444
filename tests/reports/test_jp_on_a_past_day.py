"""JP of a year up to a past day: as it was, and as it was known."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from enrolments import services as learning
from enrolments.corrections import correct_completion
from enrolments.jp import set_jp_target
from enrolments.models import Enrolment
from organisation.services import change_posting
from reports.permissions import Axis
from tests.clock import NOON
from tests.factories.enrolments import EnrolmentFactory, completed
from tests.factories.organisation import RankFactory, UnitFactory
from tests.reports.test_export_lists import _csv
from tests.signing_in import sign_in

DAY = timedelta(days=1)
NEXT_YEAR = NOON + 100 * DAY
URL = "/sdm/jp/?per=2026-11-21"


@pytest.fixture
def later(client, here):
    with time_machine.travel(NEXT_YEAR, tick=False):
        yield sign_in(client, here.sdm)


@pytest.fixture
def each(here):
    return here.etika.current_version.jp


def told_late(officer, course, *, at, recorded_at):
    begun = EnrolmentFactory(officer=officer, course=course, started_at=at)
    for entry in course.current_version.version_items.select_related("item"):
        learning.complete_item(
            enrolment=begun, item=entry.item, evidence=None, grade=None, at=at, recorded_at=recorded_at
        )


def _jp(page):
    return {row.officer.name: row.jp for row in page.context["page"].object_list if row.jp}


def test_only_what_was_completed_by_then_counts_and_the_day_says_its_year(later, here, each):
    completed(here.officers["Andi"], here.etika, at=NOON - DAY)
    completed(here.officers["Andi"], here.komunikasi, at=NOON + 2 * DAY)
    completed(here.officers["Budi"], here.etika, at=NOON - 400 * DAY)

    page = later.get(f"{URL}&tahun=2027")

    assert _jp(page) == {"Andi": each}
    assert page.context["totals"].jp == each
    assert page.context["form"]["tahun"].value() == "2026"
    content = page.content.decode()
    assert "jam pelajaran 2026 sampai 21 November 2026" in content
    assert "Menurut keadaan 21 November 2026 23.59 WIB" in content
    assert _jp(later.get("/sdm/jp/?tahun=2026")) == {"Andi": each * 2}
    assert _jp(later.get("/sdm/jp/?per=2025-12-31")) == {"Budi": each}


def test_what_was_recorded_late_or_taken_back_divides_the_two_axes(later, here, each):
    told_late(here.officers["Andi"], here.etika, at=NOON - DAY, recorded_at=NOON + 3 * DAY)
    completed(here.officers["Budi"], here.etika, at=NOON - DAY)
    correct_completion(
        enrolment=Enrolment.objects.get(officer=here.officers["Budi"]),
        item=here.etika.current_version.version_items.first().item,
        evidence=None,
        grade=None,
        withdrawn=True,
        actor=here.sdm,
        reason="salah catat",
        at=NOON + 3 * DAY,
    )

    assert _jp(later.get(URL)) == {"Andi": each}
    known = later.get(f"{URL}&menurut=catatan")
    assert _jp(known) == {"Budi": each}
    assert known.context["totals"].jp == each


def test_a_target_written_later_was_not_known_then(later, here, each):
    completed(here.officers["Andi"], here.etika, at=NOON - DAY)
    set_jp_target(first_year=2026, rank_group="", jp=Decimal(20), basis="Perkap", actor=here.sdm, at=NOON + 5 * DAY)

    assert later.get(URL).context["totals"].asked == 8
    assert later.get(f"{URL}&menurut=catatan").context["totals"].asked == 0


def test_who_was_transferred_counts_at_the_unit_of_that_day(later, here, each):
    andi = here.officers["Andi"]
    completed(andi, here.etika, at=NOON - DAY)
    change_posting(officer=andi, unit=UnitFactory(), rank=RankFactory(), actor=here.sdm, at=NOON + 3 * DAY)

    page = later.get(URL)

    assert _jp(page) == {"Andi": each}
    assert "kini di luar satuan Anda" in page.content.decode()
    assert _jp(later.get("/sdm/jp/?tahun=2026")) == {}


def test_the_tabs_and_the_file_keep_the_day(later, here, each):
    completed(here.officers["Andi"], here.etika, at=NOON - DAY)
    completed(here.officers["Fitri"], here.etika, at=NOON + DAY)
    set_jp_target(first_year=2026, rank_group="", jp=each, basis="Perkap", actor=here.sdm, at=NOON - 9 * DAY)

    page = later.get(f"{URL}&menurut=catatan")

    assert [state["count"] for state in page.context["states"]] == [8, 7, 1]
    for state in page.context["states"]:
        assert later.get(state["url"]).context["page"].paginator.count == state["count"]
    answer = later.get(dict(page.context["downloads"])["CSV"])
    assert "jp-2026-per-2026-11-21-menurut-catatan.csv" in answer.headers["Content-Disposition"]
    header, *rows = _csv(answer)
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert [row["Nama"] for row in found if row["JP"] != "0"] == ["Andi"]


def test_a_day_to_come_is_refused_in_words(later):
    page = later.get("/sdm/jp/?per=2028-01-01")

    assert "Tanggal ini belum terjadi" in page.content.decode()
    assert page.context["year"] == 2027


@pytest.mark.parametrize("axis", Axis.values)
def test_a_past_day_asks_a_fixed_number_of_queries(later, here, axis, django_assert_max_num_queries):
    for place in range(20):
        completed(here.officer(f"Personel {place:02}", here.polsek), here.etika, at=NOON - DAY)
    url = f"{URL}&menurut={axis}"
    assert later.get(url).status_code == 200

    with django_assert_max_num_queries(15):
        page = later.get(url)

    assert len(_jp(page)) == 20
