"""A unit reports a period: figures and names lock when it is handed up, two levels verify, a refusal goes back."""

import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO

import pytest
import time_machine
from django.core.files.storage import storages
from django.db import DatabaseError, transaction
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from enrolments import services as learning
from foundation.models import AppendOnlyViolation, AuditEvent, OutboxEntry
from foundation.outbox import deliver
from organisation.models import Role
from organisation.personal_data import everything_about
from organisation.services import change_posting, move_unit
from programmes import services as programme_services
from programmes.exceptions import RowInUse
from programmes.models import Measure
from reports.exceptions import ReportRefused
from reports.models import PeriodReport, ReportFile, ReportName, ReportState, ReportSubmission
from reports.quick_wins.submitting import prepare_report, reject_report, submit_report, verify_report
from reports.recounting import recount_marked
from tests.clock import NOON
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import RankFactory, UnitFactory
from tests.factories.programmes import ActivityFactory, IndicatorFactory
from tests.reports.scenes import staff
from tests.signing_in import sign_in

pytestmark = pytest.mark.once_on("sqlite")

LATER = NOON + timedelta(minutes=10)


@pytest.fixture
def activity(here):
    """Satlantas learns communication for P3.2: Budi has finished, Citra and Dewi have not; all three serve SIM."""
    activity = ActivityFactory(code="P3.2", name="Komunikasi pelayanan", period__name="Triwulan IV 2026")
    IndicatorFactory(activity=activity, target=30)
    IndicatorFactory(activity=activity, measure=Measure.COUNTERS, target=50)
    assigned(here.komunikasi, here.satlantas, actor=here.sdm, activity=activity, at=NOON - timedelta(days=5))
    completed(here.officers["Budi"], here.komunikasi, at=NOON - timedelta(days=1), grade=90)
    return activity


@pytest.fixture
def above(here):
    """The SDM of the Polda above the Polres."""
    polda = UnitFactory(name="Polda Uji", level=2)
    move_unit(unit=here.unit, parent=polda, actor=here.sdm, at=NOON - timedelta(days=60))
    here.unit.refresh_from_db()
    return staff(Role.SDM, polda)


@pytest.fixture
def draft(here, activity):
    return prepare_report(period=activity.period, unit=here.unit, actor=here.sdm, at=NOON)


def fresh(report) -> PeriodReport:
    return PeriodReport.objects.select_related("unit", "period__programme").get(pk=report.pk)


def handed_up(report, actor, *, at=NOON) -> ReportSubmission:
    return submit_report(report=fresh(report), actor=actor, at=at)


def url(report, path: str = "") -> str:
    return f"/sdm/quick-wins/laporan/{report.uuid}/{path}"


# --- the way of a report ----------------------------------------------------


def test_sdm_prepares_writes_and_hands_up_from_the_page(as_sdm, here, activity):
    page = as_sdm.get("/sdm/quick-wins/").content.decode()
    assert "Siapkan laporan" in page

    as_sdm.post(f"/sdm/quick-wins/{activity.period_id}/siapkan/", {"satuan": here.unit.code})
    report = PeriodReport.objects.get()
    as_sdm.post(url(report, "keterangan/"), {"results": "Antrean SIM lebih tertib.", "obstacles": "Jaringan."})
    answer = as_sdm.post(url(report, "ajukan/"), follow=True)

    assert "Angka dan nama terkunci pada 21 November 2026 12.00 WIB" in answer.content.decode()
    assert fresh(report).state == ReportState.SUBMITTED
    submission = report.submissions.get()
    assert (submission.results, submission.author_name) == ("Antrean SIM lebih tertib.", here.sdm.name)
    assert submission.basis == [["Sprin/118/XI/2026", "Kapolres Uji", "16 November 2026"]]
    verbs = AuditEvent.objects.filter(verb__startswith="period_report.").order_by("pk").values_list("verb", "actor_id")
    assert list(verbs) == [(f"period_report.{verb}", here.sdm.pk) for verb in ("prepared", "written", "submitted")]


def test_the_head_verifies_then_the_level_above(here, draft, above):
    handed_up(draft, here.sdm)

    first = verify_report(report=fresh(draft), actor=here.head, at=NOON)
    second = verify_report(report=fresh(draft), actor=above, at=LATER)

    assert (first.state, first.level) == (ReportState.VERIFIED, here.unit)
    assert (second.state, second.level_name) == (ReportState.VERIFIED_ABOVE, "Polda Uji")
    assert [step.number for step in draft.steps.all()] == [1, 2, 3]


def test_nobody_verifies_what_they_handed_up_nor_twice_nor_from_the_same_level(here, draft, above):
    both = staff(Role.SDM, here.unit)
    staff_head = staff(Role.HEAD, here.unit)
    handed_up(draft, here.sdm)

    for person in (here.sdm, both, staff(Role.HEAD, here.satlantas), staff(Role.TRAINER, here.unit)):
        with pytest.raises(ReportRefused, match="orang lain"):
            verify_report(report=fresh(draft), actor=person, at=NOON)
    verify_report(report=fresh(draft), actor=here.head, at=NOON)
    for person in (here.head, staff_head, here.sdm):
        with pytest.raises(ReportRefused, match="orang lain"):
            verify_report(report=fresh(draft), actor=person, at=NOON)
    assert verify_report(report=fresh(draft), actor=above, at=NOON).state == ReportState.VERIFIED_ABOVE


def test_when_the_level_above_verifies_first_the_next_one_stands_above_that(here, draft, above):
    mabes = UnitFactory(name="Mabes Uji", level=1)
    polda = above.role_grants.get().unit
    move_unit(unit=polda, parent=mabes, actor=here.sdm, at=NOON - timedelta(days=50))
    other, top = staff(Role.SDM, polda), staff(Role.SDM, mabes)
    handed_up(draft, here.sdm)

    assert verify_report(report=fresh(draft), actor=above, at=NOON).level == polda
    with pytest.raises(ReportRefused):
        verify_report(report=fresh(draft), actor=other, at=NOON)
    assert verify_report(report=fresh(draft), actor=top, at=NOON).level == mabes


def test_a_refusal_goes_back_with_its_reason_and_the_next_submission_locks_new_figures(as_head, here, draft, client):
    first = handed_up(draft, here.sdm)
    as_head.post(url(draft, "tolak/"), {"reason": ""})
    assert fresh(draft).state == ReportState.SUBMITTED

    as_head.post(url(draft, "tolak/"), {"reason": "Dewi sudah selesai, periksa lagi."})
    completed(here.officers["Dewi"], here.komunikasi, at=NOON)
    page = sign_in(client, here.sdm).get(url(draft))
    assert "Dewi sudah selesai, periksa lagi." in page.content.decode()
    second = handed_up(draft, here.sdm, at=LATER)

    assert [one.figures.get(activity=None).done for one in (first, second)] == [1, 2]
    assert AuditEvent.objects.get(verb="period_report.rejected").detail["reason"].startswith("Dewi")


def test_of_two_who_press_at_once_only_one_moves_the_report(here, draft, above):
    handed_up(draft, here.sdm)
    seen = fresh(draft)
    reject_report(report=fresh(draft), reason="Lengkapi hambatannya.", actor=above, at=NOON)

    with pytest.raises(ReportRefused):
        verify_report(report=seen, actor=here.head, at=NOON)
    assert fresh(draft).state == ReportState.REJECTED


def test_a_period_without_assignments_has_nothing_to_hand_up(here):
    report = prepare_report(period=ActivityFactory().period, unit=here.unit, actor=here.sdm, at=NOON)

    with pytest.raises(ReportRefused, match="Belum ada personel yang ditugaskan"):
        handed_up(report, here.sdm)
    assert fresh(report).state == ReportState.DRAFT


def test_each_finds_what_waits_for_them(client, here, draft, above):
    handed_up(draft, here.sdm)

    def waiting(person) -> int:
        return sign_in(client, person).get("/sdm/quick-wins/laporan/?daftar=menunggu").context["page"].paginator.count

    assert (waiting(here.head), waiting(above), waiting(here.sdm)) == (1, 1, 0)
    verify_report(report=fresh(draft), actor=here.head, at=NOON)
    assert (waiting(here.head), waiting(above)) == (0, 1)


# --- what is locked ---------------------------------------------------------


def test_figures_and_names_stay_and_what_changed_since_is_said_in_words(as_sdm, here, activity, draft):
    handed_up(draft, here.sdm)
    completed(here.officers["Citra"], here.komunikasi, at=NOON)
    change_posting(officer=here.officers["Dewi"], unit=UnitFactory(), rank=RankFactory(), actor=here.sdm, at=NOON)

    with time_machine.travel(LATER, tick=False):
        page = as_sdm.get(url(draft))

    whole = page.context["sheet"].whole.figures
    assert (whole.total, whole.done) == (3, 1)
    assert page.context["since"] == "−1 ditugaskan, +1 selesai, +2 loket lengkap"
    assert "−1 ditugaskan, +1 selesai" in page.content.decode()
    names = as_sdm.get(url(draft, f"nama/?kegiatan={activity.pk}&keadaan=belum")).context["page"]
    assert [(name.full_name, name.unit_name) for name in names] == [
        ("Citra", "Satlantas Polres Uji"),
        ("Dewi", "Satlantas Polres Uji"),
    ]


def test_nobody_changes_a_locked_row_not_even_past_our_code(here, draft):
    submission = handed_up(draft, here.sdm)
    name = submission.names.first()
    name.full_name = "Lain"

    with pytest.raises(AppendOnlyViolation):
        name.save()
    for rows, change in (
        (submission.names, {"full_name": "Lain"}),
        (submission.figures, {"done": 3}),
        (submission.counters, {"done": 9}),
        (draft.steps, {"actor_name": "Lain"}),
        (ReportSubmission.objects, {"author_name": "Lain"}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)


def test_once_handed_up_the_words_are_closed(as_sdm, here, draft):
    handed_up(draft, here.sdm)

    assert as_sdm.post(url(draft, "keterangan/"), {"results": "Lain"}).status_code == 404
    assert fresh(draft).results == ""


def test_who_stands_by_name_in_a_report_finds_it_in_the_own_download(here, draft):
    handed_up(draft, here.sdm)

    mine = everything_about(here.officers["Citra"], at=NOON)["Laporan periode Quick Wins"]

    assert {(row["kegiatan"], row["keadaan"]) for row in mine} == {("P3.2", "belum"), ("seluruh periode", "belum")}


def test_a_period_that_is_over_is_reported_as_on_its_last_day(here):
    activity = ActivityFactory(period__ends_on=date(2026, 11, 23))
    assigned(here.komunikasi, here.satlantas, actor=here.sdm, activity=activity, at=NOON - timedelta(days=5))
    completed(here.officers["Budi"], here.komunikasi, at=NOON)
    report = prepare_report(period=activity.period, unit=here.unit, actor=here.sdm, at=NOON)
    change_posting(
        officer=here.officers["Dewi"],
        unit=UnitFactory(),
        rank=RankFactory(),
        actor=here.sdm,
        at=NOON + timedelta(days=5),
    )
    completed(here.officers["Citra"], here.komunikasi, at=NOON + timedelta(days=6))

    submission = handed_up(report, here.sdm, at=NOON + timedelta(days=9))

    whole = submission.figures.get(activity=None)
    assert (whole.total, whole.done) == (3, 1)
    assert submission.data_at.astimezone().date() == date(2026, 11, 23)


# --- files ------------------------------------------------------------------


def printed(report) -> list[PdfReader]:
    """The PDFs of the report's steps, set by the press as the worker does it."""
    for entry in OutboxEntry.objects.filter(kind="reports.period_report", done_at=None).order_by("pk"):
        deliver.call(entry.pk)
    files = ReportFile.objects.filter(step__report=report).order_by("step__number")
    return [PdfReader(storages["private"].open(file.storage_name)) for file in files]


def text_of(pdf: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_the_pdf_carries_figures_names_author_and_time_and_later_who_verified(as_sdm, here, draft):
    handed_up(draft, here.sdm)
    verify_report(report=fresh(draft), actor=here.head, at=LATER)

    first, second = printed(draft)

    text = text_of(second)
    for words in (
        "Laporan",
        "Triwulan IV 2026",
        "Polres Uji dan jajarannya",
        "Data per 21 November 2026 12.00 WIB",
        f"Penyusun {here.sdm.name}",
        "Sprin/118/XI/2026, Kapolres Uji, 16 November 2026",
        "P3.2 Komunikasi pelayanan",
        "paling sedikit 30%",
        "tercapai",
        "0 dari 2",
        here.officers["Citra"].number,
        "Diverifikasi",
        here.head.name,
        "Halaman 1 dari",
    ):
        assert words in text, words
    assert here.head.name not in text_of(first)
    answer = as_sdm.get(url(draft, "laporan.pdf"))
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert AuditEvent.objects.filter(verb="report.exported", detail__kind="pdf").exists()


def test_printing_twice_leaves_one_file(here, draft):
    handed_up(draft, here.sdm)
    printed(draft)
    OutboxEntry.objects.filter(kind="reports.period_report").update(done_at=None)

    assert len(printed(draft)) == 1


def _book(answer) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_xlsx_opened_again_says_what_the_screen_says(as_sdm, here, activity, draft):
    handed_up(draft, here.sdm)
    page = as_sdm.get(url(draft))
    shown = [row["line"] for row in page.context["lines"]]
    units = {unit: part.total for unit, part in page.context["sheet"].units}
    book = _book(as_sdm.get(url(draft, "unduh.xlsx")))

    header, *rows = book["Capaian"]
    assert {row[0]: tuple(int(cell) for cell in row[3:7]) for row in rows} == {
        line.code or "Seluruh periode": (
            line.figures.total,
            line.figures.done,
            line.figures.overdue,
            line.figures.open,
        )
        for line in shown
    }
    assert {row[0]: int(row[1]) for row in book["Satuan"][1:]} == units
    assert [row[2:6] for row in book["Target"][1:]] == [
        [target["name"], target["target"], target["value"], "Tercapai" if target["met"] else "Belum tercapai"]
        for target in page.context["targets"]
    ]
    header, *names = book["Nama"]
    for line in shown:
        mine = [
            row
            for row in names
            if row[0] == (line.code or "Seluruh periode") and row[header.index("Pelatihan diminta")]
        ]
        assert len(mine) == line.figures.total
        assert sum(1 for row in mine if row[header.index("Keadaan")] == "Selesai") == line.figures.done
    assert here.officers["Dewi"].number in {row[1] for row in names}
    counters = [row for row in book["Loket"][1:] if row[0] == "P3.2"]
    assert len(counters) == shown[0].figures.counters
    about = dict(book["Keterangan"])
    assert about["Data per"] == "21 November 2026 12.00 WIB"
    assert about["Diunduh oleh"] == here.sdm.name
    assert about["Dasar 1"].startswith("Sprin/118/XI/2026")


def test_what_was_not_handed_up_leaves_from_the_page_of_the_period(as_sdm, here, activity, draft):
    page = as_sdm.get(url(draft)).content.decode()
    assert as_sdm.get(url(draft, "unduh.xlsx")).status_code == 404

    address = re.search(r'href="([^"]+)">Unduh angka dan nama sementara', page)[1]

    live = as_sdm.get(unescape(address))
    assert (live.context["period"], live.context["opened"].wanted.unit) == (activity.period, here.unit)
    assert [word for word, _address in live.context["lines_downloads"]] == ["XLSX", "CSV", "PDF"]


def test_an_officer_without_a_duty_who_serves_a_reached_counter_is_named_beside_it(as_sdm, here, activity, draft):
    here.officer("Gita", here.satlantas, "sim")

    submission = handed_up(draft, here.sdm)

    assert ReportName.objects.get(submission=submission, full_name="Gita").asked == 0
    sim = submission.counters.get(activity=activity, function_name="SIM")
    assert (sim.people, sim.asked, sim.done) == (4, 3, 1)
    page = as_sdm.get(f"/sdm/quick-wins/{activity.period_id}/loket/?kegiatan={activity.pk}")
    row = next(row for row in page.context["rows"] if row["line"].function_name == "SIM")
    assert row["not_asked"] == 1
    gita = as_sdm.get(row["not_asked_url"]).context["page"].object_list
    assert [person.posting.officer.name for person in gita] == ["Gita"]


def test_the_report_page_asks_no_more_with_more_names(as_sdm, here, activity, draft, django_assert_max_num_queries):
    for place in range(40):
        officer = here.officer(f"Personel {place:02}", here.polsek, "spkt")
        assigned(here.komunikasi, here.polsek, actor=here.sdm, activity=activity, order_number=f"Sprin/{place}") if (
            place == 39
        ) else officer
    handed_up(draft, here.sdm)

    with django_assert_max_num_queries(40):
        as_sdm.get(url(draft))
    with django_assert_max_num_queries(25):
        as_sdm.get(url(draft, "nama/"))
    recount_marked(at=NOON)
    with django_assert_max_num_queries(15):
        as_sdm.get("/sdm/quick-wins/")
    with django_assert_max_num_queries(17):
        as_sdm.get(f"/sdm/quick-wins/{activity.period_id}/nama/")
    with django_assert_max_num_queries(25):
        as_sdm.get("/sdm/quick-wins/laporan/")


def test_a_target_deleted_afterwards_stands_in_the_report_and_its_activity_is_kept(as_sdm, here, activity, draft):
    handed_up(draft, here.sdm)
    target = activity.indicators.get(measure=Measure.PERCENT)
    programme_services.delete_row(row=target, actor=here.sdm, at=LATER)

    assert ["percent", "30.00"] in draft.submissions.get().figures.get(activity=activity).targets
    with pytest.raises(RowInUse, match="1 laporan"):
        programme_services.delete_row(row=activity, actor=here.sdm, at=LATER)
    with pytest.raises(RowInUse, match="1 kegiatan, 1 laporan"):
        programme_services.delete_row(row=activity.period, actor=here.sdm, at=LATER)


def test_an_order_taken_back_leaves_the_report_as_it_was(as_sdm, here, draft):
    submission = handed_up(draft, here.sdm)
    order = here.komunikasi.assignments.get()
    learning.withdraw_assignment(assignment=order, reason="keliru", actor=here.sdm, at=NOON)

    with time_machine.travel(LATER, tick=False):
        page = as_sdm.get(url(draft))

    assert page.context["since"] == "−2 ditugaskan"
    assert submission.figures.get(activity=None).total == 3
