"""A large file is prepared by a worker: once, in the scope of its owner, and kept for a week."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.storage import storages
from python_calamine import CalamineWorkbook

from foundation import outbox, retention
from foundation.models import AuditEvent, OutboxEntry
from foundation.spreadsheets import XLSX_TYPE
from organisation.models import Role, RoleGrant
from reports import exports, jobs
from reports.models import ExportJob, JobState
from reports.models.files import LEASE
from tests.clock import NOON
from tests.factories.enrolments import assigned
from tests.factories.organisation import RoleGrantFactory
from tests.factories.programmes import ActivityFactory
from tests.reports.scenes import owes, polres, staff
from tests.signing_in import sign_in

pytestmark = pytest.mark.once_on("sqlite")

NAMES = "/sdm/penyelesaian/nama/unduh"


@pytest.fixture(autouse=True)
def large(monkeypatch):
    """Four rows are many here."""
    monkeypatch.setattr(jobs, "LARGEST_AT_ONCE", {jobs.XLSX: 3, jobs.PDF: 3})
    monkeypatch.setattr(jobs, "NOTED_EVERY", {jobs.XLSX: 2, jobs.PDF: 2})


def stored() -> set[str]:
    storage = storages["private"]
    return set(storage.listdir("exports")[1]) if storage.exists("exports") else set()


@pytest.fixture(autouse=True)
def nothing_left_over(db):
    before = stored()
    yield
    for name in stored() - before:
        storages["private"].delete(f"exports/{name}")


def ask(client, url=f"{NAMES}.xlsx") -> ExportJob:
    answer = client.post(url)
    assert answer.status_code == 302, answer.content
    return ExportJob.objects.get(uuid=answer.headers["Location"].split("/")[-2])


def run(job: ExportJob) -> ExportJob:
    jobs.prepare({"job": job.pk})
    job.refresh_from_db()
    return job


def verbs(job: ExportJob) -> list[str]:
    events = AuditEvent.objects.filter(object_type="reports.exportjob", object_id=str(job.pk))
    return list(events.order_by("pk").values_list("verb", flat=True))


def test_a_small_list_is_a_file_at_once_and_a_large_one_is_asked_for(as_sdm, here):
    assert as_sdm.get(f"{NAMES}.xlsx?keadaan=lewat").headers["Content-Type"] == XLSX_TYPE

    page = as_sdm.get(f"{NAMES}.xlsx")

    assert "6 baris disiapkan di belakang layar" in page.content.decode()
    assert not ExportJob.objects.exists()


def test_the_file_holds_what_the_page_shows_and_says_what_it_is(as_sdm, here):
    job = run(ask(as_sdm, f"{NAMES}.xlsx?pelatihan=C1"))

    answer = as_sdm.get(f"/sdm/laporan/berkas/{job.uuid}/unduh/")

    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    header, *rows = book.get_sheet_by_name("Data").to_python()
    shown = as_sdm.get("/sdm/penyelesaian/nama/?pelatihan=C1").context["page"].object_list
    assert [row[header.index("Nama")] for row in rows] == [row.officer.name for row in shown]
    assert dict(book.get_sheet_by_name("Keterangan").to_python())["Diunduh oleh"] == here.sdm.name
    assert answer.headers["Content-Disposition"] == 'attachment; filename="penyelesaian-nama.xlsx"'
    assert verbs(job) == ["report.asked", "report.made", "report.fetched"]


def test_a_csv_flows_at_any_length_and_has_every_row(as_sdm, here):
    answer = as_sdm.get(f"{NAMES}.csv")

    assert answer.streaming
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert len(text.strip().split("\r\n")) == 7
    assert not ExportJob.objects.exists()


def test_the_page_shows_how_far_it_is_and_looks_again_by_itself(as_sdm, here):
    job = ask(as_sdm)
    ExportJob.objects.filter(pk=job.pk).update(state=JobState.RUNNING, done=4)

    page = as_sdm.get(f"/sdm/laporan/berkas/{job.uuid}/")

    assert page.headers["Refresh"] == "3"
    assert "4 dari 6 baris" in page.content.decode()
    run(ExportJob.objects.get(pk=job.pk))
    ready = as_sdm.get(f"/sdm/laporan/berkas/{job.uuid}/")
    assert "Refresh" not in ready.headers
    assert "Disimpan sampai 28 November 2026" in ready.content.decode()
    assert job.title in as_sdm.get("/sdm/laporan/").content.decode()


def test_pressing_twice_gives_one_job(as_sdm, here):
    assert ask(as_sdm) == ask(as_sdm)
    assert ask(as_sdm, f"{NAMES}.xlsx?pelatihan=C1") != ask(as_sdm)
    assert OutboxEntry.objects.filter(kind=jobs.KIND).count() == 2


def test_a_finished_job_may_be_asked_for_again(as_sdm, here):
    first = run(ask(as_sdm))

    assert ask(as_sdm) != first


def killed_at(row: int, monkeypatch):
    """The next file dies while it writes ``row``, as a worker that is killed."""
    whole = exports._name_cells
    seen = []

    def until(*args):
        seen.append(1)
        if len(seen) == row:
            raise SystemExit
        return whole(*args)

    monkeypatch.setattr(exports, "_name_cells", until)


@pytest.mark.both_databases
@pytest.mark.parametrize("row", [1, 3, 6])
def test_a_worker_killed_anywhere_leaves_one_file_and_one_event(as_sdm, here, monkeypatch, row):
    job, before = ask(as_sdm), stored()
    killed_at(row, monkeypatch)
    with pytest.raises(SystemExit):
        jobs.prepare({"job": job.pk})
    job.refresh_from_db()
    assert job.state == JobState.RUNNING

    with pytest.raises(outbox.NotYet):
        jobs.prepare({"job": job.pk})
    with time_machine.travel(NOON + LEASE + timedelta(seconds=1), tick=False):
        run(job)
        run(job)

    assert (job.state, job.done, job.total, job.tries) == (JobState.DONE, 6, 6, 2)
    assert len(stored() - before) == 1
    assert verbs(job) == ["report.asked", "report.made"]


def test_a_worker_killed_after_the_bytes_were_stored_leaves_one_file(as_sdm, here, monkeypatch):
    job, before = ask(as_sdm), stored()
    with monkeypatch.context() as patch:

        def die(*args, **kwargs):
            raise SystemExit

        patch.setattr(jobs, "_finish", die)
        with pytest.raises(SystemExit):
            jobs.prepare({"job": job.pk})
    assert len(stored() - before) == 1

    with time_machine.travel(NOON + 2 * LEASE, tick=False):
        run(job)

    assert {f"exports/{name}" for name in stored() - before} == {job.storage_name}
    assert verbs(job) == ["report.asked", "report.made"]


def test_who_lost_the_job_to_another_worker_throws_its_bytes_away(as_sdm, here, monkeypatch):
    job, before = ask(as_sdm), stored()
    whole = exports._name_cells

    def overtaken(*args):
        if ExportJob.objects.get(pk=job.pk).tries == 1:
            # The first worker slept longer than its lease.
            ExportJob.objects.filter(pk=job.pk).update(beat_at=NOON - 2 * LEASE)
            jobs.prepare({"job": job.pk})
        return whole(*args)

    monkeypatch.setattr(exports, "_name_cells", overtaken)
    with pytest.raises(outbox.NotYet):
        jobs.prepare({"job": job.pk})

    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert {f"exports/{name}" for name in stored() - before} == {job.storage_name}
    assert verbs(job) == ["report.asked", "report.made"]


def test_what_breaks_is_tried_again_and_at_last_said(as_sdm, here, monkeypatch):
    def breaks(*args):
        raise OSError("disk full")

    monkeypatch.setattr(exports, "_name_cells", breaks)
    job, before = ask(as_sdm), stored()

    for _try in range(2):
        with pytest.raises(OSError, match="disk full"):
            jobs.prepare({"job": job.pk})
    run(job)

    assert job.state == JobState.FAILED
    assert stored() == before
    assert "gagal disiapkan" in as_sdm.get(f"/sdm/laporan/berkas/{job.uuid}/").content.decode()


def test_a_file_that_kills_every_worker_is_given_up(as_sdm, here, monkeypatch):
    def die(*args):
        raise SystemExit

    job, before = ask(as_sdm), stored()
    monkeypatch.setattr(exports, "_name_cells", die)
    for place in range(jobs.MAXIMUM_TRIES):
        with time_machine.travel(NOON + place * 2 * LEASE, tick=False), pytest.raises(SystemExit):
            jobs.prepare({"job": job.pk})

    with time_machine.travel(NOON + 20 * LEASE, tick=False):
        run(job)

    assert (job.state, stored()) == (JobState.FAILED, before)


def test_whose_grant_ended_before_it_ran_gets_no_file(as_sdm, here):
    job = ask(as_sdm)
    RoleGrant.objects.filter(user=here.sdm).update(valid_to=NOON)

    run(job)

    assert (job.state, job.storage_name) == (JobState.REFUSED, "")
    assert verbs(job) == ["report.asked", "report.refused"]


def test_whose_grant_over_the_unit_ended_before_it_ran_gets_no_file(as_sdm, here):
    RoleGrantFactory(user=here.sdm, role=Role.SDM, unit=polres("Polres Lain").unit)
    job = ask(as_sdm, f"{NAMES}.xlsx?satuan={here.unit.code}")
    RoleGrant.objects.filter(user=here.sdm, unit=here.unit).update(valid_to=NOON)

    assert run(job).state == JobState.REFUSED


@pytest.mark.parametrize("left", ["nothing", "another unit", "a part of it"])
def test_whose_grant_ended_meanwhile_cannot_fetch_the_file(as_sdm, here, left):
    job = run(ask(as_sdm))
    RoleGrant.objects.filter(user=here.sdm).update(valid_to=NOON)
    if left != "nothing":
        unit = here.polsek if left == "a part of it" else polres("Polres Lain").unit
        RoleGrantFactory(user=here.sdm, role=Role.SDM, unit=unit)

    answer = as_sdm.get(f"/sdm/laporan/berkas/{job.uuid}/unduh/")

    assert answer.status_code == 403
    assert "report.fetched" not in verbs(job)
    if left != "nothing":
        assert "sudah berakhir" in answer.content.decode()
        assert verbs(job)[-1] == "report.refused"


def test_nobody_fetches_the_file_of_somebody_else(client, as_sdm, here):
    job = run(ask(as_sdm))
    colleague = sign_in(client, staff(Role.SDM, here.unit))

    assert colleague.get(f"/sdm/laporan/berkas/{job.uuid}/unduh/").status_code == 404
    assert colleague.get(f"/sdm/laporan/berkas/{job.uuid}/").status_code == 404


def test_the_rows_are_of_the_moment_in_which_it_runs(as_sdm, here):
    job = ask(as_sdm)
    owes(here.officer("Baru", here.polsek), here.etika)

    assert run(job).total == 7


def test_after_a_week_the_file_is_gone(as_sdm, here):
    job, before = run(ask(as_sdm)), stored()
    later = NOON + timedelta(days=7, seconds=1)
    with time_machine.travel(later, tick=False):
        sign_in(as_sdm, here.sdm)
        assert as_sdm.get(f"/sdm/laporan/berkas/{job.uuid}/unduh/").status_code == 403

    assert retention.apply(at=later, dry_run=True)["report_files"] == 1
    assert retention.apply(at=NOON + timedelta(days=6))["report_files"] == 0
    assert retention.apply(at=later)["report_files"] == 1
    assert retention.apply(at=later)["report_files"] == 0

    job.refresh_from_db()
    assert (job.state, job.query, job.units, job.storage_name) == (JobState.REMOVED, "", [], "")
    assert len(before - stored()) == 1
    assert "Sudah dihapus" in as_sdm.get(f"/sdm/laporan/berkas/{job.uuid}/").content.decode()


def test_a_file_that_a_backup_did_not_bring_back_is_asked_for_anew(as_sdm, here):
    job = run(ask(as_sdm))
    storages["private"].delete(job.storage_name)

    answer = as_sdm.get(f"/sdm/laporan/berkas/{job.uuid}/unduh/")

    assert answer.status_code == 403
    assert "Minta berkas baru" in answer.content.decode()


def test_the_outbox_carries_it_out_and_forgets_it_when_it_is_done(as_sdm, here):
    job = ask(as_sdm)

    outbox.sweep(at=NOON)
    outbox.sweep(at=NOON + timedelta(hours=1))

    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert OutboxEntry.objects.get(kind=jobs.KIND).done_at is not None
    assert verbs(job) == ["report.asked", "report.made"]


@pytest.mark.parametrize(
    "path",
    [
        "penagihan/unduh",
        "matriks/unduh",
        "jp/unduh",
        "penyelesaian/satuan",
        "penyelesaian/target/unduh",
        "quick-wins/unduh",
        "quick-wins/nama/unduh",
    ],
)
def test_every_report_can_be_prepared(as_sdm, here, monkeypatch, path):
    assigned(here.etika, here.unit, actor=here.sdm, activity=ActivityFactory())
    monkeypatch.setitem(jobs.LARGEST_AT_ONCE, jobs.XLSX, 0)

    job = run(ask(as_sdm, f"/sdm/{path}.xlsx?satuan={here.unit.code}"))

    assert (job.state, job.done) == (JobState.DONE, job.total)


# --- the names under an order -------------------------------------------------


def test_the_names_under_an_order_to_very_many_are_prepared_by_a_worker_too(as_sdm, here):
    order = assigned(here.etika, here.unit, actor=here.sdm)
    url = f"/sdm/penugasan/{order.uuid}/unduh"

    job = run(ask(as_sdm, f"{url}.xlsx"))

    file = as_sdm.get(f"/sdm/laporan/berkas/{job.uuid}/unduh/")
    prepared = (
        CalamineWorkbook.from_filelike(BytesIO(b"".join(file.streaming_content))).get_sheet_by_index(0).to_python()
    )
    flowing = b"".join(as_sdm.get(f"{url}.csv")).decode("utf-8-sig").splitlines()
    assert [row[1] for row in prepared] == [line.split(";")[1] for line in flowing]
    assert job.total == len(prepared) - 1 == order.figures(at=NOON).total > 3


def test_nobody_else_gets_the_names_under_an_order(client, here):
    order = assigned(here.etika, here.unit, actor=here.sdm)
    for somebody in (here.head, staff(Role.SDM, polres("Polres Tetangga").unit)):
        assert sign_in(client, somebody).get(f"/sdm/penugasan/{order.uuid}/unduh.csv").status_code == 404


# --- Quick Wins ---------------------------------------------------------------


def test_the_names_behind_a_figure_of_quick_wins_keep_their_filter_until_they_are_fetched(as_sdm, here):
    activity = ActivityFactory(code="P3.2")
    assigned(here.etika, here.unit, actor=here.sdm, activity=activity)
    assigned(here.komunikasi, here.satlantas, actor=here.sdm, activity=ActivityFactory(period=activity.period))
    page = as_sdm.get(f"/sdm/quick-wins/{activity.period_id}/nama/?kegiatan={activity.pk}&keadaan=belum")
    address = dict(page.context["downloads"])["XLSX"]
    assert "disiapkan di belakang layar" in as_sdm.get(address).content.decode()

    job = run(ask(as_sdm, address))

    file = as_sdm.get(f"/sdm/laporan/berkas/{job.uuid}/unduh/")
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(file.streaming_content)))
    header, *rows = book.get_sheet_by_name("Data").to_python()
    assert [row[header.index("Nama")] for row in rows] == [
        person.posting.officer.name for person in page.context["page"].object_list
    ]
    about = dict(book.get_sheet_by_name("Keterangan").to_python())
    assert (about["Quick Wins"], about["Keadaan"]) == (str(activity), "Belum selesai")
    assert verbs(job) == ["report.asked", "report.made", "report.fetched"]


def test_whose_unit_was_taken_away_gets_no_names_of_quick_wins(as_sdm, here):
    assigned(here.etika, here.unit, actor=here.sdm, activity=ActivityFactory())
    job = ask(as_sdm, f"/sdm/quick-wins/nama/unduh.xlsx?satuan={here.unit.code}")
    RoleGrant.objects.filter(user=here.sdm).update(valid_to=NOON)
    RoleGrantFactory(user=here.sdm, role=Role.SDM, unit=here.polsek)

    assert run(job).state == JobState.REFUSED
