"""Training held by somebody else: asked by SDM, approved by another person, counted like any other, taken back."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from certificates.invariants import each_completion_has_its_certificate
from certificates.models import Certificate
from enrolments import services
from enrolments.exceptions import RecognitionRefused
from enrolments.jp import counted
from enrolments.models import CourseCompletion, Duty, Enrolment, PathCompletion, Recognition
from enrolments.services import start_course, withdraw_recognition
from enrolments.services.reconciling import renew_duties
from foundation import approvals
from foundation.models import ApprovalRequest, AuditEvent
from organisation.models import Role, Zone
from organisation.personal_data import everything_about
from reports.core import State, Wanted, duty_rows, state_condition
from reports.jp import ledger
from reports.past import scope_on
from reports.permissions import Axis
from reports.record import learning_record
from reports.scope import scope_of
from tests.clock import NOON
from tests.factories.courses import published_course, site_catalog
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory, UserFactory
from tests.factories.paths import path_assigned, published_path, step
from tests.factories.recognitions import past, recognised
from tests.factories.reliefs import sdm_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WIB = ZoneInfo(Zone.WIB)
PDF = b"%PDF-1.7 ijazah"


@pytest.fixture
def unit():
    return UnitFactory()


@pytest.fixture
def officer(unit):
    return OfficerFactory(posting__unit=unit)


@pytest.fixture
def course():
    return published_course(posttest=False, lessons=1, validity_months=24)


@pytest.fixture
def sdm(client, unit, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    actor = RoleGrantFactory(role=Role.SDM, unit=unit).user
    client.force_login(actor)
    return actor


def test_what_was_learned_elsewhere_holds_until_the_end_of_its_calendar_cycle(officer):
    yearly = published_course(posttest=False, lessons=1, validity_months=0, cycle_ends_on=date(2026, 12, 31))

    recognised(officer, yearly)

    assert CourseCompletion.objects.get().expires_at == datetime(2026, 12, 31, 23, 59, 59, tzinfo=WIB)


# --- asked and approved -----------------------------------------------------


def test_nothing_is_recorded_before_somebody_else_approves(officer, course):
    actor = sdm_of(officer)
    asked = services.ask_recognition(past=past(officer, course), document=None, actor=actor, at=NOON)

    with pytest.raises(approvals.ApprovalRefused, match="Orang lain"):
        approvals.decide(request=asked, approved=True, note="", actor=actor, at=NOON)
    with pytest.raises(approvals.ApprovalRefused, match="tentang Anda sendiri"):
        approvals.decide(request=asked, approved=True, note="", actor=officer.user, at=NOON)

    assert not CourseCompletion.objects.exists()


def test_what_is_approved_stands_in_the_ledger_with_its_paper_and_without_a_certificate(officer, course):
    scan = SimpleUploadedFile("ijazah.pdf", PDF)

    recognition = recognised(officer, course, document=scan, jp=Decimal("6.5"))

    row = CourseCompletion.objects.get()
    assert row.recognition == recognition
    assert (row.jp, row.grade, row.cycle) == (Decimal("6.5"), None, 1)
    assert row.completed_at == datetime(2026, 3, 10, tzinfo=WIB)
    assert row.expires_at == datetime(2028, 3, 10, tzinfo=WIB)
    assert storages["private"].open(recognition.document.storage_name).read() == PDF
    assert not Certificate.objects.exists()
    assert each_completion_has_its_certificate() == []
    assert AuditEvent.objects.get(verb="recognition.approved").subject_id == officer.pk


def test_a_duty_that_was_owed_is_done_and_is_not_asked_of_the_officer(officer, course, unit):
    assigned(course, unit)

    recognised(officer, course)

    duty = Duty.objects.get()
    assert (duty.ended_as, duty.valid_to) == ("completed", duty.valid_from)
    assert Enrolment.objects.get().completed_at


def test_a_course_that_was_begun_here_is_done_by_it(officer, course, unit):
    assigned(course, unit, at=NOON - DAY, due_at=NOON + 9 * DAY)
    start_course(officer=officer, course=course, actor=officer.user, at=NOON - DAY)

    recognised(officer, course)

    assert CourseCompletion.objects.get().enrolment == Enrolment.objects.get()
    assert not Duty.objects.open().exists()


def test_an_order_given_later_finds_it_done(officer, course, unit):
    recognised(officer, course)

    assigned(course, unit)

    assert Duty.objects.get().is_done


def test_it_is_renewed_by_the_rules_of_the_course(officer, course, unit):
    assigned(course, unit, follows=True, tells=False)
    recognised(officer, course)

    renew_duties(at=datetime(2028, 2, 1, tzinfo=WIB))

    assert Duty.objects.open().get().cycle == 2


def test_it_counts_for_a_path(officer, unit, course):
    other = published_course(posttest=False, lessons=1)
    path_assigned(published_path(step(course), step(other, after=(course,))), unit)
    recognised(officer, course)

    completed(officer, other)

    assert PathCompletion.objects.get().officer == officer


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (date(2027, 1, 1), "harus sudah lewat"),
        (date(1979, 1, 1), "harus sudah lewat"),
        (date(2024, 11, 1), "Masa berlakunya habis 1 November 2026"),
    ],
)
def test_what_cannot_count_is_refused_with_a_sentence(officer, course, day, sentence):
    with pytest.raises(RecognitionRefused, match=sentence):
        services.ask_recognition(past=past(officer, course, day), document=None, actor=sdm_of(officer), at=NOON)


def test_what_is_older_than_what_is_recorded_is_refused(officer, course):
    completed(officer, course)

    with pytest.raises(RecognitionRefused, match="Sudah tercatat selesai 21 November 2026"):
        services.ask_recognition(past=past(officer, course), document=None, actor=sdm_of(officer), at=NOON)


def test_a_course_that_was_finished_here_before_the_decision_is_not_recognised_over_it(officer, course):
    asked = services.ask_recognition(past=past(officer, course), document=None, actor=sdm_of(officer), at=NOON)
    completed(officer, course)

    with pytest.raises(approvals.ApprovalRefused, match="Tolak permintaan ini"):
        approvals.decide(request=asked, approved=True, note="", actor=UserFactory(), at=NOON)

    assert CourseCompletion.objects.count() == 1


def test_the_day_is_that_of_where_the_officer_stood(course):
    officer = OfficerFactory(posting__unit=UnitFactory(zone=Zone.WIT))

    recognised(officer, course, day=date(2026, 1, 1))

    row = CourseCompletion.objects.get()
    assert row.completed_at == datetime(2026, 1, 1, tzinfo=ZoneInfo(Zone.WIT))
    assert counted(2026).get() == row
    assert not counted(2025).exists()


# --- read -------------------------------------------------------------------


def test_reports_of_a_past_day_know_when_it_was_told(officer, course, unit):
    head = RoleGrantFactory(role=Role.HEAD, unit=unit).user
    assigned(course, unit, at=NOON - 10 * DAY, due_at=NOON + 9 * DAY)
    recognised(officer, course)

    def done(axis):
        scope = scope_on(head, day=(NOON - 5 * DAY).date(), axis=axis, now=NOON + DAY)
        return duty_rows(scope, Wanted()).filter(state_condition(State.DONE, scope)).count()

    assert (done(Axis.AS_IT_WAS), done(Axis.AS_KNOWN)) == (1, 0)


def test_why_and_transcript_and_own_data_say_where_it_was_learned(officer, course, client):
    recognised(officer, course)

    scope = scope_of(sdm_of(officer), at=NOON)
    (entry,) = learning_record(officer, scope).courses
    assert entry.why == "Selesai karena pelatihan di luar diakui: Pusdik Uji."
    (row,) = ledger(officer, at=NOON)
    assert (row.state, row.counts) == ("done", True)
    client.force_login(officer.user)
    assert "diakui dari luar: Pusdik Uji, SERT/7/2026" in client.get("/transkrip/").content.decode()
    assert "pelatihan di luar diakui" in client.get(f"/pelatihan/{course.slug}/mengapa/").content.decode()
    site_catalog()
    assert "Diakui" in client.get("/").content.decode()
    held = everything_about(officer, at=NOON)
    assert held["Pengakuan pelatihan di luar"][0]["penyelenggara"] == "Pusdik Uji"


# --- taken back -------------------------------------------------------------


def test_it_is_taken_back_by_a_correcting_row_and_the_duty_is_owed_again(officer, course, unit):
    assigned(course, unit, at=NOON - 30 * DAY, due_at=NOON - DAY)
    recognition = recognised(officer, course)

    withdraw_recognition(recognition=recognition, reason="palsu", actor=sdm_of(officer), at=NOON + DAY)

    first, second = CourseCompletion.objects.order_by("pk")
    assert (second.corrects, second.withdrawn, second.recognition) == (first, True, recognition)
    assert Duty.objects.open().get().due_at > NOON + 14 * DAY
    assert start_course(officer=officer, course=course, actor=officer.user, at=NOON + DAY).completed_at is None
    with pytest.raises(RecognitionRefused, match="sudah dicabut"):
        withdraw_recognition(recognition=recognition, reason="palsu", actor=sdm_of(officer), at=NOON + DAY)


def test_taken_back_it_opens_no_course_that_nobody_asked_for(officer, course):
    recognition = recognised(officer, course)

    withdraw_recognition(recognition=recognition, reason="palsu", actor=sdm_of(officer), at=NOON + DAY)

    assert not Enrolment.objects.open().exists()


def test_what_was_taken_back_can_be_proved_otherwise(officer, course, unit):
    assigned(course, unit)
    wrong = recognised(officer, course)
    withdraw_recognition(recognition=wrong, reason="dokumen keliru", actor=sdm_of(officer), at=NOON + DAY)

    right = recognised(officer, course, day=date(2026, 4, 1), at=NOON + 2 * DAY)

    assert CourseCompletion.objects.standing().get().recognition == right
    assert not Duty.objects.open().exists()


# --- on the screens ---------------------------------------------------------


def test_sdm_asks_with_a_scan_and_the_head_decides(client, sdm, officer, course, unit):
    answers = {
        "number": officer.number,
        "course": course.pk,
        "day": "2026-03-10",
        "organiser": "Pusdik Uji",
        "document_number": "SERT/7",
        "jp": "6,5",
        "document": SimpleUploadedFile("ijazah.pdf", PDF),
    }
    asked = client.post("/sdm/pengakuan/baru/", answers)
    assert asked.status_code == 302, asked.context["form"].errors
    request = ApprovalRequest.objects.get()
    assert "ijazah" not in client.get(f"/sdm/pengakuan/permintaan/{request.uuid}/").content.decode()

    client.force_login(RoleGrantFactory(role=Role.HEAD, unit=unit).user)
    decided = client.post(f"/sdm/persetujuan/{request.uuid}/", {"putusan": "setuju", "catatan": ""})

    assert decided.status_code == 302
    recognition = Recognition.objects.get()
    page = client.get(f"/sdm/pengakuan/{recognition.uuid}/").content.decode()
    assert "Pusdik Uji" in page
    assert officer.name in client.get("/sdm/pengakuan/?q=uji").content.decode()


def test_a_scan_of_another_kind_is_refused_and_nothing_is_left(client, sdm, officer, course):
    answers = {
        "number": officer.number,
        "course": course.pk,
        "day": "2026-03-10",
        "organiser": "Pusdik Uji",
        "document_number": "SERT/7",
        "document": SimpleUploadedFile("ijazah.pdf", b"<script>"),
    }

    page = client.post("/sdm/pengakuan/baru/", answers)

    assert "Dokumen harus PDF, JPG, atau PNG" in page.content.decode()
    assert not ApprovalRequest.objects.exists()


def workbook(*rows) -> SimpleUploadedFile:
    book = Workbook()
    book.active.append(["NRP/NIP", "Pelatihan", "Tanggal Selesai", "Penyelenggara", "Nomor Dokumen", "JP"])
    for row in rows:
        book.active.append(row)
    file = BytesIO()
    book.save(file)
    return SimpleUploadedFile("arsip.xlsx", file.getvalue())


def test_a_file_is_seen_before_it_is_asked_for_and_recorded_after_the_decision(client, sdm, officer, course):
    other = OfficerFactory(posting__unit=officer.postings.get().unit)
    file = workbook(
        [officer.number, course.code, "10/03/2026", "Pusdik Uji", "SERT/1", "6,5"],
        [other.number, course.title, "11 Maret 2026", "Pusdik Uji", "SERT/2", None],
    )
    preview = client.post("/sdm/pengakuan/impor/", {"file": file})

    shown = client.get(preview["Location"]).content.decode()
    assert "Periksa, lalu minta persetujuan" in shown
    assert not ApprovalRequest.objects.exists()
    client.post(preview["Location"])
    client.post(preview["Location"])
    request = ApprovalRequest.objects.get()
    assert officer.number in client.get(f"/sdm/pengakuan/permintaan/{request.uuid}/").content.decode()
    approvals.decide(request=request, approved=True, note="", actor=UserFactory(), at=NOON + 30 * DAY)

    assert {row.officer: row.jp for row in CourseCompletion.objects.all()} == {
        officer: Decimal("6.5"),
        other: course.version.jp,
    }


def test_bad_rows_are_named_with_row_column_and_what_to_do(client, sdm, officer, course):
    stranger = OfficerFactory()
    file = workbook(
        [officer.number, course.code, "10/03/2026", "Pusdik Uji", "SERT/1", "4"],
        [stranger.number, course.code, "10/03/2026", "Pusdik Uji", "SERT/1", "4"],
        ["123", course.code, "10/03/2026", "Pusdik Uji", "SERT/1", "4"],
        [officer.number, "X999", "kemarin", "", "SERT/1", "banyak"],
        [officer.number, course.code, "09/03/2026", "Pusdik Uji", "SERT/0", "4"],
    )
    preview = client.post("/sdm/pengakuan/impor/", {"file": file})

    page = client.get(preview["Location"])

    found = [(problem.row, problem.column) for problem in page.context["problems"]]
    assert found == [
        (3, "NRP/NIP"),
        (4, "NRP/NIP"),
        (5, "Pelatihan"),
        (5, "Tanggal Selesai"),
        (5, "Penyelenggara"),
        (5, "JP"),
        (6, "Pelatihan"),
    ]
    assert "sudah ada di baris 2" in page.content.decode()
    client.post(preview["Location"])
    assert not ApprovalRequest.objects.exists()


def test_the_list_asks_a_fixed_number_of_questions(client, sdm, unit, course, django_assert_max_num_queries):
    for officer in OfficerFactory.create_batch(12, posting__unit=unit):
        recognised(officer, course, actor=sdm)

    with django_assert_max_num_queries(20):
        assert client.get("/sdm/pengakuan/").status_code == 200
