"""What a course brought: grades before and after of the same officers, and nothing said about a few."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
import time_machine
from django.utils.html import strip_tags
from python_calamine import CalamineWorkbook

from courses.models import Course
from enrolments.corrections import correct_completion
from enrolments.models import ItemCompletion
from enrolments.services import complete_item
from foundation.models import AuditEvent
from quizzes.choices import QuizRole
from reports import effect, recounting
from reports.core import Wanted
from reports.scope import scope_of
from tests.clock import NOON
from tests.factories.enrolments import EnrolmentFactory, assigned, completed
from tests.factories.quizzes import QuizVersionFactory
from tests.reports.scenes import Polres, owes, polres, staff

EARLIER = NOON - timedelta(days=5)


def examined(here: Polres, name: str, unit, before: int | None, after: int, course: Course | None = None):
    """An officer who took the pre-test (or not) and finished the course with a grade, as a duty asked."""
    course = course or here.etika
    officer = here.officer(name, unit)
    owes(officer, course)
    begun = EnrolmentFactory(officer=officer, course=course, started_at=EARLIER)
    item = course.current_version.version_items.order_by("order").first().item
    if not item.quiz_versions.exists():
        QuizVersionFactory(item=item, role=QuizRole.PRETEST)
    grade = None if before is None else Decimal(before)
    complete_item(enrolment=begun, item=item, evidence=uuid4(), grade=grade, at=EARLIER)
    completed(officer, course, grade=Decimal(after))
    return officer


@pytest.fixture
def here(here):
    for place in range(6):
        examined(here, f"Peserta {place}", here.satlantas, 40 + place, 80)
    examined(here, "Tanpa Pretes", here.satlantas, None, 100)
    return here


def test_only_who_has_both_grades_counts(as_sdm, here):
    page = as_sdm.get("/sdm/penyelesaian/dampak/")

    (entry,) = page.context["lines"]
    gain = entry["line"].gain
    assert (gain.n, gain.risen) == (6, 6)
    assert (round(gain.before, 1), round(gain.after, 1), round(gain.rise, 1)) == (Decimal("42.5"), 80, Decimal("37.5"))
    assert "Nilai naik rata-rata 37,5 poin" in page.content.decode()


def test_fewer_than_five_are_too_few_to_be_told_about(as_sdm, here):
    for name in ("Satu", "Dua", "Tiga", "Empat"):
        examined(here, name, here.polsek, 17, 93, here.komunikasi)

    page = as_sdm.get(f"/sdm/penyelesaian/dampak/?satuan={here.polsek.code}")

    content = page.content.decode()
    assert "terlalu sedikit" in content
    # What a person reads: in the address of a link any digits may stand.
    assert "17" not in strip_tags(content.split("<tbody>")[1].split("</tbody>")[0])
    export = b"".join(as_sdm.get(f"/sdm/penyelesaian/dampak/unduh.csv?satuan={here.polsek.code}").streaming_content)
    assert b"C2;Komunikasi Efektif;;4;terlalu sedikit;terlalu sedikit;terlalu sedikit;\r\n" in export


def test_a_pre_test_whose_key_is_corrected_afterwards_changes_the_line_with_its_list(as_sdm, here):
    (before,) = as_sdm.get("/sdm/penyelesaian/dampak/").context["lines"]
    item = here.etika.current_version.version_items.order_by("order").first().item
    for done in ItemCompletion.objects.filter(item=item, grade__isnull=False):
        correct_completion(
            enrolment=done.enrolment,
            item=item,
            evidence=done.evidence,
            grade=Decimal(60),
            withdrawn=False,
            actor=here.sdm,
            reason="kunci pre-tes keliru",
            at=NOON,
        )

    (after,) = as_sdm.get("/sdm/penyelesaian/dampak/").context["lines"]

    assert (before["line"].gain.rise, after["line"].gain.rise) == (Decimal("37.5"), 20)
    assert as_sdm.get(after["url"]).context["gain"] == after["line"].gain


def test_figures_counted_earlier_say_from_when_they_are_on_the_page_and_in_the_file(as_sdm, here, monkeypatch):
    as_sdm.get("/sdm/penyelesaian/dampak/")
    monkeypatch.setattr(recounting, "AT_ONCE", -1)
    examined(here, "Peserta Baru", here.satlantas, 70, 80)

    with time_machine.travel(NOON + timedelta(minutes=9), tick=False):
        page = as_sdm.get("/sdm/penyelesaian/dampak/")
        file = b"".join(as_sdm.get("/sdm/penyelesaian/dampak/unduh.xlsx").streaming_content)

    assert page.context["whole"].n == 6
    assert page.context["as_of"] == "21 November 2026 12.00 WIB"
    about = dict(CalamineWorkbook.from_filelike(BytesIO(file)).get_sheet_by_name("Keterangan").to_python())
    assert about["Menurut keadaan"] == page.context["as_of"]


def test_a_line_is_as_long_as_the_list_of_names_under_it(as_sdm, here):
    (entry,) = as_sdm.get("/sdm/penyelesaian/dampak/").context["lines"]

    page = as_sdm.get(entry["url"])

    rows = page.context["page"].object_list
    assert len(rows) == entry["line"].gain.n
    assert [row.rise for row in rows] == [35, 36, 37, 38, 39, 40]
    assert AuditEvent.objects.filter(verb="report.viewed", detail__report="effect").exists()


def test_an_order_has_its_own_line_and_its_own_names(as_sdm, here):
    order = assigned(here.komunikasi, here.polsek, actor=here.sdm, at=EARLIER)
    for name in ("Eko", "Fitri"):
        item = here.komunikasi.current_version.version_items.order_by("order").first().item
        if not item.quiz_versions.exists():
            QuizVersionFactory(item=item, role=QuizRole.PRETEST)
        begun = EnrolmentFactory(officer=here.officers[name], course=here.komunikasi, started_at=EARLIER)
        complete_item(enrolment=begun, item=item, evidence=None, grade=Decimal(50), at=EARLIER)
        completed(here.officers[name], here.komunikasi, grade=Decimal(70))

    page = as_sdm.get("/sdm/penyelesaian/dampak/?per_apa=perintah")

    (entry,) = page.context["lines"]
    assert entry["line"].order == order
    names = as_sdm.get(entry["url"]).context["page"].object_list
    assert len(names) == entry["line"].gain.n == 2
    assert as_sdm.get("/sdm/penyelesaian/dampak/nama/?atas=bukan-uuid").status_code == 404


def test_an_order_of_another_unit_does_not_exist_here(as_sdm, here):
    other = polres("Polres Lain")
    other.officer("Orang Lain", other.unit)
    order = assigned(other.etika, other.unit, actor=staff("sdm", other.unit), at=EARLIER)

    assert as_sdm.get(f"/sdm/penyelesaian/dampak/nama/?atas={order.uuid}").status_code == 404


def test_who_moved_away_takes_the_grades_along(here):
    other = polres("Polres Lain")
    moved = here.officers["Peserta 5"]
    moved.postings.update(unit=other.unit)

    def count(user) -> int:
        return effect.gain(effect.measured(scope_of(user, at=NOON), Wanted())).n

    assert (count(here.sdm), count(other.sdm)) == (5, 1)
