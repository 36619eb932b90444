"""Unit heads and SDM are told once a day about their own scope, and about what climbed to them."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enrolments.models import Delivery, DutyEnd, Message, Notice, ReminderRun, Way
from enrolments.reminders import midnight
from enrolments.services import finish
from foundation import outbox
from foundation.formats import day_of
from foundation.models import OutboxEntry
from organisation.models import Role, UnitLevel
from reports import digests
from reports.completion import completion
from reports.core import Wanted
from reports.digests import send_digests, standing
from reports.scope import scope_of
from tests.clock import NOON
from tests.enrolments.reminder_scene import DAY, at_local, leader, scene, texts_to
from tests.examples import examples
from tests.factories.organisation import RoleGrantFactory, UnitFactory
from tests.killing import after_each_kill

pytestmark = pytest.mark.once_on("sqlite")

MINUTE = timedelta(minutes=1)


@pytest.fixture
def here(db):
    return scene()


def told_today(user, at=NOON) -> str | None:
    texts = Message.objects.filter(recipient=user, created_at__date=at.date()).values_list("text", flat=True)
    return texts[0] if texts else None


@pytest.mark.both_databases
def test_the_head_and_the_sdm_are_told_what_is_new_in_their_unit(here):
    here.owes(here.officer("Andi"), -1)
    here.owes(here.officer("Budi", unit=here.polres), 5)

    send_digests(at=NOON)

    assert "lewat batas waktu: 1" in told_today(here.sector_head)
    assert "berakhir dalam tujuh hari: 0" in told_today(here.sector_head)
    text = told_today(here.sdm)
    assert "lewat batas waktu: 1" in text
    assert "berakhir dalam tujuh hari: 1" in text
    assert Notice.objects.get(recipient=here.sdm).message.url == "/sdm/"
    assert Notice.objects.get(recipient=here.sector_head).message.url == "/satuan/"


def test_the_next_level_hears_of_a_late_duty_after_the_step_that_climbs_to_it(here):
    here.owes(here.officer(), -1)
    reached = {}
    for days in range(16):
        send_digests(at=NOON + days * DAY)
        for user in (here.sector_head, here.head, here.sdm, here.upper_sdm):
            text = told_today(user, NOON + days * DAY)
            if text and "terlambat: 1" in text:
                reached.setdefault(user.name, []).append(days + 1)

    # Kapolsek and SDM Polres are the nearest of their kind: after 7 days. Kapolres and SDM Polda: after 14.
    assert reached == {"Kapolsek": [7], "SDM Polres": [7], "Kapolres": [14], "SDM Polda": [14]}


def test_without_news_nobody_is_told_the_same_figures_again(here):
    here.owes(here.officer(), -2)
    assert send_digests(at=NOON) > 0

    assert send_digests(at=NOON + DAY) == 0


def test_the_first_digest_tells_of_the_last_week_and_of_nothing_older(here):
    here.owes(here.officer("Andi"), 30, valid_to=NOON - 3 * DAY, ended_as=DutyEnd.COMPLETED)
    here.owes(here.officer("Budi"), 30, valid_to=NOON - 9 * DAY, ended_as=DutyEnd.COMPLETED)

    send_digests(at=NOON)

    assert "baru selesai: 1" in told_today(here.sdm)


def test_what_was_completed_since_the_last_digest_is_told_once(here):
    here.owes(here.officer(), 30, valid_to=NOON - DAY, ended_as=DutyEnd.COMPLETED)

    send_digests(at=NOON)
    send_digests(at=NOON + DAY)

    assert ["baru selesai: 1" in text for text in texts_to(here.sdm)] == [True]


def test_an_outage_of_days_is_one_digest_that_leaves_nothing_out(here):
    here.owes(here.officer("Andi"), -1)
    send_digests(at=NOON)
    here.owes(here.officer("Budi"), 0)
    here.owes(here.officer("Citra"), 30, valid_to=NOON + DAY, ended_as=DutyEnd.COMPLETED)

    send_digests(at=NOON + 6 * DAY)

    first, second = texts_to(here.sdm)
    assert "terlambat: 0" in first
    assert "terlambat: 1" in second
    assert "baru selesai: 1" in second
    assert "lewat batas waktu: 2" in second


def test_who_heads_and_staffs_several_units_gets_one_digest_and_counts_nobody_twice(here):
    RoleGrantFactory(user=here.sdm, role=Role.HEAD, unit=here.polsek)
    RoleGrantFactory(user=here.sdm, role=Role.HEAD, unit=here.polres)
    here.owes(here.officer(), -1)

    send_digests(at=NOON)
    send_digests(at=NOON + timedelta(hours=1))

    (text,) = texts_to(here.sdm)
    assert "lewat batas waktu: 1" in text


def test_the_neighbour_is_told_nothing_of_it(here):
    neighbour = UnitFactory(level=UnitLevel.RESORT, parent=here.polda)
    stranger = leader(Role.HEAD, neighbour, "Kapolres Tetangga")
    here.owes(here.officer(), -1)

    send_digests(at=NOON)

    assert texts_to(stranger) == []


def test_nothing_leaves_in_quiet_hours_or_twice_when_the_day_was_not_finished(here, monkeypatch):
    here.owes(here.officer(), -1)
    assert send_digests(at=at_local(6)) == 0
    monkeypatch.setattr(digests, "finish", lambda *args, **kwargs: None)
    assert send_digests(at=NOON) > 0

    monkeypatch.setattr(digests, "finish", finish)

    assert send_digests(at=NOON) == 0


def test_the_figures_are_those_of_the_screens(here):
    for place, (unit, days, ended) in enumerate(
        [(here.polsek, -30, ""), (here.polsek, 3, "completed"), (here.polres, -1, ""), (here.polda, 2, "")]
    ):
        fields = {"valid_to": NOON - DAY, "ended_as": ended} if ended else {}
        officer = here.officer(f"Personel {place}", unit=unit)
        here.owes(officer, days, **fields)
        # An older round and a withdrawn order count nowhere.
        here.owes(officer, -60, cycle=2, valid_to=NOON - DAY, ended_as=DutyEnd.WITHDRAWN)

    send_digests(at=NOON)

    for user in (here.sdm, here.head, here.sector_head, here.upper_sdm):
        figures = completion(scope_of(user, at=NOON), Wanted(unit=None)).figures
        text = told_today(user)
        assert text is None or f"lewat batas waktu: {figures.overdue}\n" in text
    assert "lewat batas waktu: 2\n" in told_today(here.sdm)


@settings(max_examples=examples(6), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(duties=st.lists(st.tuples(st.integers(0, 2), st.integers(-20, 20), st.booleans()), max_size=8))
def test_late_by_units_adds_up_to_the_screen_whatever_stands_where(here, duties):
    units = [here.polda, here.polres, here.polsek]
    for place, days, done in duties:
        fields = {"valid_to": NOON - DAY, "ended_as": DutyEnd.COMPLETED} if done else {}
        here.owes(here.officer(unit=units[place]), days, **fields)

    found = standing(zone="Asia/Jakarta", at=NOON)

    for user, unit in ((here.upper_sdm, here.polda), (here.sdm, here.polres)):
        late = sum(count for path, count in found.late.items() if path.startswith(unit.path))
        assert late == completion(scope_of(user, at=NOON), Wanted()).figures.overdue


def test_the_whole_nation_is_counted_in_two_queries(here, django_assert_num_queries):
    for place in range(10):
        here.owes(here.officer(f"Personel {place}"), -place)

    # Open duties by unit and due date, completed ones by unit and day.
    with django_assert_num_queries(2):
        standing(zone="Asia/Jakarta", at=NOON)


def test_digests_of_many_leaders_cost_as_much_as_of_few(here, django_assert_max_num_queries):
    here.owes(here.officer(), -1)
    for _leader in range(20):
        RoleGrantFactory(role=Role.HEAD, unit=here.polsek)

    # Rules; per zone: the run and the leaders; two counts; words, steps, last digests; keys twice; six writes.
    with django_assert_max_num_queries(32):
        assert send_digests(at=NOON) == 22


def test_a_day_begins_at_midnight_of_the_leaders_unit(db):
    assert midnight(day_of(NOON, "Asia/Jayapura"), "Asia/Jayapura").isoformat() == "2026-11-21T00:00:00+09:00"


# --- killed anywhere --------------------------------------------------------


def all_have_news(here):
    """Two heads and two of SDM, each with an address and something new; return their addresses."""
    for name, unit in (("Andi", here.polsek), ("Budi", here.polres), ("Citra", here.polda)):
        here.owes(here.officer(name, unit=unit), -1)
    leading = (here.upper_sdm, here.sdm, here.head, here.sector_head)
    for user in leading:
        user.email = f"u{user.pk}@contoh.go.id"
        user.save()
    return sorted(user.email for user in leading)


def written():
    """What leaders were told and what proves it, without the moments of writing."""
    return {
        "messages": sorted(Message.objects.values_list("key", "recipient", "text")),
        "notices": sorted(Notice.objects.values_list("recipient", "message__key")),
        "log": sorted(Delivery.objects.values_list("message__key", "way", "number", "state")),
        "mails": sorted(OutboxEntry.objects.values_list("kind", "key")),
        "days": sorted(ReminderRun.objects.values_list("kind", "zone", "day")),
    }


@pytest.mark.both_databases
def test_a_tick_killed_anywhere_and_run_again_tells_every_head_and_sdm_once(here):
    leading = all_have_news(here)

    after = list(after_each_kill(lambda: send_digests(at=NOON), lambda: send_digests(at=NOON + MINUTE), written))

    uninterrupted = after[-1]
    assert len(after) > 6
    assert all(one == uninterrupted for one in after)
    assert len(uninterrupted["messages"]) == len(uninterrupted["notices"]) == len(uninterrupted["mails"])
    assert len(uninterrupted["messages"]) == len(leading)


def mailed(minutes):
    """Let the outbox do what is due so many minutes after noon."""
    at = NOON + minutes * MINUTE
    with time_machine.travel(at, tick=False):
        outbox.sweep(at=at)


def letters_and_proof():
    """Who got a letter, and how each message stands."""
    letters = sorted(address for letter in mail.outbox for address in letter.to)
    mail.outbox.clear()
    stands = Delivery.objects.newest().filter(way=Way.MAIL).values_list("message__recipient__email", "state")
    return letters, dict(stands)


def test_a_worker_killed_anywhere_mails_no_leader_twice_and_says_of_whom_it_does_not_know(here):
    leading = all_have_news(here)
    send_digests(at=NOON)
    mail.outbox.clear()

    # The lease of the dead worker, and the wait of what was queued with it, are over after five minutes each.
    after = list(
        after_each_kill(lambda: mailed(0), lambda: [mailed(minutes) for minutes in (1, 7, 13)], letters_and_proof)
    )

    assert len(after) > 12
    for letters, stands in after:
        unknown = {address for address, state in stands.items() if state == "unknown"}
        assert letters == sorted(set(letters))
        assert set(leading) - set(letters) <= unknown
        assert len(unknown) <= 1
        assert {address for address, state in stands.items() if state == "delivered"} == set(leading) - unknown
    assert after[-1] == (leading, dict.fromkeys(leading, "delivered"))
