"""Reports kept under a name: saved, renamed, shared, deleted, and sent in a rhythm."""

from datetime import datetime
from urllib.parse import parse_qsl

from django.db import IntegrityError, transaction

from foundation import audit
from foundation.formats import day_of
from organisation.models import Unit, User
from organisation.zones import reading_zone

from .asking import LONGEST_QUERY, PAGES, kept
from .exceptions import SavingRefused
from .models import ReportSchedule, Rhythm, SavedReport
from .models.files import XLSX

MOST_SAVED = 100
SAME_NAME = "Anda sudah punya laporan dengan nama itu. Pilih nama lain."


def save_report(*, page: str, query: str, name: str, actor: User, at: datetime) -> SavedReport:
    """Keep ``page`` with the filter of ``query`` under ``name``. Raises SavingRefused."""
    if page not in PAGES:
        raise SavingRefused("Halaman ini tidak dapat disimpan sebagai laporan.")
    words = kept(query, PAGES[page])
    if len(words) > LONGEST_QUERY:
        raise SavingRefused("Saringannya terlalu panjang untuk disimpan. Persingkat dahulu.")
    if SavedReport.objects.filter(owner=actor).count() >= MOST_SAVED:
        raise SavingRefused(f"Anda sudah menyimpan {MOST_SAVED} laporan. Hapus yang tidak dipakai lagi.")
    report = SavedReport(owner=actor, name=_checked(name), page=page, query=words, saved_at=at)
    return _written(report, "report.saved", actor=actor, at=at)


def change_report(
    *, report: SavedReport, name: str, shared_with: Unit | None, actor: User, at: datetime
) -> SavedReport:
    """Rename and share, or no longer share. Raises SavingRefused."""
    report.name, report.shared_with = _checked(name), shared_with
    return _written(report, "report.changed", actor=actor, at=at)


def _checked(name: str) -> str:
    if not (name := " ".join(name.split())):
        raise SavingRefused("Tuliskan nama laporannya.")
    return name[:80]


def _written(report: SavedReport, verb: str, *, actor: User, at: datetime) -> SavedReport:
    try:
        with transaction.atomic():
            report.save()
            detail = {"page": report.page, "shared_with": report.shared_with.code if report.shared_with else ""}
            audit.record(verb=verb, actor=actor, at=at, obj=report, detail=detail)
    except IntegrityError:
        raise SavingRefused(SAME_NAME) from None
    return report


@transaction.atomic
def delete_report(*, report: SavedReport, actor: User, at: datetime) -> None:
    """Forget a saved report and its rhythm; what was sent stays on record."""
    audit.record(verb="report.deleted", actor=actor, at=at, obj=report, detail={"page": report.page})
    report.delete()


def running_schedule(report: SavedReport) -> ReportSchedule | None:
    return report.schedules.filter(ended_at=None).first()


@transaction.atomic
def schedule_report(
    *, report: SavedReport, rhythm: Rhythm, kind: str = XLSX, actor: User, at: datetime
) -> ReportSchedule:
    """Send ``report`` to its owner from the next week or month on, instead of what was agreed before.

    ``kind`` is one of FILE_KINDS.

    Raises SavingRefused for a report of a fixed past day.
    """
    if "per" in dict(parse_qsl(report.query)):
        raise SavingRefused(
            "Laporan per tanggal tertentu tidak berubah lagi. Simpan tanpa tanggal untuk dikirim berkala."
        )
    running = ReportSchedule.objects.filter(report=report, ended_at=None)
    running.update(ended_at=at, ended_why="Diganti oleh pemiliknya.")
    schedule = ReportSchedule.objects.create(
        report=report,
        rhythm=rhythm,
        kind=kind,
        last_period=rhythm.period_of(day_of(at, reading_zone(report.owner))),
        started_at=at,
    )
    audit.record(verb="report.scheduled", actor=actor, at=at, obj=report, detail={"rhythm": rhythm, "kind": kind})
    return schedule


@transaction.atomic
def end_schedule(*, schedule: ReportSchedule, why: str, actor: User | None, at: datetime) -> None:
    """Stop sending. ``actor`` None is the platform itself."""
    if ReportSchedule.objects.filter(pk=schedule.pk, ended_at=None).update(ended_at=at, ended_why=why[:300]):
        audit.record(verb="report.unscheduled", actor=actor, at=at, obj=schedule.report, detail={"why": why})
