"""SDM sees whose completions end soon, before they end."""

from datetime import timedelta

import pytest

from enrolments.corrections import Holder, correct_holder
from enrolments.models import CourseCompletion
from reports.core import Wanted
from reports.counting import counted
from reports.expiring import WITHIN, expiring, for_list, parts, read
from reports.recounting import recount_marked
from reports.scope import scope_of
from tests.clock import NOON
from tests.factories.courses import CourseFactory, published_course
from tests.factories.enrolments import EnrolmentFactory, completed
from tests.reports.scenes import owes
from tests.reports.test_export_lists import _csv


@pytest.fixture
def yearly(here):
    """A course whose completion holds for twelve months; four officers who took it at different times."""
    course = published_course(
        course=CourseFactory(code="C7", slug="c7", title="Pertolongan Pertama"), lessons=1, validity_months=12
    )
    for name, days in (("Andi", 350), ("Budi", 300), ("Citra", 400), ("Dewi", 10)):
        completed(here.officers[name], course, at=NOON - timedelta(days=days))
    return course


def _names(page):
    return [row.officer.name for row in page.context["page"].object_list]


def test_each_stretch_of_time_has_its_names(as_sdm, here, yearly):
    assert _names(as_sdm.get("/sdm/kedaluwarsa/")) == ["Andi"]
    assert _names(as_sdm.get("/sdm/kedaluwarsa/?dalam=90")) == ["Andi", "Budi"]
    assert _names(as_sdm.get("/sdm/kedaluwarsa/?dalam=lewat")) == ["Citra"]
    assert as_sdm.get("/sdm/kedaluwarsa/?dalam=7").status_code == 404


def test_what_was_renewed_is_not_named(as_sdm, here, yearly):
    again = EnrolmentFactory(officer=here.officers["Andi"], course=yearly, cycle=2, started_at=NOON)
    old = CourseCompletion.objects.get(officer=here.officers["Andi"])
    fields = {field.attname: getattr(old, field.attname) for field in old._meta.concrete_fields}
    CourseCompletion.objects.create(
        **{name: value for name, value in fields.items() if name not in ("id", "uuid", "enrolment_id")}
        | {
            "enrolment": again,
            "cycle": 2,
            "started_at": NOON,
            "completed_at": NOON,
            "expires_at": NOON + timedelta(days=365),
        }
    )

    assert _names(as_sdm.get("/sdm/kedaluwarsa/")) == []


def test_who_is_asked_again_already_is_said_so_and_the_file_says_it_too(as_sdm, here, yearly):
    owes(here.officers["Andi"], yearly, cycle=2)

    page = as_sdm.get("/sdm/kedaluwarsa/")

    assert [row.owed for row in page.context["page"].object_list] == [True]
    header, *rows = _csv(as_sdm.get(dict(page.context["downloads"])["CSV"]))
    found = dict(zip(header, rows[0], strict=True))
    assert (found["Nama"], found["Sudah ditugaskan lagi"], found["Sisa (hari)"]) == ("Andi", "Ya", "15")


def test_who_began_again_alone_is_said_so_with_the_day_also_in_the_file(as_sdm, here, yearly):
    began = NOON - timedelta(days=2)
    EnrolmentFactory(officer=here.officers["Andi"], course=yearly, cycle=2, started_at=began)

    page = as_sdm.get("/sdm/kedaluwarsa/?dalam=90")

    shown = " ".join(page.content.decode().split())
    assert (shown.count("Sudah mulai lagi"), shown.count("belum ditugaskan lagi")) == (1, 1)
    header, *rows = _csv(as_sdm.get(dict(page.context["downloads"])["CSV"]))
    asked, said = header.index("Sudah ditugaskan lagi"), header.index("Mulai lagi pada")
    assert [(row[asked], row[said]) for row in rows] == [("Tidak", "2026-11-19"), ("Tidak", "")]
    # The day before nobody had.
    past = as_sdm.get("/sdm/kedaluwarsa/?dalam=90&per=2026-11-18").content.decode()
    assert "Sudah mulai lagi" not in past


def test_what_was_corrected_between_two_looks_breaks_no_list(here, yearly):
    scope = scope_of(here.sdm, at=NOON)
    found = list(for_list(expiring(scope, Wanted(), "90")))
    row = found[0]
    correct_holder(enrolment=row.enrolment, holder=Holder.of(row), actor=here.sdm, reason="salah ketik", at=NOON)

    assert [row.officer.name for row in read(found, scope)] == ["Andi", "Budi"]


def test_the_list_asks_a_fixed_number_of_queries(as_sdm, here, yearly, django_assert_max_num_queries):
    for place in range(20):
        completed(here.officer(f"Personel {place:02}", here.polsek), yearly, at=NOON - timedelta(days=350))
    recount_marked(at=NOON)

    with django_assert_max_num_queries(20):
        page = as_sdm.get("/sdm/kedaluwarsa/")

    assert page.context["page"].paginator.count == 21


def test_a_stretch_is_as_long_as_its_list_on_whatever_day_and_hour_it_is_asked(here, yearly, monkeypatch):
    monkeypatch.setattr("foundation.paging.PART", 2)
    for place in range(24):
        officer = here.officer(f"Personel {place:02}", here.polsek)
        completed(officer, yearly, at=NOON - timedelta(days=425 - 17 * place, hours=place))
    recount_marked(at=NOON)

    def lengths(at):
        scope = scope_of(here.sdm, at=at)
        counts, wanted = counted(scope, Wanted()), Wanted()
        cut = [parts(scope, wanted, within, counts) for within, _words, _days in WITHIN]
        for pieces, (within, _words, _days) in zip(cut, WITHIN, strict=True):
            shown = [row for length, rows in pieces for row in rows()[:length]]
            assert shown == list(for_list(expiring(scope, wanted, within)))
        return [sum(length for length, _rows in pieces) for pieces in cut]

    # An hour before and after the day changes in UTC, in a month of which nothing was counted anew, and after it.
    seen = [lengths(NOON + timedelta(hours=hours)) for hours in (0, 18, 20, 29 * 24, 30 * 24 + 19, 60 * 24)]

    assert seen[0] == [3, 7, 13, 5]
    assert seen[-1][-1] > seen[0][-1]
