"""*Ingatkan*: a ready text to send by hand; what was sent is on record, and whom it concerns reads it in the app."""

from datetime import timedelta

import pytest
import time_machine

from enrolments.models import Delivery, Message, Notice, Way
from enrolments.services import current_templates, sharing
from foundation.models import AuditEvent
from organisation.models import Role
from tests.clock import NOON
from tests.factories.organisation import RoleGrantFactory
from tests.reports.scenes import owes, polres, staff
from tests.signing_in import sign_in

pytestmark = pytest.mark.once_on("sqlite")


def _unit(here) -> str:
    return f"/sdm/penagihan/ingatkan/?satuan={here.unit.code}"


def _officer(here, name="Dewi") -> str:
    return f"/sdm/personel/{here.officers[name].uuid}/ingatkan/"


def text_of(client, url) -> str:
    return client.get(url).context["form"].initial["text"]


def test_the_text_names_who_is_late_with_what_and_never_the_number(as_sdm, here):
    unit, officer = text_of(as_sdm, _unit(here)), text_of(as_sdm, _officer(here))

    assert "1. Bripka Dewi: Etika Pelayanan Publik (lewat 1 hari)" in unit
    assert "2. Bripka Eko" in unit
    assert "Bripka Dewi" in officer
    assert "Eko" not in officer
    for text in (unit, officer):
        assert here.officers["Dewi"].number not in text
        assert "{" not in text


def test_a_long_list_ends_in_how_many_more(as_sdm, here):
    for place in range(55):
        owes(here.officer(f"Personel {place:02}", here.polsek), here.etika, "late")

    assert "dan 7 lainnya" in text_of(as_sdm, _unit(here))


def test_what_was_sent_to_the_group_is_on_record_word_by_word_and_each_reads_it_in_the_app(as_sdm, here):
    answer = as_sdm.post(_unit(here), {"text": "Rekan, mohon diselesaikan minggu ini."}, follow=True)

    assert "2 personel melihat pengingatnya" in answer.content.decode()
    shared = Message.objects.get(recipient=None)
    assert (shared.text, shared.unit, shared.shared_by) == (
        "Rekan, mohon diselesaikan minggu ini.",
        here.unit,
        here.sdm,
    )
    assert shared.deliveries.get().way == Way.HAND
    told = Notice.objects.values_list("recipient__name", flat=True)
    assert sorted(told) == ["Dewi", "Eko"]
    assert AuditEvent.objects.get(verb="reminder.shared").detail == {"officers": 2}


def test_what_was_sent_to_one_officer_is_on_record_and_read_in_the_app(as_head, here):
    as_head.post(_officer(here), {"text": "Dewi, ayo."})

    message = Message.objects.get()
    assert (message.text, message.recipient, message.shared_by) == (
        "Dewi, ayo.",
        here.officers["Dewi"].user,
        here.head,
    )
    assert sorted(Delivery.objects.values_list("way", "state")) == [("app", "delivered"), ("hand", "delivered")]
    assert AuditEvent.objects.get(verb="reminder.shared").subject_id == here.officers["Dewi"].pk


def test_nobody_is_reminded_by_hand_twice_on_one_day(as_sdm, here):
    as_sdm.post(_officer(here), {"text": "Satu"})
    again = as_sdm.post(_officer(here), {"text": "Dua"}, follow=True)
    unit = as_sdm.post(_unit(here), {"text": "Semua"}, follow=True)
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False):
        twice = as_sdm.post(_unit(here), {"text": "Semua lagi"}, follow=True)

    assert "sudah diingatkan" in again.content.decode()
    assert "1 personel melihat" in unit.content.decode()
    assert "sudah diingatkan" in twice.content.decode()
    assert Notice.objects.count() == 2
    assert Message.objects.filter(recipient=None).count() == 1


def test_without_words_nothing_is_recorded(as_sdm, here):
    page = as_sdm.post(_unit(here), {"text": "  "})

    assert page.status_code == 200
    assert not Message.objects.exists()


def test_too_many_people_are_refused_before_anything_happens(as_sdm, here, monkeypatch):
    monkeypatch.setattr("reports.views.remind.MAXIMUM_PEOPLE", 1)

    answer = as_sdm.get(_unit(here), follow=True)

    assert "Lebih dari 1 personel" in answer.content.decode()


def test_an_officer_who_is_not_late_has_no_text(as_sdm, here):
    answer = as_sdm.get(_officer(here, "Andi"), follow=True)

    assert "Tidak ada pelatihan personel ini yang lewat" in answer.content.decode()


def test_the_neighbour_is_neither_named_nor_reminded(as_sdm, here):
    there = polres("Polres Tetangga")
    owes(there.officer("Zaki", there.polsek), there.etika, "late")

    assert as_sdm.get(_unit(there)).status_code == 404
    assert as_sdm.get(_officer(there, "Zaki")).status_code == 404
    assert as_sdm.post(_officer(there, "Zaki"), {"text": "Halo"}).status_code == 404
    assert "Zaki" not in text_of(as_sdm, _unit(here))


def test_the_filter_of_the_list_is_the_filter_of_the_text(as_sdm, here):
    assert "Eko" not in text_of(as_sdm, f"{_unit(here)}&loket=sim")


def test_who_looks_at_several_units_chooses_one_first(client, here):
    sdm = staff(Role.SDM, here.polsek)
    other = polres("Polres Lain")
    RoleGrantFactory(user=sdm, role=Role.SDM, unit=other.unit)

    answer = sign_in(client, sdm).get("/sdm/penagihan/ingatkan/", follow=True)

    assert "Pilih satu satuan dahulu" in answer.content.decode()


def test_a_hundred_are_recorded_with_as_many_queries_as_two(as_sdm, here, django_assert_max_num_queries):
    for place in range(100):
        owes(here.officer(f"Personel {place:02}", here.polsek), here.etika, "late")

    with django_assert_max_num_queries(45):
        as_sdm.post(_unit(here), {"text": "Semua"})

    assert Notice.objects.count() == 102


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_the_same_moment_leave_one_record_per_officer(together):
    here = polres()
    dewi = here.officer("Dewi", here.polsek)
    owes(dewi, here.etika, "late")
    template = current_templates()["officer_by_hand"]
    reminded = sharing.Reminded(dewi, here.polsek, "Judul", "Isi")

    results = together(
        *[
            lambda actor=actor: sharing.share_with_officer(reminded=reminded, template=template, actor=actor, at=NOON)
            for actor in (here.sdm, here.head)
        ]
    )

    assert sorted(type(result).__name__ for result in results) == ["Message", "SharingRefused"]
    assert Notice.objects.count() == 1
