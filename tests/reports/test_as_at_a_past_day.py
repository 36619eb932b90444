"""As at a past day, on both axes of time: what the page showed then, or what is known today about then."""

from contextlib import suppress
from datetime import datetime, time, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from enrolments import services as learning
from enrolments.corrections import correct_completion
from enrolments.exceptions import AssignmentRefused
from enrolments.models import Assignment, CourseCompletion, Duty, DutyEnd, Enrolment
from foundation.formats import day_of
from organisation.exceptions import OfficerRefused, UnitRefused
from organisation.models import Role, Unit, Zone
from organisation.services import change_posting, end_posting, move_unit
from reports.completion import completion
from reports.core import Wanted, added, duty_rows, figures, for_list, read
from reports.past import scope_on
from reports.permissions import Axis
from reports.scope import scope_of
from tests.clock import NOON
from tests.examples import examples
from tests.factories.courses import published_course
from tests.factories.enrolments import DutyFactory, EnrolmentFactory, assigned
from tests.factories.organisation import EPOCH, OfficerFactory, RankFactory, RoleGrantFactory, UnitFactory
from tests.reports.scenes import owes, polres, staff
from tests.signing_in import sign_in

DAYS = 4
# Shrinking a story takes minutes and says little more than the story.
TOLD = settings(
    max_examples=examples(2),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
LATER = NOON + timedelta(days=DAYS + 3)

# What happens: (day, verb, who, where or what, days back).
VERBS = ("transfer", "leave", "move", "assign", "take back", "order", "undo", "tick", "complete", "withdraw")
stories = st.lists(
    st.tuples(
        st.integers(0, DAYS - 1), st.sampled_from(VERBS), st.integers(0, 3), st.integers(0, 5), st.integers(0, 2)
    ),
    min_size=4,
    max_size=14,
)
trees = st.lists(st.integers(0, 5), min_size=2, max_size=5)


def _end_of(day: int) -> datetime:
    return datetime.combine(day_of(NOON + timedelta(days=day), Zone.WIB), time.max, ZoneInfo(Zone.WIB))


class World:
    """A few units and officers to whom things happen day by day."""

    def __init__(self, tree):
        self.units = [UnitFactory()]
        for place in tree:
            self.units.append(UnitFactory(parent=self.units[place % len(self.units)]))
        self.courses = [published_course(lessons=1) for _ in range(2)]
        self.officers = [OfficerFactory(posting__unit=self.units[place % len(self.units)]) for place in range(4)]
        self.sdm = staff(Role.SDM, self.units[0])
        self.orders: list[Assignment] = []

    def happens(self, verb: str, who: int, what: int, back: int, at: datetime) -> None:
        officer, course = self.officers[who], self.courses[what % 2]
        owed = Duty.objects.open().filter(officer=officer, course=course).first()
        begun = Enrolment.objects.filter(officer=officer, course=course).first()
        if verb == "transfer":
            if officer.postings.filter(valid_to=None).exists():
                place = {"unit": self.units[what % len(self.units)], "rank": RankFactory(), "post": f"Banit {at}"}
                with suppress(OfficerRefused):
                    change_posting(
                        officer=officer, actor=self.sdm, at=at, valid_from=at - timedelta(days=back), **place
                    )
        elif verb == "leave":
            if who == 0 and officer.postings.filter(valid_to=None).exists():
                end_posting(officer=officer, reason="pensiun", actor=self.sdm, at=at)
        elif verb == "move":
            unit, parent = (self.units[1:][place % len(self.units[1:])] for place in (who, what))
            with suppress(UnitRefused):
                move_unit(unit=unit, parent=parent if back else self.units[0], actor=self.sdm, at=at)
        elif verb == "assign" and not owed:
            cycle = 1 if begun is None or begun.completed_at is None else 2
            DutyFactory(officer=officer, course=course, cycle=cycle, valid_from=at, due_at=at + timedelta(days=back))
        elif verb == "take back" and owed:
            Duty.objects.filter(pk=owed.pk).update(valid_to=at, ended_as=DutyEnd.WITHDRAWN)
        elif verb == "order":
            unit = self.unit_now(what % len(self.units))
            with suppress(AssignmentRefused):
                self.orders.append(assigned(course, unit, actor=self.sdm, follows=who % 2 == 0, at=at))
        elif verb == "undo" and self.orders:
            learning.undo_assignment(assignment=self.orders.pop(), reason="keliru", actor=self.sdm, at=at)
        elif verb == "tick":
            learning.follow_moves(at=at)
        elif verb == "complete":
            begun = begun or EnrolmentFactory(officer=officer, course=course, started_at=EPOCH)
            for entry in course.current_version.version_items.select_related("item"):
                learning.complete_item(
                    enrolment=begun,
                    item=entry.item,
                    evidence=None,
                    grade=None,
                    at=at - timedelta(days=back),
                    recorded_at=at,
                )
        elif verb == "withdraw" and begun and begun.completed_at:
            first = course.current_version.version_items.first().item
            correct_completion(
                enrolment=begun,
                item=first,
                evidence=None,
                grade=None,
                withdrawn=True,
                actor=self.sdm,
                reason="salah catat",
                at=at,
            )

    def unit_now(self, place: int) -> Unit:
        return Unit.objects.get(pk=self.units[place].pk)

    def shown(self, scope) -> set[tuple]:
        """Every row under the root: who, where, which course and whether done."""
        rows = read(for_list(duty_rows(scope, Wanted(unit=self.unit_now(0))), scope), scope)
        return {
            (row.officer.pk, row.posting.unit_id, row.course.pk, row.duty.cycle, row.state == "done") for row in rows
        }

    def sums(self, scope) -> dict[int, tuple[int, int]]:
        """Unit → (total, done), each proved to be the sum of its lines and the length of its lists.

        Of the whole, and of one place of it: any unit may be that one.
        """
        found = {}
        for place in (0, len(self.units) - 1):
            unit = self.unit_now(place)
            table = completion(scope, Wanted(unit=unit))
            whole = figures(duty_rows(scope, Wanted(unit=unit)), scope)
            assert table.figures == whole == added(line.figures for line in table.courses)
            for line in table.lines:
                wanted = Wanted(unit=line.unit, direct=line.direct)
                assert line.figures == figures(duty_rows(scope, wanted), scope)
            for state, count in (("selesai", whole.done), ("lewat", whole.overdue), ("belum", whole.open)):
                rows = read(for_list(duty_rows(scope, Wanted(unit=unit, state=state)), scope), scope)
                assert len(rows) == count
                assert {row.state for row in rows} <= {
                    "selesai": {"done"},
                    "lewat": {"overdue"},
                    "belum": {"in_progress", "not_started"},
                }[state]
            found[unit.pk] = (whole.total, whole.done)
        return found


def _lived(tree, story, *, looking: bool = True) -> tuple[World, list]:
    """Let ``story`` happen; what the pages showed at the end of each day, to whom is ``looking``."""
    world, shown = World(tree), []
    for day in range(DAYS):
        for minute, (_day, *event) in enumerate(entry for entry in story if entry[0] == day):
            world.happens(*event, at=NOON + timedelta(days=day, minutes=minute))
        if looking:
            then = scope_of(world.sdm, at=_end_of(day))
            shown.append((world.shown(then), world.sums(then)))
    return world, shown


# One has done it before he is asked, one finishes, one goes elsewhere; then the order is taken back as a mistake.
MISTAKE = [
    (0, "complete", 0, 0, 0),
    (1, "order", 0, 0, 0),
    (1, "complete", 1, 0, 0),
    (2, "transfer", 2, 1, 0),
    (2, "tick", 0, 0, 0),
    (3, "undo", 0, 0, 0),
]


@pytest.mark.django_db
@TOLD
@example(tree=[0, 0], story=MISTAKE)
@given(tree=trees, story=stories)
def test_as_known_is_what_the_page_showed_on_that_day(tree, story):
    with transaction.atomic():
        world, shown = _lived(tree, story)
        for day in range(DAYS):
            scope = scope_on(world.sdm, day=day_of(NOON + timedelta(days=day), Zone.WIB), axis=Axis.AS_KNOWN, now=LATER)
            assert (world.shown(scope), world.sums(scope)) == shown[day]
        transaction.set_rollback(True)


@pytest.mark.django_db
@TOLD
@given(tree=trees, story=stories)
def test_as_it_was_is_the_same_when_nothing_was_corrected_or_recorded_late(tree, story):
    prompt = [(day, verb, who, what, 0 if verb != "move" else back) for day, verb, who, what, back in story]
    with transaction.atomic():
        world, shown = _lived(tree, [entry for entry in prompt if entry[1] not in ("withdraw", "undo")])
        for day in range(DAYS):
            scope = scope_on(world.sdm, day=day_of(NOON + timedelta(days=day), Zone.WIB), now=LATER)
            assert (world.shown(scope), world.sums(scope)) == shown[day]
        transaction.set_rollback(True)


@pytest.mark.django_db
@TOLD
@given(tree=trees, story=stories, reader=st.integers(0, 5), day=st.integers(0, DAYS - 1), axis=st.sampled_from(Axis))
def test_nobody_sees_units_that_are_not_theirs_today(tree, story, reader, day, axis):
    with transaction.atomic():
        world, _shown = _lived(tree, story, looking=False)
        sdm = RoleGrantFactory(unit=world.units[reader % len(world.units)]).user
        today = scope_of(sdm, at=LATER)
        scope = scope_on(sdm, day=day_of(NOON + timedelta(days=day), Zone.WIB), axis=axis, now=LATER)
        mine = set(today.units().values_list("pk", flat=True))

        table = completion(scope, Wanted())

        assert table.figures == figures(duty_rows(scope, Wanted()), scope)
        rows = read(for_list(duty_rows(scope, Wanted()), scope), scope)
        assert {row.posting.unit_id for row in rows} <= mine
        below = set(today.postings.values_list("officer", flat=True))
        assert all(row.is_mine == (row.officer.pk in below) for row in rows)
        transaction.set_rollback(True)


# --- stories ----------------------------------------------------------------

NEXT_MONTH = NOON + timedelta(days=30)


@pytest.fixture
def later(client, here):
    """The SDM of the busy Polres, signed in thirty days later."""
    with time_machine.travel(NEXT_MONTH, tick=False):
        yield sign_in(client, here.sdm)


def _names(page):
    return {(row.officer.name, row.posting.unit.short_name, row.state) for row in page.context["page"].object_list}


def test_an_officer_who_was_transferred_stands_at_the_unit_of_that_day(later, here):
    eko = here.officers["Eko"]
    elsewhere = UnitFactory(name="Polres Lain")
    change_posting(officer=eko, unit=elsewhere, rank=RankFactory(), actor=here.sdm, at=NOON + timedelta(days=3))

    page = later.get("/sdm/penyelesaian/nama/?per=2026-11-22&keadaan=lewat")

    assert ("Eko", "Polsek", "overdue") in _names(page)
    content = page.content.decode()
    assert "kini di luar satuan Anda" in content
    assert f"/sdm/personel/{eko.uuid}/" not in content
    assert "Menurut keadaan 22 November 2026 23.59 WIB" in content
    assert "Eko" not in later.get("/sdm/penyelesaian/nama/").content.decode()


def test_a_transfer_recorded_late_divides_the_two_axes(later, here):
    change_posting(
        officer=here.officers["Eko"],
        unit=here.satlantas,
        rank=RankFactory(),
        actor=here.sdm,
        at=NOON + timedelta(days=9),
        valid_from=NOON + timedelta(days=2),
    )
    url = "/sdm/penyelesaian/nama/?per=2026-11-26&q=Eko"

    assert _names(later.get(url)) == {("Eko", "Satlantas", "overdue")}
    assert _names(later.get(f"{url}&menurut=catatan")) == {("Eko", "Polsek", "overdue")}
    assert "Menurut catatan 26 November 2026" in later.get(f"{url}&menurut=catatan").content.decode()


def test_a_completion_taken_back_was_known_until_then(later, here):
    officer = here.officers["Fitri"]
    begun = EnrolmentFactory(officer=officer, course=here.etika, started_at=NOON)
    for entry in here.etika.current_version.version_items.select_related("item"):
        learning.complete_item(
            enrolment=begun, item=entry.item, evidence=None, grade=None, at=NOON + timedelta(hours=1)
        )
    correct_completion(
        enrolment=begun,
        item=here.etika.current_version.version_items.filter(required=True).first().item,
        evidence=None,
        grade=None,
        withdrawn=True,
        actor=here.sdm,
        reason="kunci keliru",
        at=NOON + timedelta(days=5),
    )
    url = "/sdm/penyelesaian/nama/?per=2026-11-23&q=Fitri"

    assert CourseCompletion.objects.filter(officer=officer).count() == 2
    assert _names(later.get(f"{url}&menurut=catatan")) == {("Fitri", "Polsek", "done")}
    assert {state for _name, _unit, state in _names(later.get(url))} == {"in_progress"}


def test_a_unit_that_moved_away_is_shown_where_it_hung_only_to_whoever_has_it_today(client, here):
    upper = UnitFactory(name="Polda Uji")
    for unit in (here.unit, neighbour := polres("Polres Tetangga").unit):
        move_unit(unit=unit, parent=upper, actor=here.sdm, at=NOON - timedelta(days=30))
    move_unit(unit=here.polsek, parent=neighbour, actor=here.sdm, at=NOON + timedelta(days=1))
    above = staff(Role.SDM, upper)

    with time_machine.travel(NEXT_MONTH, tick=False):
        page = sign_in(client, above).get(f"/sdm/penyelesaian/?satuan={here.unit.code}&per=2026-11-21")
        assert {line.label: line.figures.total for line in page.context["table"].lines} == {
            "Satlantas": 3,
            "Polsek": 2,
            "Polres Uji (langsung)": 1,
        }
        page = sign_in(client, here.sdm).get("/sdm/penyelesaian/?per=2026-11-21")
        assert page.context["figures"].total == 4
        assert "satuan yang sejak itu keluar tidak ikut dihitung" in page.content.decode()


def test_names_under_an_old_order_have_the_state_and_the_unit_of_that_day(later, here):
    order = assigned(here.komunikasi, here.satlantas, actor=here.sdm, at=NOON)
    change_posting(
        officer=here.officers["Budi"], unit=here.polsek, rank=RankFactory(), actor=here.sdm, at=NOON + timedelta(days=2)
    )
    learning.withdraw_assignment(assignment=order, reason="keliru", actor=here.sdm, at=NOON + timedelta(days=4))

    page = later.get(f"/sdm/penyelesaian/nama/?perintah={order.uuid}&per=2026-11-22")

    assert _names(page) == {(name, "Satlantas", "not_started") for name in ("Budi", "Citra", "Dewi")}
    assert later.get(f"/sdm/penyelesaian/nama/?perintah={order.uuid}").context["page"].paginator.count == 0
    assert later.get("/sdm/penyelesaian/nama/?perintah=2b1e5f0e-1111-4111-8111-111111111111").status_code == 404


def test_the_day_stays_in_every_link_and_in_the_download(later, here):
    page = later.get("/sdm/penyelesaian/?per=2026-11-22&menurut=catatan")
    assert "per=2026-11-22&amp;menurut=catatan" in page.content.decode()

    answer = later.get("/sdm/penagihan/unduh.xlsx?per=2026-11-22&menurut=catatan")

    assert 'filename="penagihan-per-2026-11-22-menurut-catatan.xlsx"' in answer.headers["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    about = dict(book.get_sheet_by_name("Keterangan").to_python())
    assert about["Menurut catatan"] == "22 November 2026 23.59 WIB"
    assert "dengan batas waktu yang berlaku pada hari itu" in " ".join(about.values())


def test_a_day_to_come_is_refused_in_words_and_today_is_shown(later, here):
    page = later.get("/sdm/penyelesaian/?per=2027-01-01")

    assert page.status_code == 200
    assert "Tanggal ini belum terjadi" in page.content.decode()
    assert page.context["figures"].total == 6
    assert later.get("/sdm/penyelesaian/?per=kemarin").status_code == 200


@pytest.mark.parametrize("path", ["/sdm/", "/sdm/penagihan/", "/sdm/penyelesaian/", "/sdm/penyelesaian/nama/"])
@pytest.mark.parametrize("axis", Axis.values)
def test_a_past_day_asks_a_few_queries_more_however_many_rows(later, here, path, axis, django_assert_max_num_queries):
    for place in range(20):
        unit = UnitFactory(parent=here.unit, short_name=f"Polsek {place:02}")
        owes(here.officer(f"Personel {place:02}", unit, "spkt"), here.etika, ["late", "done", "open"][place % 3])
    url = f"{path}?per=2026-11-22&menurut={axis}"
    assert later.get(url).status_code == 200

    with django_assert_max_num_queries(15):
        assert later.get(url).status_code == 200
