"""A fixed order goes with its people; whoever reads it sees those who serve below, and of the others how many."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from enrolments.models import Duty, DutyReason
from enrolments.order_figures import EVERY, count_again, figures_of, keep_figures, with_figures
from enrolments.path_orders import count_officers_of_paths
from enrolments.services import follow_moves, renew_duties
from foundation import paging
from organisation.models import Role
from organisation.services import end_posting
from tests.clock import NOON
from tests.enrolments.test_follow_moves import move
from tests.examples import examples
from tests.factories.courses import published_course
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import OfficerFactory, PostingFactory, RoleGrantFactory, UnitFactory
from tests.factories.paths import path_assigned, published_path, step
from tests.reports.test_export_lists import _csv, _sheets
from tests.signing_in import sign_in

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOON + DAY


class Scene:
    """Two Polres side by side; of four people under the order of the first, two serve in the second by now."""

    def __init__(self) -> None:
        self.polda = UnitFactory(name="Polda Uji")
        self.polres, self.neighbour = (UnitFactory(parent=self.polda, name=f"Polres {name}") for name in ("A", "B"))
        self.sdm, self.beside, self.above = (
            RoleGrantFactory(role=Role.SDM, unit=unit).user for unit in (self.polres, self.neighbour, self.polda)
        )
        self.stays, self.done, self.moved, self.moved_done = (
            OfficerFactory(name=name, posting__unit=self.polres) for name in ("Andi", "Budi", "Citra", "Dewi")
        )

    def go(self) -> None:
        for officer in (self.moved, self.moved_done):
            move(officer, self.neighbour, at=NOON + HOUR)
        follow_moves(at=NOON + 2 * HOUR)


@pytest.fixture
def here(db, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    return Scene()


@pytest.fixture
def course():
    return published_course(lessons=1, posttest=False, validity_months=12)


@pytest.fixture
def order(here, course):
    order = assigned(course, here.polres, actor=here.sdm, renews=True)
    for officer in (here.done, here.moved_done):
        completed(officer, course)
    here.go()
    return order


def opened(reader, address):
    with time_machine.travel(LATER, tick=False):
        answer = sign_in(Client(), reader).get(address)
    assert answer.status_code == 200
    return answer


def files(reader, address):
    """The names in the XLSX, in the CSV, and what the XLSX says of itself."""
    with time_machine.travel(LATER, tick=False):
        client = sign_in(Client(), reader)
        sheets, lines = _sheets(client.get(f"{address}unduh.xlsx")), _csv(client.get(f"{address}unduh.csv"))
    place = lines[0].index("Nama")
    return [row[place] for row in sheets["Data"][1:]], [row[place] for row in lines[1:]], dict(sheets["Keterangan"])


ELSEWHERE = "2 orang lain di bawah perintah ini kini di luar Polres A"


def test_who_serves_under_a_neighbour_is_told_as_a_number_and_keeps_the_duty(here, order):
    address = order.get_absolute_url()
    answer = opened(here.sdm, address)
    page, (in_xlsx, in_csv, about) = answer.content.decode(), files(here.sdm, address)

    assert [reason.duty.officer.name for reason in answer.context["page"]] == in_xlsx == in_csv == ["Andi", "Budi"]
    assert "Polres B" not in page
    assert f"{ELSEWHERE}." in page
    assert about["Di luar daftar ini"] == ELSEWHERE
    assert "1 selesai, 1 masih dalam batas waktu, 0 lewat, dari 2 personel" in page
    assert "1 dari 2" in opened(here.sdm, "/sdm/penugasan/").content.decode()
    assert Duty.objects.open().filter(officer=here.moved, reason__assignment=order).exists()


def test_who_reads_both_units_sees_everybody(here, order):
    answer = opened(here.above, order.get_absolute_url())

    assert {reason.duty.officer.name for reason in answer.context["page"]} == {"Andi", "Budi", "Citra", "Dewi"}
    assert "2 selesai, 2 masih dalam batas waktu, 0 lewat, dari 4 personel" in answer.content.decode()
    assert "di luar" not in answer.content.decode()


def test_what_becomes_of_them_there_is_no_change_under_the_order(here, order):
    renew_duties(at=NOON + 340 * DAY)
    address = f"{order.get_absolute_url()}perubahan/"

    names = {reader: opened(reader, address).content.decode() for reader in (here.sdm, here.above)}

    assert [[name in page for name in ("Budi", "Dewi")] for page in names.values()] == [[True, False], [True, True]]


def test_who_comes_back_to_the_service_under_a_neighbour_is_no_move_of_the_unit_that_gave_the_order(here, order):
    end_posting(officer=here.moved, reason="Pensiun", actor=here.sdm, at=NOON + 3 * HOUR)
    follow_moves(at=NOON + 4 * HOUR)
    PostingFactory(officer=here.moved, unit=here.neighbour, valid_from=NOON + 5 * HOUR, recorded_at=NOON + 5 * HOUR)
    follow_moves(at=NOON + 6 * HOUR)

    pages = [
        opened(reader, "/sdm/penugasan/perubahan/").content.decode() for reader in (here.sdm, here.beside, here.above)
    ]

    assert ["Kewajiban baru" in page for page in pages] == [False, True, True]
    # Nor is it theirs to read that the service ended over there.
    assert [here.moved.name in page for page in pages] == [False, True, True]
    assert here.moved.name not in opened(here.sdm, f"{order.get_absolute_url()}perubahan/").content.decode()


def test_so_it_is_for_a_path(here, course):
    path = path_assigned(published_path(step(course), step(published_course())), here.polres, actor=here.sdm)
    here.go()
    answer = opened(here.sdm, path.assignments.first().get_absolute_url())
    in_xlsx, in_csv, about = files(here.sdm, path.assignments.first().get_absolute_url())

    assert [row.officer.name for row in answer.context["rows"]] == in_xlsx == in_csv == ["Andi", "Budi"]
    assert f"{ELSEWHERE}." in answer.content.decode()
    assert about["Di luar daftar ini"] == ELSEWHERE
    assert [part.total for _step, part in answer.context["parts"]] == [2, 2]
    assert "0 dari 2" in opened(here.sdm, "/sdm/penugasan/").content.decode()


def test_what_is_kept_of_an_order_to_very_many_is_kept_for_each_of_its_readers(here, order, monkeypatch):
    now = {reader: figures_of(order, actor=reader, at=LATER) for reader in (here.sdm, here.above)}
    monkeypatch.setattr(paging, "WIDE", 1)

    keep_figures([order.pk], at=LATER)
    kept = {reader: figures_of(order, actor=reader, at=LATER + HOUR) for reader in now}

    assert [(seen.figures.total, seen.elsewhere) for seen in now.values()] == [(2, 2), (4, 0)]
    for reader, seen in kept.items():
        assert (seen.figures, seen.elsewhere) == (now[reader].figures, now[reader].elsewhere)
        assert seen.counted_at == LATER
    move(here.moved, here.polres, at=LATER + HOUR)
    assert count_again(at=LATER + EVERY) == 1
    assert figures_of(order, actor=here.sdm, at=LATER + EVERY).figures.total == 2
    assert count_again(at=LATER + 2 * HOUR) == 1
    assert figures_of(order, actor=here.sdm, at=LATER + 2 * HOUR).figures.total == 3


def test_the_page_of_an_order_asks_a_fixed_number_of_questions(here, order, django_assert_max_num_queries):
    client = sign_in(Client(), here.sdm)
    client.get(order.get_absolute_url())

    with django_assert_max_num_queries(14):
        client.get(order.get_absolute_url())


class AnyStory(TestCase):
    """Whoever moved, finished or left: what each reader is told adds up, name by name."""

    @settings(max_examples=examples(15))
    @given(st.lists(st.tuples(st.sampled_from(["away", "back", "finish", "leave"]), st.integers(0, 3)), max_size=10))
    def test_the_names_and_those_elsewhere_are_everybody_under_the_order(self, acts):
        here, course = Scene(), published_course(lessons=1, posttest=False)
        people = (here.stays, here.done, here.moved, here.moved_done)
        order = assigned(course, here.polres, actor=here.sdm)
        path = path_assigned(published_path(*(step(published_course()) for _ in range(2))), here.polres, actor=here.sdm)
        now = NOON
        for act, who in acts:
            now += HOUR
            officer = people[who]
            serves = officer.postings.filter(valid_to=None).exists()
            if act in ("away", "back"):
                if serves:
                    move(officer, here.neighbour if act == "away" else here.polres, at=now)
            elif act == "leave" and serves:
                end_posting(officer=officer, reason="Pensiun", actor=here.sdm, at=now)
            elif act == "finish" and Duty.objects.open().filter(officer=officer, course=course).exists():
                completed(officer, course, at=now)
        now += HOUR
        follow_moves(at=now)
        whole = order.figures(at=now)
        parts = [order, *path.assignments.select_related("path_order__version")]
        for reader, units in ((here.sdm, [here.polres]), (here.above, [here.polres, here.neighbour])):
            seen = figures_of(order, actor=reader, at=now)
            listed = list(DutyReason.objects.for_assignment(order, seen_from=seen.unit, at=now))
            serving = {officer for officer in people if officer.postings.filter(valid_to=None, unit__in=units).exists()}

            # Above both, at the top of the only tree, nobody is elsewhere.
            assert {reason.duty.officer for reason in listed} <= serving or reader == here.above
            assert reader == here.sdm or not seen.elsewhere
            assert seen.figures.total == len(listed) == whole.total - seen.elsewhere
            assert seen.figures.done == sum(reason.duty.is_done for reason in listed)
            shown = with_figures(parts, actor=reader, at=now)
            assert (shown[0].total, shown[0].done) == (seen.figures.total, seen.figures.done)
            count_officers_of_paths(shown, actor=reader, at=now)
            assert shown[1].total == len(serving)
