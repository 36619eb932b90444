"""Reports in a rhythm: on Monday or the first of the month the owner is told the figures, with a way to the file.

What is written is a message as any other (enrolments/services/notifying.py): a notice, a mail outside quiet hours
to whoever has an address, and the proof of both. Its key holds schedule and period, so nobody is told twice. The
names stay behind the sign-in: the letter has figures only, and the file is a job of the owner's own.
"""

import logging
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.http import Http404, QueryDict
from django.urls import reverse

from enrolments.models import MessageTemplate, current_rules
from enrolments.services import Draft, current_templates, write, written_keys
from enrolments.wording import MessageKind
from foundation.due import due
from foundation.formats import date_medium, day_of, greeting
from organisation.models import Unit
from organisation.zones import reading_zone

from . import jobs, paper
from .asking import PAGES
from .exceptions import StillCounting
from .files import File, file_of
from .models import ReportSchedule, Rhythm
from .models.files import PDF, XLSX
from .saving import end_schedule
from .scope import scope_of

logger = logging.getLogger(__name__)

SCOPE_ENDED = "Wewenang atas satuan dalam laporan ini sudah berakhir."
AT_ONCE = 200


@due("reports")
def send_reports(*, at: datetime) -> int:
    """Tell every owner whose week or month has begun; at most so many in one tick."""
    rules = current_rules()
    if not rules.enabled:
        return 0
    running = ReportSchedule.objects.filter(ended_at=None).select_related("report__owner").order_by("pk")
    told = 0
    for schedule in running.exclude(last_period__in=_periods_everywhere(at)):
        zone = reading_zone(schedule.report.owner)
        today = day_of(at, zone)
        if schedule.last_period == Rhythm(schedule.rhythm).period_of(today) or rules.quiet.cover(at, zone):
            continue
        try:
            # Before the transaction: what it asks to be counted of past days stays asked for.
            told += _send(schedule, _file(schedule, at=at), zone=zone, today=today, at=at)
        except StillCounting:
            continue
        except Exception:
            # One report that cannot be made must not keep the others from leaving; it is tried again.
            logger.exception("scheduled report %s failed", schedule.pk)
        if told >= AT_ONCE:
            break
    return told


def _periods_everywhere(at: datetime) -> list[str]:
    """The names of the running periods where every zone has the same one: nothing is due for whoever had them."""
    days = {day_of(at, zone) for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")}
    names = {rhythm: {rhythm.period_of(day) for day in days} for rhythm in Rhythm}
    return [name for found in names.values() if len(found) == 1 for name in found]


@transaction.atomic
def _send(schedule: ReportSchedule, made: File | None, *, zone: str, today: date, at: datetime) -> int:
    rhythm = Rhythm(schedule.rhythm)
    period = rhythm.period_of(today)
    # Lock first: of two ticks that run at once the second finds the period dealt with.
    if not ReportSchedule.objects.filter(pk=schedule.pk, ended_at=None, last_period=schedule.last_period).update(
        last_period=period
    ):
        return 0
    if made is None:
        end_schedule(schedule=schedule, why=SCOPE_ENDED, actor=None, at=at)
        return 0
    key = f"report-{schedule.pk}-{period}"
    if key in written_keys([key]):
        return 0
    write([_draft(schedule, made, key, rhythm.words_of(today), zone=zone, at=at)], at=at)
    return 1


def _file(schedule: ReportSchedule, *, at: datetime) -> File | None:
    """What the owner may have now; None for whoever may have nothing any more."""
    owner, report = schedule.report.owner, schedule.report
    if not (owner.is_active and scope_of(owner, at=at).roots):
        return None
    try:
        return file_of(PAGES[report.page].file, owner, QueryDict(report.query), now=at)
    except Http404:
        return None


def _kind(schedule: ReportSchedule, made: File) -> tuple[str, list[str]]:
    """The kind of the file, and a sentence where it is another one than was asked for."""
    why = paper.why_not(made.table[0], made.count) if schedule.kind == PDF else ""
    if not why:
        return schedule.kind, []
    return XLSX, [f"Anda meminta PDF. {why} Karena itu berkas kali ini disiapkan sebagai XLSX."]


def _draft(schedule: ReportSchedule, made: File, key: str, period: str, *, zone: str, at: datetime) -> Draft:
    report = schedule.report
    unit: Unit = made.wanted.unit or made.scope.roots[0]
    kind, instead = _kind(schedule, made)
    job = jobs.ask_file(
        report=PAGES[report.page].file, query=report.query, made=made, kind=kind, actor=report.owner, at=at
    )
    template: MessageTemplate = current_templates()[MessageKind.REPORT]
    values = {
        "salam": greeting(at, zone),
        "nama": report.owner.name,
        "laporan": report.name,
        "satuan": unit.short_name,
        "masa": period,
        "tanggal": date_medium(at, zone),
        "angka": "\n".join([*(f"- {line}" for line in made.words or ["belum ada angka"]), *instead]),
        "berhenti": settings.SITE_URL.rstrip("/") + reverse("saved-report-edit", args=[report.uuid]),
    }
    return Draft(
        key=key,
        template=template,
        values=values,
        recipient=report.owner,
        unit=unit,
        url=reverse("export-job", args=[job.uuid]),
    )
