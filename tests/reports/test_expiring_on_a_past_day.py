"""What was about to expire on a past day: as it was, and as it was known."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from python_calamine import CalamineWorkbook

from enrolments import services as learning
from enrolments.corrections import correct_completion
from enrolments.models import CourseCompletion, Enrolment
from foundation.formats import day_of, end_of_day
from organisation.models import Zone
from organisation.services import change_posting
from reports.core import Wanted
from reports.expiring import WITHIN, expiring, for_list, read
from reports.past import scope_on
from reports.permissions import Axis
from reports.scope import scope_of
from tests.clock import NOON
from tests.factories.courses import CourseFactory, published_course
from tests.factories.enrolments import EnrolmentFactory, completed
from tests.factories.organisation import RankFactory, UnitFactory
from tests.reports.scenes import owes
from tests.reports.test_export_lists import _csv
from tests.signing_in import sign_in

DAY = timedelta(days=1)
NEXT_MONTH = NOON + 30 * DAY
TODAY = day_of(NOON, Zone.WIB)
URL = "/sdm/kedaluwarsa/?per=2026-11-21"


@pytest.fixture
def yearly(here):
    """A course that holds for twelve months; Andi's ends in fifteen days from noon, Budi's in 65, Citra's is over."""
    course = published_course(
        course=CourseFactory(code="C7", slug="c7", title="Pertolongan Pertama"), lessons=1, validity_months=12
    )
    for name, days in (("Andi", 350), ("Budi", 300), ("Citra", 400), ("Dewi", 10)):
        completed(here.officers[name], course, at=NOON - days * DAY)
    return course


@pytest.fixture
def later(client, here, yearly):
    with time_machine.travel(NEXT_MONTH, tick=False):
        yield sign_in(client, here.sdm)


def renewed(officer, course, *, at, recorded_at=None):
    """Take ``officer`` through the next round of ``course``."""
    begun = EnrolmentFactory(officer=officer, course=course, cycle=2, started_at=at)
    for entry in course.current_version.version_items.select_related("item"):
        learning.complete_item(
            enrolment=begun, item=entry.item, evidence=None, grade=None, at=at, recorded_at=recorded_at
        )


def taken_back(officer, course, *, actor, at):
    correct_completion(
        enrolment=Enrolment.objects.get(officer=officer, course=course),
        item=course.current_version.version_items.first().item,
        evidence=None,
        grade=None,
        withdrawn=True,
        actor=actor,
        reason="salah catat",
        at=at,
    )


def _names(page):
    return [row.officer.name for row in page.context["page"].object_list]


def test_the_stretches_are_counted_from_the_day_that_was_asked_for(later):
    assert _names(later.get("/sdm/kedaluwarsa/?dalam=lewat")) == ["Citra", "Andi"]

    page = later.get(URL)

    assert _names(page) == ["Andi"]
    assert [row.days for row in page.context["page"].object_list] == [15]
    assert _names(later.get(f"{URL}&dalam=90")) == ["Andi", "Budi"]
    assert _names(later.get(f"{URL}&dalam=lewat")) == ["Citra"]
    content = page.content.decode()
    assert "Menurut keadaan 21 November 2026 23.59 WIB" in content
    assert "Keadaan per 21 November 2026: apa yang dihitung?" in content


def test_what_was_renewed_since_was_not_renewed_then(later, here, yearly):
    renewed(here.officers["Andi"], yearly, at=NOON + 10 * DAY)
    owes(here.officers["Budi"], yearly, cycle=2, valid_from=NOON + 10 * DAY)

    assert _names(later.get("/sdm/kedaluwarsa/?dalam=lewat")) == ["Citra"]
    assert _names(later.get(URL)) == ["Andi"]
    assert [row.owed for row in later.get(f"{URL}&dalam=90").context["page"].object_list] == [False, False]
    assert [row.owed for row in later.get("/sdm/kedaluwarsa/?dalam=90").context["page"].object_list] == [True]


def test_a_renewal_recorded_late_divides_the_two_axes(later, here, yearly):
    renewed(here.officers["Andi"], yearly, at=NOON - DAY, recorded_at=NOON + 5 * DAY)

    assert _names(later.get(URL)) == []
    known = later.get(f"{URL}&menurut=catatan")
    assert _names(known) == ["Andi"]
    assert "Menurut catatan 21 November 2026 23.59 WIB" in known.content.decode()


def test_a_completion_taken_back_was_about_to_expire_as_far_as_was_known(later, here, yearly):
    taken_back(here.officers["Andi"], yearly, actor=here.sdm, at=NOON + 5 * DAY)

    assert _names(later.get(URL)) == []
    assert _names(later.get(f"{URL}&menurut=catatan")) == ["Andi"]


def test_who_was_transferred_stands_at_the_unit_of_that_day(later, here):
    andi, elsewhere = here.officers["Andi"], UnitFactory(name="Polres Lain")
    change_posting(officer=andi, unit=elsewhere, rank=RankFactory(), actor=here.sdm, at=NOON + 3 * DAY)

    page = later.get(URL)

    assert _names(page) == ["Andi"]
    assert "kini di luar satuan Anda" in page.content.decode()
    assert f"/sdm/personel/{andi.uuid}/" not in page.content.decode()
    assert _names(later.get("/sdm/kedaluwarsa/?dalam=lewat")) == ["Citra"]


@pytest.mark.parametrize("day", [0, 12])
def test_as_known_is_what_the_page_showed_on_that_day(here, yearly, day):
    def shown(scope):
        rows = [read(for_list(expiring(scope, Wanted(), within)), scope) for within, _words, _days in WITHIN]
        return [[(row.officer.pk, row.posting.unit_id, row.days, row.owed) for row in part] for part in rows]

    happens = (
        lambda at: renewed(here.officers["Andi"], yearly, at=at - 20 * DAY, recorded_at=at),
        lambda at: taken_back(here.officers["Citra"], yearly, actor=here.sdm, at=at),
        lambda at: change_posting(
            officer=here.officers["Budi"],
            unit=here.polsek,
            rank=RankFactory(),
            actor=here.sdm,
            at=at,
            valid_from=at - 9 * DAY,
        ),
        lambda at: owes(here.officers["Dewi"], yearly, cycle=2, valid_from=at),
    )
    before = happens[: 2 if day else 0]
    for place, event in enumerate(before):
        event(NOON + place * DAY)
    then = end_of_day(day_of(NOON + day * DAY, Zone.WIB), Zone.WIB)
    seen = shown(scope_of(here.sdm, at=then))
    for event in happens[len(before) :]:
        event(NOON + 20 * DAY)

    known = scope_on(here.sdm, day=day_of(then, Zone.WIB), axis=Axis.AS_KNOWN, now=NEXT_MONTH)

    assert shown(known) == seen
    assert any(seen)


def test_the_day_stays_in_the_tabs_and_in_the_file(later, here):
    page = later.get(f"{URL}&menurut=catatan&dalam=90")
    assert "per=2026-11-21&amp;menurut=catatan&amp;dalam=30" in page.content.decode()

    header, *rows = _csv(later.get(dict(page.context["downloads"])["CSV"]))
    assert [dict(zip(header, row, strict=True))["Sisa (hari)"] for row in rows] == ["15", "65"]
    answer = later.get(dict(page.context["downloads"])["XLSX"])
    assert "kedaluwarsa-per-2026-11-21-menurut-catatan.xlsx" in answer.headers["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    assert dict(book.get_sheet_by_name("Keterangan").to_python())["Menurut catatan"] == "21 November 2026 23.59 WIB"


def test_a_day_to_come_is_refused_in_words(later):
    page = later.get("/sdm/kedaluwarsa/?per=2027-06-01&dalam=lewat")

    assert "Tanggal ini belum terjadi" in page.content.decode()
    assert _names(page) == ["Citra", "Andi"]


@pytest.mark.parametrize("axis", Axis.values)
def test_a_past_day_asks_a_fixed_number_of_queries(later, here, yearly, axis, django_assert_max_num_queries):
    for place in range(20):
        completed(here.officer(f"Personel {place:02}", here.polsek), yearly, at=NOON - 350 * DAY)
    url = f"{URL}&menurut={axis}"
    assert later.get(url).status_code == 200

    with django_assert_max_num_queries(15):
        page = later.get(url)

    assert page.context["page"].paginator.count == 21
    assert CourseCompletion.objects.count() == 24
