"""Quick Wins: an officer counts once per activity and period, and finishes by the period's last day."""

from datetime import date, timedelta

import pytest
import time_machine

from organisation.services import change_posting
from programmes.models import Activity, Period, Programme
from tests.clock import NOON
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import RankFactory, UnitFactory
from tests.signing_in import sign_in


def quarter(*, ends_on: date = date(2026, 12, 31), name: str = "Triwulan IV 2026") -> Activity:
    programme, _created = Programme.objects.get_or_create(code="quick-wins", name="Quick Wins Presisi")
    period = Period.objects.create(programme=programme, name=name, starts_on=date(2026, 10, 1), ends_on=ends_on)
    return Activity.objects.create(period=period, code="P3.1", field="SDM Unggul", name="Pelatihan pelayanan")


def _lines(page):
    whole, lines = page.context["whole"], [row["line"] for row in page.context["lines"][:-1]]
    return (whole.total, whole.done), [(line.code, line.figures.total, line.figures.done) for line in lines]


def _names(page):
    return [person.posting.officer.name for person in page.context["page"].object_list]


def test_two_orders_of_one_activity_count_an_officer_once(as_sdm, here):
    activity = quarter()
    assigned(here.komunikasi, here.satlantas, activity=activity)
    assigned(here.komunikasi, here.unit, activity=activity, order_number="Sprin/2")

    whole, lines = _lines(as_sdm.get("/sdm/quick-wins/"))

    # Six officers with duties, and the SDM and the head of the Polres.
    assert whole == (8, 0)
    assert lines == [("P3.1", 8, 0)]


def test_finished_is_who_finished_every_course_of_the_activity(as_sdm, here):
    activity = quarter()
    assigned(here.komunikasi, here.satlantas, activity=activity)
    assigned(here.etika, here.satlantas, activity=activity)
    completed(here.officers["Budi"], here.komunikasi)
    completed(here.officers["Budi"], here.etika)
    completed(here.officers["Citra"], here.komunikasi)

    whole, _each = _lines(as_sdm.get("/sdm/quick-wins/"))

    assert whole == (3, 1)


def test_a_course_finished_after_the_last_day_does_not_count_for_the_period(as_sdm, here):
    activity = quarter(ends_on=date(2026, 11, 20))
    assigned(here.komunikasi, here.satlantas, activity=activity, at=NOON - timedelta(days=5))
    completed(here.officers["Budi"], here.komunikasi, at=NOON - timedelta(days=2))
    completed(here.officers["Citra"], here.komunikasi, at=NOON)

    whole, _each = _lines(as_sdm.get("/sdm/quick-wins/"))

    assert whole == (3, 1)


def test_the_names_behind_a_figure_are_as_many_as_it_says(as_sdm, here):
    activity = quarter()
    assigned(here.komunikasi, here.satlantas, activity=activity)
    completed(here.officers["Budi"], here.komunikasi)
    names = f"/sdm/quick-wins/{activity.period_id}/nama/?kegiatan={activity.pk}"

    assert _names(as_sdm.get(f"{names}&keadaan=selesai")) == ["Budi"]
    assert _names(as_sdm.get(f"{names}&keadaan=belum")) == ["Citra", "Dewi"]
    assert as_sdm.get("/sdm/quick-wins/999/nama/").status_code == 404


def test_without_a_period_the_page_says_who_records_one(as_sdm, here):
    assert "Belum ada periode Quick Wins" in as_sdm.get("/sdm/quick-wins/").content.decode()


def moved(here) -> None:
    """Dewi leaves the Polres three days after NOON."""
    change_posting(
        officer=here.officers["Dewi"],
        unit=UnitFactory(),
        rank=RankFactory(),
        actor=here.sdm,
        at=NOON + timedelta(days=3),
    )


@pytest.mark.parametrize("axis", ["keadaan", "catatan"])
def test_a_past_day_counts_who_stood_there_and_every_link_keeps_the_day(client, here, axis):
    activity = quarter()
    assigned(here.komunikasi, here.satlantas, activity=activity)
    moved(here)

    with time_machine.travel(NOON + timedelta(days=9), tick=False):
        today = sign_in(client, here.sdm).get("/sdm/quick-wins/")
        page = client.get(f"/sdm/quick-wins/?per=2026-11-22&menurut={axis}")
        row = page.context["lines"][0]
        names = client.get(row["names"]["all"])
        counters = client.get(row["counters"])

    assert (_lines(today)[0], _lines(page)[0]) == ((2, 0), (3, 0))
    assert f"Menurut {axis} 22 November 2026 23.59 WIB" in page.content.decode()
    assert "Riwayat" in page.content.decode() or "susunan satuan hari itu" in page.content.decode()
    assert sorted(_names(names)) == ["Budi", "Citra", "Dewi"]
    assert "kini di luar satuan Anda" in names.content.decode()
    assert {entry["line"].function: entry["line"].asked for entry in counters.context["rows"]} == {"sim": 3, "skck": 1}


def test_a_period_that_is_over_is_shown_as_on_its_last_day_unless_another_is_asked_for(client, here):
    activity = quarter(ends_on=date(2026, 11, 22))
    assigned(here.komunikasi, here.satlantas, activity=activity)
    moved(here)

    with time_machine.travel(NOON + timedelta(days=9), tick=False):
        page = sign_in(client, here.sdm).get("/sdm/quick-wins/")
        now = client.get("/sdm/quick-wins/?per=")
        names = client.get(now.context["lines"][0]["names"]["all"])

    assert (_lines(page)[0], _lines(now)[0]) == ((3, 0), (2, 0))
    assert "Menurut keadaan 22 November 2026 23.59 WIB" in page.content.decode()
    assert sorted(_names(names)) == ["Budi", "Citra"]


def test_a_foreign_unit_or_activity_is_not_found(as_sdm, here):
    activity = quarter()

    assert as_sdm.get(f"/sdm/quick-wins/?satuan={UnitFactory().code}").status_code == 404
    assert as_sdm.get(f"/sdm/quick-wins/{activity.period_id}/nama/?kegiatan=999").status_code == 404
    assert as_sdm.get(f"/sdm/quick-wins/{activity.period_id}/nama/?keadaan=tanpa").status_code == 404
    assert as_sdm.get("/sdm/quick-wins/?periode=abc").status_code == 404
