"""A saved report in a rhythm: figures in words to its owner, once a week or month, names only behind the sign-in."""

from datetime import timedelta

import pytest
import time_machine

from enrolments.models import Message
from foundation import outbox
from foundation.models import AuditEvent
from organisation.models import Role, RoleGrant
from reports import jobs, paper, sending
from reports.models import ExportJob, JobState, ReportSchedule, Rhythm, SavedReport
from reports.saving import schedule_report
from reports.sending import send_reports
from tests.clock import NOON
from tests.enrolments.reminder_scene import mail_states
from tests.enrolments.test_mail_reminders import postbox  # noqa: F401  # a real SMTP server
from tests.factories.organisation import RoleGrantFactory
from tests.factories.programmes import ActivityFactory
from tests.reports.scenes import busy_polres, polres
from tests.signing_in import sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once_on("sqlite")]

# Monday, 23 November 2026, 08.00 WIB; the scene is set on Saturday.
MONDAY = NOON + timedelta(days=1, hours=20)
WEEK = timedelta(days=7)


@pytest.fixture
def here(settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = False
    with time_machine.travel(NOON, tick=False):
        found = busy_polres()
    found.sdm.email = "sdm@contoh.go.id"
    found.sdm.save()
    return found


def scheduled(here, rhythm=Rhythm.WEEKLY, kind="xlsx", **fields) -> ReportSchedule:
    fields = {"owner": here.sdm, "name": "Etika di Polres", "page": "completion", "query": "pelatihan=C1"} | fields
    report = SavedReport.objects.create(saved_at=NOON, **fields)
    return schedule_report(report=report, rhythm=rhythm, kind=kind, actor=here.sdm, at=NOON)


def tick(at=MONDAY) -> int:
    with time_machine.travel(at, tick=False):
        told = send_reports(at=at)
        outbox.sweep(at=at)
        outbox.sweep(at=at + timedelta(minutes=10))
    return told


def test_the_owner_is_mailed_the_figures_and_the_way_to_the_file(here, postbox):  # noqa: F811
    scheduled(here)

    tick()

    ((to, subject, text),) = postbox.letters
    assert to == ["sdm@contoh.go.id"]
    assert subject == "Etika di Polres: Polres Uji, minggu ke-48 tahun 2026"
    assert "- ditugaskan: 6" in text
    assert "- selesai: 3 (50%)" in text
    assert "- lewat batas waktu: 2" in text
    job = ExportJob.objects.get()
    assert f"http://127.0.0.1:8000/sdm/laporan/berkas/{job.uuid}/" in text
    assert f"http://127.0.0.1:8000/sdm/laporan/{SavedReport.objects.get().uuid}/ubah/" in text
    assert (job.owner, job.state) == (here.sdm, JobState.DONE)


@pytest.mark.parametrize(("kind", "begins"), [("xlsx", b"PK"), ("csv", b"\xef\xbb\xbfSatuan;"), ("pdf", b"%PDF-")])
def test_the_file_is_of_the_kind_that_was_chosen(client, here, postbox, kind, begins):  # noqa: F811
    scheduled(here, kind=kind)

    tick()

    job = ExportJob.objects.get()
    assert (job.kind, job.state) == (kind, JobState.DONE)
    assert "PDF" not in postbox.letters[0][2]
    with time_machine.travel(MONDAY, tick=False):
        answer = sign_in(client, here.sdm).get(f"/sdm/laporan/berkas/{job.uuid}/unduh/")
    assert b"".join(answer.streaming_content).startswith(begins)
    assert answer.headers["Content-Type"] == jobs.TYPES[kind]
    assert answer.headers["Content-Disposition"].endswith(f'penyelesaian-satuan.{kind}"')


@pytest.mark.parametrize(
    ("limit", "page", "why"),
    [
        ("MOST_ROWS", "completion-names", "PDF memuat paling banyak 5 baris, laporan ini 6 baris."),
        ("WIDE", "matrix", "Tabel dengan 6 kolom tidak terbaca pada selembar A4."),
    ],
)
def test_a_pdf_that_no_paper_holds_is_sent_as_xlsx_and_the_letter_says_so(
    here,
    postbox,  # noqa: F811
    monkeypatch,
    limit,
    page,
    why,
):
    monkeypatch.setattr(paper, limit, 5)
    scheduled(here, page=page, query="", kind="pdf")

    tick()
    tick(MONDAY + timedelta(hours=1))

    ((_to, _subject, text),) = postbox.letters
    assert f"Anda meminta PDF. {why} Karena itu berkas kali ini disiapkan sebagai XLSX." in " ".join(text.split())
    job = ExportJob.objects.get()
    assert (job.kind, job.state) == ("xlsx", JobState.DONE)


@pytest.mark.parametrize(("chosen", "kind"), [({}, "XLSX"), ({"kind": "pdf"}, "PDF")])
def test_whoever_schedules_chooses_the_kind_of_the_file(client, here, chosen, kind):
    report = SavedReport.objects.create(owner=here.sdm, name="Etika", page="completion", saved_at=NOON)
    with time_machine.travel(NOON, tick=False):
        sign_in(client, here.sdm)
        client.post(f"/sdm/laporan/{report.uuid}/kirim/", {"rhythm": "weekly", **chosen})
        page = client.get(f"/sdm/laporan/{report.uuid}/ubah/").content.decode()

    assert f"tautan ke berkas {kind}" in page
    assert AuditEvent.objects.get(verb="report.scheduled").detail["kind"] == kind.lower()


def test_a_kind_that_is_not_offered_schedules_nothing(client, here):
    report = SavedReport.objects.create(owner=here.sdm, name="Etika", page="completion", saved_at=NOON)
    with time_machine.travel(NOON, tick=False):
        sign_in(client, here.sdm).post(f"/sdm/laporan/{report.uuid}/kirim/", {"rhythm": "weekly", "kind": "docx"})

    assert not ReportSchedule.objects.exists()


def test_no_name_of_anybody_stands_in_the_letter(here, postbox):  # noqa: F811
    ActivityFactory()
    for page in (
        "chase-list",
        "completion-names",
        "matrix",
        "effect-names",
        "jp-list",
        "readiness",
        "trend",
        "quick-wins",
    ):
        scheduled(here, name=page, page=page, query="")

    tick()

    text = "".join(letter[2] for letter in postbox.letters)
    assert len(postbox.letters) == 8
    for name, officer in here.officers.items():
        assert name not in text
        assert officer.number not in text


def test_what_was_sent_is_proved_word_by_word(here, postbox):  # noqa: F811
    scheduled(here)

    tick()

    message = Message.objects.get()
    assert message.text in postbox.letters[0][2].replace("\r", "")
    assert mail_states(message) == ["queued", "sending", "delivered"]
    assert message.recipient == here.sdm


@pytest.mark.parametrize(
    ("rhythm", "days", "letters"),
    [(Rhythm.WEEKLY, 15, 2), (Rhythm.MONTHLY, 45, 2)],
)
def test_once_a_period_however_often_it_ticks(here, postbox, rhythm, days, letters):  # noqa: F811
    scheduled(here, rhythm)

    for day in range(days):
        for minutes in (0, 1, 300):
            tick(NOON + timedelta(days=day, minutes=minutes))

    assert len(postbox.letters) == letters
    assert Message.objects.count() == letters


def test_it_begins_with_the_next_period(here, postbox):  # noqa: F811
    scheduled(here)

    assert tick(NOON + timedelta(hours=3)) == 0
    assert tick(MONDAY) == 1


def test_after_an_outage_only_the_running_week_is_told(here, postbox):  # noqa: F811
    scheduled(here)

    tick(MONDAY + 3 * WEEK + timedelta(days=2))

    assert [subject for _to, subject, _text in postbox.letters] == [
        "Etika di Polres: Polres Uji, minggu ke-51 tahun 2026"
    ]


def test_a_tick_killed_before_it_noted_the_period_mails_nothing_twice(here, postbox, monkeypatch):  # noqa: F811
    scheduled(here)
    tick()

    ReportSchedule.objects.update(last_period="2026-W47")

    assert tick(MONDAY + timedelta(hours=1)) == 0
    assert len(postbox.letters) == 1


def test_a_tick_killed_while_it_writes_leaves_nothing_and_is_made_good(here, postbox, monkeypatch):  # noqa: F811
    scheduled(here)

    def die(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(sending, "write", die)
        with pytest.raises(SystemExit):
            send_reports(at=MONDAY)
    assert not Message.objects.exists()
    assert not ExportJob.objects.exists()

    assert tick() == 1
    assert len(postbox.letters) == 1


def test_two_ticks_at_once_send_one_letter(here, postbox, together):  # noqa: F811
    scheduled(here)

    together(*[lambda: send_reports(at=MONDAY)] * 2)
    outbox.sweep(at=MONDAY)

    assert Message.objects.count() == 1


def test_nothing_leaves_in_quiet_hours(here, postbox):  # noqa: F811
    scheduled(here)

    assert tick(MONDAY - timedelta(hours=2)) == 0
    assert tick(MONDAY) == 1


def test_the_week_begins_on_the_owners_own_clock(here, postbox):  # noqa: F811
    here.unit.zone = "Asia/Jayapura"
    here.unit.save()
    scheduled(here)
    # Monday 07.30 in Jayapura is Monday 05.30 in Jakarta.
    early = MONDAY - timedelta(hours=2, minutes=30)

    assert tick(early) == 1


def test_whose_scope_ended_is_told_nothing_and_the_rhythm_ends_with_the_reason(here, postbox):  # noqa: F811
    schedule = scheduled(here)
    RoleGrant.objects.filter(user=here.sdm).update(valid_to=NOON)

    tick()

    schedule.refresh_from_db()
    assert not postbox.letters
    assert schedule.ended_at == MONDAY
    assert "sudah berakhir" in schedule.ended_why
    assert AuditEvent.objects.filter(verb="report.unscheduled", actor_id=None).exists()


def test_whose_unit_was_taken_away_is_told_nothing_of_it(here, postbox):  # noqa: F811
    scheduled(here, query=f"satuan={here.polsek.code}")
    RoleGrant.objects.filter(user=here.sdm).update(valid_to=NOON)
    RoleGrantFactory(user=here.sdm, role=Role.SDM, unit=polres("Polres Lain").unit)

    tick()

    assert not postbox.letters
    assert not ReportSchedule.objects.filter(ended_at=None).exists()


def test_who_has_no_address_reads_it_in_the_app(here, postbox):  # noqa: F811
    here.sdm.email = ""
    here.sdm.save()
    scheduled(here)

    assert tick() == 1
    assert not postbox.letters
    assert here.sdm.notices.count() == 1


def test_the_stop_page_ends_it(client, here, postbox):  # noqa: F811
    report = scheduled(here).report
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        sign_in(client, here.sdm)
        page = client.get(f"/sdm/laporan/{report.uuid}/ubah/").content.decode()
        assert "Dikirim setiap Senin" in page
        client.post(f"/sdm/laporan/{report.uuid}/berhenti/")

    assert tick() == 0
    assert ReportSchedule.objects.get().ended_why == "Dihentikan oleh pemiliknya."


def test_a_report_of_a_fixed_day_is_not_sent_again_and_again(client, here):
    report = SavedReport.objects.create(
        owner=here.sdm, name="Akhir tahun", page="completion", query="per=2025-12-31", saved_at=NOON
    )
    with time_machine.travel(NOON, tick=False):
        sign_in(client, here.sdm)
        answer = client.post(f"/sdm/laporan/{report.uuid}/kirim/", {"rhythm": "weekly"}, follow=True)

    assert "tidak berubah lagi" in answer.content.decode()
    assert not ReportSchedule.objects.exists()


def test_a_report_that_breaks_does_not_hold_up_the_others(here, postbox, monkeypatch):  # noqa: F811
    scheduled(here, name="Rusak", page="matrix", query="")
    scheduled(here)
    whole = sending.file_of

    def breaks(key, *args, **kwargs):
        if key == "matrix":
            raise OSError("disk full")
        return whole(key, *args, **kwargs)

    monkeypatch.setattr(sending, "file_of", breaks)

    assert tick() == 1
    assert len(postbox.letters) == 1


def test_a_line_whose_days_were_never_counted_leaves_when_they_are(here, monkeypatch):
    monkeypatch.setattr("reports.trend.MANY_OFFICERS", -1)
    monkeypatch.setattr("reports.trend.READ_MEANWHILE", -1)
    monkeypatch.setattr("reports.day_counts.AT_ONCE", 0)
    scheduled(here, page="trend", query="rentang=kuartal")

    # In this test the worker counts as soon as it is asked.
    assert tick() + tick(MONDAY + timedelta(hours=1)) == 1
