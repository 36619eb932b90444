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
from courses.models import LessonPage
from enrolments import services
from enrolments.exceptions import RecognitionRefused
from enrolments.jp import counted
from enrolments.models import CourseCompletion, Duty, Enrolment, PathCompletion, Recognition, ReliefDocument
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
from tests.courses.helpers import published_course_page
from tests.enrolments.test_follow_moves import move
from tests.factories.courses import published_course, site_catalog
from tests.factories.enrolments import assigned, completed
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory
from tests.factories.paths import path_assigned, published_path, step
from tests.factories.recognitions import past, recognised
from tests.factories.reliefs import approver_of, sdm_of

pytestmark = [pytest.mark.django_db, pytest.mark.once_on("sqlite")]
DAY = timedelta(days=1)
WIB = ZoneInfo(Zone.WIB)
PDF = b"%PDF-1.7 ijazah"


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

    with pytest.raises(approvals.ApprovalRefused, match="minta yang baru"):
        approvals.decide(request=asked, approved=True, note="", actor=approver_of(officer), at=NOON)

    assert CourseCompletion.objects.count() == 1


def test_of_many_who_stand_in_a_request_nobody_is_recognised_when_one_moved_away(officer, course):
    sdm, head = sdm_of(officer), approver_of(officer)
    colleague = OfficerFactory(posting__unit=officer.postings.get().unit)
    rows = [past(officer, course), past(colleague, course)]
    asked = services.ask_recognitions(rows=rows, actor=sdm, at=NOON)
    move(colleague, UnitFactory(), at=NOON)

    with pytest.raises(approvals.ApprovalRefused, match=rf"^{colleague.full_name} tidak bertugas di satuan Anda lagi"):
        approvals.decide(request=asked, approved=True, note="", actor=head, at=NOON + DAY)

    assert not CourseCompletion.objects.exists()


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


def test_taken_back_without_an_order_its_lesson_says_so_and_the_way_on(client, officer):
    course = published_course_page(lessons=1, self_enrolment=True).course
    recognition = recognised(officer, course)
    withdraw_recognition(recognition=recognition, reason="palsu", actor=sdm_of(officer), at=NOON)
    client.force_login(officer.user)

    page = client.get(LessonPage.objects.get().url).content.decode()

    assert "sudah dicabut. Pelatihan ini dapat dimulai lagi." in page
    # What is marked as read in a round that was closed earns nothing.
    assert "Tandai selesai" not in page


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
    approvals.decide(request=request, approved=True, note="", actor=approver_of(officer), at=NOON + 30 * DAY)

    assert {row.officer: row.jp for row in CourseCompletion.objects.all()} == {
        officer: Decimal("6.5"),
        other: course.version.jp,
    }


def rows_of(course, *officers) -> SimpleUploadedFile:
    return workbook(*([one.number, course.code, "10/03/2026", "Pusdik Uji", f"SERT/{one.pk}", "4"] for one in officers))


def opened(client, url) -> bytes | int:
    answer = client.get(url)
    return b"".join(answer.streaming_content) if answer.status_code == 200 else answer.status_code


@pytest.mark.both_databases
def test_one_scan_proves_every_row_of_a_file_and_is_opened_at_each_by_who_may(client, sdm, officer, course, unit):
    other = OfficerFactory(posting__unit=unit)
    preview = client.post("/sdm/pengakuan/impor/", {"file": rows_of(course, officer, other)})["Location"]
    client.post(preview, {"document": SimpleUploadedFile("Daftar lulus.pdf", PDF)})
    request = ApprovalRequest.objects.get()
    head = RoleGrantFactory(role=Role.HEAD, unit=unit).user
    client.force_login(head)

    before = opened(client, f"/sdm/persetujuan/{request.uuid}/dokumen/")
    client.post(f"/sdm/persetujuan/{request.uuid}/", {"putusan": "setuju", "catatan": ""})

    proofs = {row.officer: f"/sdm/pengakuan/{row.uuid}/dokumen/" for row in Recognition.objects.all()}
    assert before == PDF
    assert proofs.keys() == {officer, other}
    assert ReliefDocument.objects.get().recognitions.count() == 2
    for user in (head, sdm):
        client.force_login(user)
        page = client.get(proofs[other].removesuffix("dokumen/")).content.decode()
        assert proofs[other] in page
        assert "Daftar lulus.pdf" in page
        assert [opened(client, url) for url in proofs.values()] == [PDF, PDF]
    looked = AuditEvent.objects.filter(verb="recognition.document_opened").values_list("actor_id", "subject_id")
    assert set(looked) == {(user.pk, one.pk) for user in (head, sdm) for one in (officer, other)}


def test_a_scan_with_other_names_is_opened_neither_by_its_officers_nor_by_another_unit(client, sdm, officer, course):
    other = OfficerFactory(posting__unit=officer.postings.get().unit)
    preview = client.post("/sdm/pengakuan/impor/", {"file": rows_of(course, officer, other)})["Location"]
    client.post(preview, {"document": SimpleUploadedFile("daftar.pdf", PDF)})
    request = ApprovalRequest.objects.get()
    approvals.decide(request=request, approved=True, note="", actor=approver_of(officer), at=NOON + 30 * DAY)
    recognition = Recognition.objects.get(officer=officer)
    ways = [
        f"/sdm/pengakuan/{recognition.uuid}/dokumen/",
        f"/sdm/persetujuan/{request.uuid}/dokumen/",
        f"/pengecualian/dokumen/{recognition.document.uuid}/",
    ]

    client.force_login(officer.user)
    own = [opened(client, url) for url in ways]
    why = client.get(f"/pelatihan/{course.slug}/mengapa/").content.decode()
    client.force_login(RoleGrantFactory(role=Role.SDM, unit=UnitFactory()).user)
    foreign = [opened(client, url) for url in ways]

    assert own == [403, 403, 404]
    assert "SERT/" in why
    assert "pindaian" not in why
    assert foreign == [404, 404, 404]
    held = everything_about(officer, at=NOON + 30 * DAY)
    assert held["Pengakuan pelatihan di luar"][0]["pindaian"] == "daftar.pdf"


def test_the_scan_of_a_file_with_one_row_is_that_officers(client, sdm, officer, course):
    preview = client.post("/sdm/pengakuan/impor/", {"file": rows_of(course, officer)})["Location"]
    client.post(preview, {"document": SimpleUploadedFile("ijazah.pdf", PDF)})
    request = ApprovalRequest.objects.get()
    approvals.decide(request=request, approved=True, note="", actor=approver_of(officer), at=NOON + 30 * DAY)

    client.force_login(officer.user)

    assert opened(client, f"/pengecualian/dokumen/{Recognition.objects.get().document.uuid}/") == PDF


def test_a_wrong_scan_of_a_file_is_refused_where_it_was_chosen_and_the_file_can_still_be_sent(
    client, sdm, officer, course
):
    preview = client.post("/sdm/pengakuan/impor/", {"file": rows_of(course, officer)})["Location"]

    refused = client.post(preview, {"document": SimpleUploadedFile("daftar.pdf", b"<script>")})
    nothing = (ApprovalRequest.objects.count(), ReliefDocument.objects.count())
    client.post(preview)

    assert "Dokumen harus PDF, JPG, atau PNG" in refused.content.decode()
    assert officer.number in refused.content.decode()
    assert nothing == (0, 0)
    assert ApprovalRequest.objects.get().payload["document"] == ""


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
