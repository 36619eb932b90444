"""What a transfer changed under orders that follow it: who, from where to where, what, by which order and why."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine

from enrolments.assignment import AssignmentRule
from enrolments.services import follow_moves
from foundation.models import AuditEvent
from organisation.models import ImportKind, Role, RosterImport
from organisation.services.officers import end_posting
from organisation.services.units import move_unit
from tests.clock import NOON
from tests.enrolments.test_follow_moves import move
from tests.factories.enrolments import assigned
from tests.factories.organisation import OfficerFactory, RankFactory, RoleGrantFactory, UnitFactory, UserFactory
from tests.factories.paths import path_assigned, published_path, step
from tests.reports.scenes import course
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAGE = "/sdm/penugasan/perubahan/"


@pytest.fixture
def here(settings):
    """Two Polres below one Polda, each with an SDM; Andi stands in the first, which has an order that follows."""
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    nation = UnitFactory(name="Mabes")
    polda = UnitFactory(parent=nation, name="Polda Uji", short_name="Polda Uji")
    polres = UnitFactory(parent=polda, name="Polres Utara", short_name="Polres Utara")
    other = UnitFactory(parent=polda, name="Polres Selatan", short_name="Polres Selatan")
    etika = course("C1", "Etika Pelayanan Publik")
    sdm = RoleGrantFactory(role=Role.SDM, unit=polres).user
    andi = officer(polres, "Andi")
    assigned(etika, polres, actor=sdm, follows=True, due_at=NOON + 30 * DAY)
    return SimpleNamespace(
        nation=nation,
        polda=polda,
        polres=polres,
        other=other,
        etika=etika,
        sdm=sdm,
        other_sdm=RoleGrantFactory(role=Role.SDM, unit=other).user,
        polda_sdm=RoleGrantFactory(role=Role.SDM, unit=polda).user,
        andi=andi,
    )


def officer(unit, name="Dewi Lestari", **posting):
    fields = {"rank": RankFactory(code="bripka"), "post": "Banit"} | posting
    return OfficerFactory(name=name, **{f"posting__{key}": value for key, value in ({"unit": unit} | fields).items()})


def tick(hours):
    return follow_moves(at=NOON + hours * HOUR)


def shown(client, actor, query="", *, at=NOON + DAY):
    """The rows that ``actor`` sees at ``at``."""
    with time_machine.travel(at, tick=False):
        sign_in(client, actor)
        page = client.get(PAGE + query)
        assert page.status_code == 200
        return page.context["page"].object_list


def test_who_comes_stands_there_with_both_places_the_duty_the_order_and_why(client, here):
    comes = officer(here.other)
    move(comes, here.polres, post="Banit SPKT", at=NOON + HOUR)
    tick(2)

    (row,) = shown(client, here.sdm)
    with time_machine.travel(NOON + DAY, tick=False):
        text = client.get(PAGE).content.decode()

    assert row.officer == comes
    assert (row.left_words, row.came_words, row.since) == (
        "Banit, Polres Selatan",
        "Banit SPKT, Polres Utara",
        NOON + HOUR,
    )
    assert row.what == "Kewajiban baru, batas waktu 21 Desember 2026"
    assert row.why == "Pindah satuan 21 November 2026, sehingga perintah Sprin/118/XI/2026 berlaku baginya."
    for words in ("Dewi Lestari", comes.number, row.what, row.why, "C1", "Banit, Polres Selatan → Banit SPKT"):
        assert words in text


def test_who_goes_is_told_to_the_unit_that_is_left_and_to_the_one_above_and_to_nobody_else(client, here):
    third = UnitFactory(parent=here.polda)
    stranger = RoleGrantFactory(role=Role.SDM, unit=UnitFactory(parent=here.polda)).user
    move(here.andi, here.other, at=NOON + HOUR)
    tick(2)
    move(here.andi, third, at=NOON + 3 * HOUR)

    (row,) = shown(client, here.sdm)

    assert (row.what, row.came_words) == ("Kewajiban berakhir", "Banit, Polres Selatan")
    assert row.why == "Pindah satuan 21 November 2026, sehingga perintah Sprin/118/XI/2026 tidak berlaku lagi baginya."
    assert len(shown(client, here.polda_sdm)) == len(shown(client, here.other_sdm)) == 1
    assert shown(client, stranger) == []


def test_a_unit_that_the_officer_left_long_before_learns_nothing_of_later_moves(client, here):
    goes = officer(here.other)
    move(goes, here.polda, at=NOON + HOUR)
    move(goes, here.polda, post="Kanit", at=NOON + 2 * HOUR)
    move(goes, here.polres, at=NOON + 3 * HOUR)
    tick(4)

    assert len(shown(client, here.sdm)) == 1
    assert shown(client, here.other_sdm) == []


def test_a_date_that_comes_and_goes_with_a_second_order_is_told_with_both_dates(client, here):
    moves = officer(here.other)
    assigned(here.etika, here.other, rule=AssignmentRule(here.other, people=[moves]), due_at=NOON + 90 * DAY)
    move(moves, here.polres, at=NOON + HOUR)
    tick(2)
    move(moves, here.other, at=NOON + 3 * HOUR)
    tick(4)

    later, sooner = shown(client, here.sdm)

    assert sooner.what == "Batas waktu 19 Februari 2027 menjadi 21 Desember 2026"
    assert sooner.why.endswith("sehingga perintah Sprin/118/XI/2026 berlaku baginya.")
    assert later.what == "Batas waktu 21 Desember 2026 menjadi 19 Februari 2027"
    assert "tidak berlaku lagi baginya dan yang diminta perintah lain tinggal" in later.why


def test_why_says_what_happened_whatever_changed(client, here):
    promoted = officer(here.polres, "Budi")
    polsek = UnitFactory(parent=here.other, short_name="Polsek Uji")
    officer(polsek, "Eko")
    ranks = [RankFactory(code="aipda", short="Aipda")]
    assigned(course("C2", "Komunikasi"), here.polres, rule=AssignmentRule(here.polres, ranks=ranks), follows=True)
    end_posting(officer=here.andi, reason="Pensiun", actor=UserFactory(), at=NOON + HOUR)
    move(promoted, here.polres, rank=ranks[0], at=NOON + HOUR)
    move_unit(unit=polsek, parent=here.polres, actor=UserFactory(), at=NOON + HOUR)
    tick(2)

    why = {row.officer.name: row.why.split(",")[0] for row in shown(client, here.sdm)}

    assert why == {
        "Andi": "Penempatannya berakhir 21 November 2026",
        "Budi": "Pangkatnya menjadi Aipda 21 November 2026",
        "Eko": "Polsek Uji dipindahkan ke bawah Polres Utara 21 November 2026",
    }


def test_a_path_is_named(client, here):
    version = published_path(step(here.etika), step(course("C2", "Komunikasi")), title="Jalur Loket")
    path_assigned(version, here.other, follows=True)
    move(officer(here.polres), here.other, at=NOON + HOUR)
    tick(2)

    assert any("(jalur Jalur Loket)" in row.why for row in shown(client, here.other_sdm))


def test_another_tick_tells_nothing_twice(client, here):
    move(officer(here.other), here.polres, at=NOON + HOUR)
    tick(2)
    tick(3)
    tick(4)

    assert len(shown(client, here.sdm)) == 1


def test_days_a_unit_and_a_name_narrow_it(client, here):
    polsek = UnitFactory(parent=here.polres, code="PSK")
    move(officer(here.other, "Anita"), here.polres, at=NOON + HOUR)
    tick(2)
    move(officer(here.other, "Budi"), polsek, at=NOON + DAY)
    tick(25)
    long_after = NOON + 60 * DAY

    def names(query, at=NOON + 2 * DAY):
        return [row.officer.name for row in shown(client, here.sdm, query, at=at)]

    assert names("") == ["Budi", "Anita"]
    assert names("", at=long_after) == []
    assert names("?dari=2026-11-21", at=long_after) == ["Budi", "Anita"]
    assert names("?sampai=2026-11-21") == ["Anita"]
    assert names("?dari=2026-11-22") == ["Budi"]
    assert names(f"?satuan={polsek.code}") == ["Budi"]
    assert names("?q=anit") == ["Anita"]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_the_same_rows_leave_as_a_file(client, here, kind):
    move(officer(here.other), here.polres, at=NOON + HOUR)
    tick(2)
    assert len(shown(client, here.sdm)) == 1

    with time_machine.travel(NOON + DAY, tick=False):
        file = client.get(f"{PAGE}unduh.{kind}?dari=2026-11-21&sampai=2026-11-21")

    assert file.status_code == 200
    if kind == "csv":
        text = b"".join(file.streaming_content).decode("utf-8-sig")
        assert "Dewi Lestari" in text
        assert "Pindah satuan 21 November 2026" in text
    assert AuditEvent.objects.get(verb="report.exported").detail["rows"] == 1


def test_a_page_asks_as_much_for_many_as_for_one(client, here, django_assert_max_num_queries):
    for number in range(12):
        move(officer(here.other, f"Personel {number}"), here.polres, at=NOON + HOUR)
    tick(2)
    with time_machine.travel(NOON + DAY, tick=False):
        sign_in(client, here.sdm)
        client.get(PAGE)
        with django_assert_max_num_queries(15):
            page = client.get(f"{PAGE}?satuan={here.polres.code}")

    assert len(page.context["page"].object_list) == 12


def test_the_orders_and_an_import_of_transfers_lead_there(client, here):
    sign_in(client, here.sdm)
    done = RosterImport.objects.create(
        kind=ImportKind.OFFICERS, file_name="mutasi.xlsx", uploaded_by=here.sdm, uploaded_at=NOON, applied_at=NOON
    )

    assert f'href="{PAGE}"' in client.get("/sdm/penugasan/").content.decode()
    assert f'href="{PAGE}?dari=2026-11-21"' in client.get(f"/sdm/personel/impor/{done.uuid}/").content.decode()
