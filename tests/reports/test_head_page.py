"""The head's page on the phone: how far the unit is, who is late, where."""

from datetime import timedelta

import pytest
import time_machine

from organisation.models import Role
from organisation.services import change_posting
from tests.clock import NOON
from tests.factories.organisation import RankFactory, UnitFactory
from tests.reports.scenes import owes, staff
from tests.signing_in import sign_in

pytestmark = pytest.mark.once_on("sqlite")


def test_the_head_sees_how_far_the_unit_is_and_who_is_late(as_head, here):
    page = as_head.get("/satuan/")

    content = page.content.decode()
    assert "50% pelatihan wajib sudah selesai" in content
    assert "3 dari 6 selesai" in content
    assert [person["name"].split()[-1] for person in page.context["late"]] == ["Dewi", "Eko"]
    assert [(bar.label, bar.note) for bar in page.context["counters"]] == [
        ("SPKT", "0 dari 1"),
        ("SKCK", "1 dari 1"),
        ("SIM", "2 dari 3"),
    ]


def test_the_weakest_unit_stands_on_top_and_leads_to_its_names(as_head, here):
    bar = as_head.get("/satuan/").context["units"][0]

    assert (bar.label, bar.note) == ("Polsek", "0 dari 2")
    assert as_head.get(bar.url).context["page"].paginator.count == 2


def test_the_head_of_a_polsek_sees_the_polsek_alone(client, here):
    kapolsek = staff(Role.HEAD, here.polsek)

    page = sign_in(client, kapolsek).get("/satuan/")

    assert page.context["figures"].total == 2
    assert "Dewi" not in page.content.decode()
    assert client.get(f"/satuan/?satuan={here.unit.code}").status_code == 404


def test_the_head_follows_a_figure_into_the_lists_but_not_into_sdms_rooms(as_head, here):
    assert as_head.get("/sdm/penagihan/").context["page"].paginator.count == 2
    assert as_head.get("/sdm/").status_code == 403
    content = as_head.get("/satuan/").content.decode()
    assert 'href="/sdm/penagihan/"' in content
    assert 'href="/sdm/penugasan/"' not in content


def test_the_head_finds_the_words_to_send(as_head, here):
    assert as_head.get("/satuan/").context["remind_url"] == f"/sdm/penagihan/ingatkan/?satuan={here.unit.code}"


def test_a_past_day_shows_the_unit_as_it_was_and_reminds_nobody(client, here):
    change_posting(
        officer=here.officers["Eko"],
        unit=UnitFactory(),
        rank=RankFactory(),
        actor=here.sdm,
        at=NOON + timedelta(days=2),
    )
    with time_machine.travel(NOON + timedelta(days=9), tick=False):
        today = sign_in(client, here.head).get("/satuan/")
        then = client.get("/satuan/?per=2026-11-22")
        known = client.get("/satuan/?per=2026-11-22&menurut=catatan")

    assert (today.context["figures"].total, then.context["figures"].total, known.context["figures"].total) == (5, 6, 6)
    content = then.content.decode()
    assert "Menurut keadaan 22 November 2026 23.59 WIB" in content
    assert "susunan satuan hari itu" in content
    assert "Ingatkan" not in content
    assert "Ingatkan" in today.content.decode()
    assert {bar.url.split("?")[1] for bar in then.context["courses"]} == {
        f"satuan={here.unit.code}&pelatihan=C1&per=2026-11-22"
    }
    assert client.get(then.context["courses"][0].url).status_code in (200, 302)


def test_the_head_page_asks_no_more_of_the_database_with_more_rows(as_head, here, django_assert_max_num_queries):
    for place in range(30):
        owes(here.officer(f"Personel {place:02}", here.polsek, "spkt", "skck"), here.etika, "late")

    as_head.get("/satuan/")  # what changed is counted once

    with django_assert_max_num_queries(15):
        as_head.get("/satuan/")


@pytest.mark.browser
def test_the_head_page_is_light_and_accessible(transactional_db, as_head, here, phone, weigh, axe, live_server):
    for place in range(20):
        owes(here.officer(f"Personel {place:02}", here.polsek, "spkt"), here.etika, "late")
    cookie = as_head.cookies["sessionid"].value
    phone.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    assert weigh(phone, "/satuan/") <= 60 * 1024
    axe(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
