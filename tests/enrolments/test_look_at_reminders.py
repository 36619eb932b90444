"""/sdm/pengingat/: what was sent, what goes out tomorrow, the schedule and the words."""

from datetime import time
from html import unescape

import pytest
import time_machine

from enrolments.models import (
    Delivery,
    Message,
    MessageTemplate,
    ReminderRules,
    ReminderStep,
    current_rules,
    current_steps,
)
from enrolments.reminders import Step, midnight
from enrolments.services import remind_officers
from enrolments.views import reminders
from enrolments.wording import WORDINGS, check, fill
from foundation import paging
from foundation.formats import day_of
from foundation.models import AuditEvent
from organisation.models import Role, UnitLevel, Zone
from tests.clock import NOON
from tests.enrolments.reminder_scene import DAY, leader, scene
from tests.factories.organisation import RoleGrantFactory, UnitFactory
from tests.signing_in import sign_in

pytestmark = pytest.mark.once_on("sqlite")


@pytest.fixture
def here(db, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    with time_machine.travel(NOON, tick=False):
        yield scene()


@pytest.fixture
def as_sdm(client, here):
    return sign_in(client, here.sdm)


@pytest.fixture
def as_top(client, here):
    return sign_in(client, here.upper_sdm)


def names(page) -> list[str]:
    return [row.message.recipient.name for row in page.context["page"]]


# --- what was sent -----------------------------------------------------------


def test_the_proof_shows_whom_what_how_and_by_which_template(as_sdm, here):
    here.owes(here.officer("Andi", email="andi@contoh.go.id"), 3)
    remind_officers(at=NOON)

    page = as_sdm.get("/sdm/pengingat/")

    content = page.content.decode()
    assert sorted((row.way, row.state) for row in page.context["page"]) == [("app", "delivered"), ("mail", "queued")]
    assert "Sebelum batas waktu versi 1" in content
    assert Message.objects.get().text in content


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Andi", "Andi", "Budi"]),
        ("lewat=mail", ["Andi"]),
        ("lewat=app", ["Andi", "Budi"]),
        ("keadaan=queued", ["Andi"]),
        ("q=bud", ["Budi"]),
        ("hari=2026-11-20", []),
        ("hari=2026-11-21&lewat=app", ["Andi", "Budi"]),
        ("hari=kemarin", ["Andi", "Andi", "Budi"]),
        ("lewat=pos", ["Andi", "Andi", "Budi"]),
    ],
)
def test_the_proof_is_filtered_by_day_way_state_and_name(as_sdm, here, query, found):
    here.owes(here.officer("Andi", email="andi@contoh.go.id"), 3)
    here.owes(here.officer("Budi"), 3)
    remind_officers(at=NOON)

    assert sorted(names(as_sdm.get(f"/sdm/pengingat/?{query}"))) == found


def test_the_proof_of_the_neighbours_is_not_shown_and_a_look_is_on_record(as_sdm, here):
    neighbour = UnitFactory(level=UnitLevel.RESORT, parent=here.polda)
    here.owes(here.officer("Zaki", unit=neighbour), 3)
    remind_officers(at=NOON)

    assert names(as_sdm.get("/sdm/pengingat/")) == []
    assert AuditEvent.objects.get(verb="reminders.viewed").detail == {"page": "sent"}


def test_the_proof_of_many_costs_as_much_as_of_few(as_sdm, here, django_assert_max_num_queries):
    for place in range(60):
        here.owes(here.officer(f"Personel {place}"), 3)
    remind_officers(at=NOON)

    with django_assert_max_num_queries(15):
        page = as_sdm.get("/sdm/pengingat/")

    assert len(page.context["page"]) == 50


# --- tomorrow ----------------------------------------------------------------


def test_tomorrow_names_whom_the_platform_then_reminds(as_sdm, here):
    owed = {
        here.officer("Andi"): 4,
        here.officer("Budi"): 1,
        here.officer("Citra"): 3,
        here.officer("Dewi"): 0,
        here.officer("Eko"): 9,
    }
    for officer, days in owed.items():
        here.owes(officer, days)
    remind_officers(at=NOON)
    before = set(Message.objects.values_list("pk", flat=True))

    page = as_sdm.get("/sdm/pengingat/besok/")

    foretold = sorted((duty.officer.name, duty.title, duty.text) for duty in page.context["page"])
    no_longer_quiet = current_rules().quiet.end_after(midnight(day_of(NOON + DAY, Zone.WIB), Zone.WIB), Zone.WIB)
    remind_officers(at=no_longer_quiet)
    told = Message.objects.exclude(pk__in=before).values_list("recipient__name", "title", "text")
    assert foretold == sorted(told)
    assert [name for name, _title, _text in foretold] == ["Andi", "Budi", "Dewi"]
    assert foretold[0][2] in unescape(page.content.decode())
    assert [(tile["label"], tile["value"]) for tile in page.context["tiles"]] == [
        ("3 hari sebelum batas waktu", 1),
        ("pada hari batas waktu", 1),
        ("1 hari sesudah batas waktu", 1),
    ]


def test_tomorrow_holds_only_the_own_units(as_sdm, here):
    neighbour = UnitFactory(level=UnitLevel.RESORT, parent=here.polda)
    here.owes(here.officer("Zaki", unit=neighbour), 4)

    assert as_sdm.get("/sdm/pengingat/besok/").context["page"].paginator.count == 0


def test_tomorrow_of_many_costs_as_much_as_of_few(as_sdm, here, django_assert_max_num_queries):
    for place in range(60):
        here.owes(here.officer(f"Personel {place}"), 4)

    with django_assert_max_num_queries(17):
        page = as_sdm.get("/sdm/pengingat/besok/")

    assert len(page.context["page"]) == 50


def test_tomorrow_of_very_many_names_the_same_people_page_by_page(as_sdm, here, monkeypatch):
    for name, days in (("Andi", 4), ("Budi", 1), ("Citra", 4), ("Dewi", 0), ("Eko", 4)):
        here.owes(here.officer(name), days)

    def named():
        pages = as_sdm.get("/sdm/pengingat/besok/").context["page"].paginator.num_pages
        return [
            [duty.officer.name for duty in as_sdm.get(f"/sdm/pengingat/besok/?page={page}").context["page"]]
            for page in range(1, pages + 1)
        ]

    (short,) = named()
    monkeypatch.setattr(paging, "WIDE", 0)
    monkeypatch.setattr(reminders, "PAGE_SIZE", 2)

    assert named() == [short[:2], short[2:4], short[4:]]


def test_a_schedule_that_tells_leaders_alone_reminds_no_officer(as_sdm, here):
    ReminderStep.objects.filter(to_officer=True).delete()
    here.owes(here.officer("Andi"), 4)

    page = as_sdm.get("/sdm/pengingat/besok/")

    assert page.context["page"].paginator.count == 0
    assert remind_officers(at=NOON + DAY) == 0


# --- the schedule ------------------------------------------------------------


def schedule(*steps, **answers) -> dict:
    data = {"enabled": "on", "quiet_from": "21:00", "quiet_until": "06:30"} | answers
    data |= {"langkah-TOTAL_FORMS": len(steps), "langkah-INITIAL_FORMS": 0}
    for place, (days, officer, climbs) in enumerate(steps):
        data |= {f"langkah-{place}-days": days, f"langkah-{place}-climbs": climbs}
        if officer:
            data[f"langkah-{place}-to_officer"] = "on"
    return data


def test_the_top_units_sdm_changes_schedule_and_quiet_hours_and_it_is_on_record(as_top, here):
    as_top.post("/sdm/pengingat/jadwal/", schedule((-7, True, ""), (3, False, "0")))

    rules = ReminderRules.objects.get()
    assert (rules.quiet_from, rules.quiet_until) == (time(21), time(6, 30))
    assert current_steps() == [Step(-7), Step(3, to_officer=False, climbs=0)]
    detail = AuditEvent.objects.get(verb="reminder_rules.changed").detail
    assert detail["before"]["quiet"] == ["20:00:00", "07:00:00"]
    assert detail["after"]["steps"] == [[-7, True, None], [3, False, 0]]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        (schedule((1, True, ""), (1, True, "0")), "Satu hari hanya boleh muncul sekali"),
        (schedule((-3, True, "0")), "hanya diberi tahu sesudah batas waktu"),
        (schedule((1, True, ""), quiet_from="07:00", quiet_until="07:00"), "Jam tenang harus berakhir"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused_in_a_sentence(as_top, here, answers, sentence):
    page = as_top.post("/sdm/pengingat/jadwal/", answers)

    assert sentence in page.content.decode()
    assert ReminderStep.objects.count() == 6


def test_below_the_top_the_schedule_is_read_and_not_changed(as_sdm, here):
    page = as_sdm.get("/sdm/pengingat/jadwal/")

    assert "14 hari sebelum batas waktu" in page.content.decode()
    assert "langkah-0-days" not in page.content.decode()
    assert as_sdm.post("/sdm/pengingat/jadwal/", schedule((1, True, ""))).status_code == 403


def test_an_administrator_of_a_lower_unit_does_not_change_them_either(client, here):
    user = leader(Role.HEAD, here.polres, "Kepala")
    RoleGrantFactory(user=user, role=Role.ADMINISTRATOR, unit=here.polres)

    assert sign_in(client, user).post("/sdm/pengingat/jadwal/", schedule((1, True, ""))).status_code == 403


# --- the words ---------------------------------------------------------------


def words(**answers) -> dict:
    return {"title": "Ingat: {pelatihan}", "text": "Halo {nama}, {sisa}.", "seen": "1"} | answers


def test_new_words_are_a_new_version_and_the_old_one_stays(as_top, here):
    as_top.post("/sdm/pengingat/templat/before/", words())

    versions = MessageTemplate.objects.filter(kind="before").order_by("number")
    assert [version.number for version in versions] == [1, 2]
    assert versions[0].text == WORDINGS["before"].text
    assert (versions[1].text, versions[1].recorded_by) == ("Halo {nama}, {sisa}.", here.upper_sdm)
    assert AuditEvent.objects.get(verb="reminder_template.changed").detail == {"kind": "before", "version": 2}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Halo {namaa}", "“{namaa}” tidak dikenal di templat ini. Yang dapat dipakai: {salam}, {nama}"),
        ("Halo {lewat}", "“{lewat}” tidak dikenal"),
        ("Halo {nama", "kurung kurawal tanpa pasangan"),
        ("Halo }{", "kurung kurawal tanpa pasangan"),
    ],
)
def test_a_placeholder_that_nothing_fills_is_refused_in_a_sentence(as_top, here, text, sentence):
    page = as_top.post("/sdm/pengingat/templat/before/", words(text=text))

    assert sentence in page.content.decode().replace("&quot;", '"')
    assert MessageTemplate.objects.filter(kind="before").count() == 1


def test_the_example_is_shown_before_anything_is_saved(as_top, here):
    page = as_top.post("/sdm/pengingat/templat/before/", words(lihat="1"))

    assert "Halo Bripka Andi Pratama, 7 hari lagi." in page.content.decode()
    assert MessageTemplate.objects.filter(kind="before").count() == 1


def test_two_who_change_the_same_words_do_not_overwrite_each_other(as_top, here):
    as_top.post("/sdm/pengingat/templat/before/", words())

    page = as_top.post("/sdm/pengingat/templat/before/", words(text="Lain {nama}"))

    assert "baru saja diubah orang lain" in page.content.decode()
    assert MessageTemplate.objects.filter(kind="before").count() == 2


@pytest.mark.parametrize("kind", WORDINGS)
def test_every_kind_begins_with_words_that_can_be_filled_and_opens(as_top, here, kind):
    wording = WORDINGS[kind]
    for text in (wording.title, wording.text):
        check(kind, text)
        assert "{" not in fill(text, wording.example)

    assert as_top.get(f"/sdm/pengingat/templat/{kind}/").status_code == 200
    assert MessageTemplate.objects.current().get(kind=kind).text == wording.text


def test_a_value_with_braces_is_not_read_as_a_placeholder():
    assert fill("{nama}", {"nama": "{pelatihan}", "pelatihan": "x"}) == "{pelatihan}"


def test_a_degree_at_the_end_of_a_sentence_keeps_one_full_stop():
    assert fill("Halo, {nama}. Mulai.", {"nama": "Budi, S.H."}) == "Halo, Budi, S.H. Mulai."
    assert fill("Halo, {nama}. Mulai.", {"nama": "Budi"}) == "Halo, Budi. Mulai."


def test_no_delivery_is_shown_twice_when_its_log_grows(as_sdm, here):
    here.owes(here.officer("Andi", email="andi@contoh.go.id"), 3)
    remind_officers(at=NOON)
    mail = Delivery.objects.get(way="mail")
    Delivery.objects.create(message=mail.message, way="mail", number=2, state="failed", why="penuh", at=NOON)

    page = as_sdm.get("/sdm/pengingat/?lewat=mail")

    assert [row.state for row in page.context["page"]] == ["failed"]
    assert names(as_sdm.get("/sdm/pengingat/?keadaan=queued")) == []
