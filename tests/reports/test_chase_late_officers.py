"""SDM sees who is late, by counter, and gets the words to remind them."""

from datetime import timedelta

import time_machine

from foundation.models import AuditEvent
from reports.chase import late_rows
from reports.core import Wanted
from reports.scope import scope_of
from tests.clock import NOON
from tests.reports.scenes import owes, polres


def _names(page):
    return [row.officer.name for row in page.context["page"].object_list]


def test_the_longest_late_stands_first(as_sdm, here):
    owes(here.officer("Gita", here.polsek), here.etika, "late", due_at=NOON - timedelta(days=9))

    page = as_sdm.get("/sdm/penagihan/")

    assert _names(page) == ["Gita", "Dewi", "Eko"]
    assert page.context["page"].object_list[0].late_words == "9 hari"
    assert "3 personel lewat batas waktu" in page.content.decode()


def test_who_became_late_a_moment_ago_is_counted_though_nothing_was_written(as_sdm, here):
    owes(here.officer("Gita", here.polsek, "spkt"), here.etika, due_at=NOON + timedelta(minutes=5))
    assert _names(as_sdm.get("/sdm/penagihan/")) == ["Dewi", "Eko"]

    with time_machine.travel(NOON + timedelta(minutes=6), tick=False):
        page = as_sdm.get("/sdm/penagihan/")

    assert _names(page) == ["Dewi", "Eko", "Gita"]
    assert "3 personel lewat batas waktu" in page.content.decode()
    assert {counter["name"]: counter["late"] for counter in page.context["counters"]}["SPKT"] == 2


def test_a_counter_shows_only_who_serves_it(as_sdm, here):
    page = as_sdm.get("/sdm/penagihan/?loket=spkt")

    assert _names(page) == ["Eko"]


def test_officers_without_a_counter_have_a_list_of_their_own(as_sdm, here):
    owes(here.officers["Fitri"], here.komunikasi, "late")

    page = as_sdm.get("/sdm/penagihan/?loket=-")

    assert _names(page) == ["Fitri"]


def test_the_list_narrows_to_a_unit_a_course_and_a_name(as_sdm, here):
    owes(here.officers["Dewi"], here.komunikasi, "late")

    assert _names(as_sdm.get(f"/sdm/penagihan/?satuan={here.polsek.code}")) == ["Eko"]
    assert _names(as_sdm.get("/sdm/penagihan/?pelatihan=C2")) == ["Dewi"]
    assert _names(as_sdm.get("/sdm/penagihan/?q=ek")) == ["Eko"]


def test_grouped_by_unit_each_unit_has_one_heading(as_sdm, here):
    owes(here.officer("Gita", here.polsek), here.etika, "late", due_at=NOON - timedelta(days=9))

    page = as_sdm.get("/sdm/penagihan/?kelompok=satuan")

    assert [row.group for row in page.context["page"].object_list] == [
        "Satlantas Polres Uji",
        "Polsek Polres Uji",
        "Polsek Polres Uji",
    ]
    assert page.content.decode().count('<th scope="rowgroup"') == 2


def test_grouped_by_counter_those_without_one_stand_last(here):
    owes(here.officers["Fitri"], here.etika, "late", cycle=2, due_at=NOON - timedelta(days=30))

    rows = late_rows(scope_of(here.sdm, at=NOON), Wanted(), group="loket")

    assert [row.officer.name for row in rows][-1] == "Fitri"


def test_each_row_and_the_unit_lead_to_a_ready_text(as_sdm, here):
    content = as_sdm.get("/sdm/penagihan/").content.decode()

    assert f"/sdm/personel/{here.officers['Dewi'].uuid}/ingatkan/" in content
    assert f"/sdm/penagihan/ingatkan/?satuan={here.unit.code}" in content
    assert "wa.me" not in content


def test_the_neighbours_late_officers_are_not_named(as_sdm, here):
    there = polres("Polres Tetangga")
    owes(there.officer("Zaki", there.polsek), there.etika, "late")

    assert "Zaki" not in _names(as_sdm.get("/sdm/penagihan/"))
    assert as_sdm.get(f"/sdm/penagihan/?satuan={there.polsek.code}").status_code == 404


def test_what_the_filter_does_not_offer_does_not_exist(as_sdm):
    assert as_sdm.get("/sdm/penagihan/?loket=kasir").status_code == 404
    assert as_sdm.get("/sdm/penagihan/?pelatihan=X99").status_code == 404


def test_looking_at_the_list_is_one_event_without_names(as_sdm, here):
    as_sdm.get("/sdm/penagihan/?q=Dewi&loket=sim")

    event = AuditEvent.objects.get(verb="report.viewed")
    assert event.actor_id == here.sdm.pk
    assert event.detail == {"report": "chase", "filter": {"satuan": here.unit.code, "loket": "sim", "q": "…"}}


def test_nobody_late_says_what_will_stand_here(as_sdm, here):
    page = as_sdm.get("/sdm/penagihan/?pelatihan=C2")

    assert "Tidak ada yang lewat batas waktu" in page.content.decode()


def test_fifty_names_stand_on_a_page(as_sdm, here, django_assert_max_num_queries):
    for place in range(55):
        owes(here.officer(f"Personel {place:02}", here.polsek, "spkt", "skck"), here.etika, "late")

    page = as_sdm.get("/sdm/penagihan/")

    assert len(_names(page)) == 50
