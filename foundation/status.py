"""Is the platform well? Plain findings for ``manage.py status`` and whoever shows them to an administrator."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max, Min
from django.db.models.functions import Now
from django.utils import timezone

from . import backups, outbox, reaper, seals, triggers
from .formats import date_medium, number, percent
from .models import AuditEvent, AuditSeal, OutboxEntry

QUEUE_AGE = timedelta(minutes=2)
BACKUP_AGE = timedelta(hours=26)
FREE_DISK = 0.10
CLOCK_DRIFT = timedelta(seconds=2)


@dataclass(frozen=True)
class Finding:
    """``ok`` False means somebody should act; ``text`` says what was found, in a person's words."""

    name: str
    ok: bool
    text: str

    as_dict = asdict


def findings(*, at: datetime) -> list[Finding]:
    """Look at everything once. A broken database is for ``/readyz``: here it raises."""
    return [*_migrations(), *_triggers(), *_queue(at), *_outbox(at), *_seals(at), *_disk(), *_backup(at), *_clock()]


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    yield Finding("migrasi", not pending, f"{pending} belum dijalankan" if pending else "lengkap")


def _triggers() -> Iterator[Finding]:
    missing = triggers.missing(connection)
    yield Finding("pemicu audit", not missing, ", ".join(missing) or "lengkap")


def _queue(at: datetime) -> Iterator[Finding]:
    if not reaper.is_installed():
        return
    from django_tasks_db.models import DBTaskResult

    ready = DBTaskResult.objects.ready()
    oldest = ready.order_by().aggregate(at=Min("enqueued_at"))["at"]
    age = at - oldest if oldest else timedelta()
    yield Finding("antrean tugas", age <= QUEUE_AGE, f"{number(ready.count())} menunggu, tertua {_age(age)}")
    stranded = reaper.stranded(at=at).count()
    yield Finding("tugas terdampar", not stranded, number(stranded))


def _outbox(at: datetime) -> Iterator[Finding]:
    waiting = OutboxEntry.objects.filter(done_at=None)
    given_up = outbox.given_up(at=at).count()
    late = waiting.filter(due_at__lt=at - outbox.LEASE, tries__lt=outbox.MAXIMUM_TRIES).count()
    text = f"{number(waiting.count())} terbuka, {number(late)} terlambat, {number(given_up)} menyerah"
    text += " (lihat: outbox)" if given_up else ""
    yield Finding("kotak keluar", not late and not given_up, text)


def _seals(at: datetime) -> Iterator[Finding]:
    newest = AuditSeal.objects.last()
    # A day is over at midnight UTC and sealed an hour later; tick had another hour to come by.
    expected = (at - seals.MARGIN - timedelta(hours=1)).astimezone(UTC).date() - timedelta(days=1)
    oldest = AuditEvent.objects.aggregate(at=Min("at"))["at"]
    has_work = oldest is not None and oldest.astimezone(UTC).date() <= expected
    is_late = has_work and (newest is None or newest.day < expected)
    text = f"sampai {date_medium(newest.day)}" if newest else "belum ada"
    yield Finding("segel audit", not is_late, f"{text}; tick tidak berjalan" if is_late else text)


def _disk() -> Iterator[Finding]:
    places = {Path(settings.VAR_DIR), *backups.stores().values()}
    for device, place in {place.stat().st_dev: place for place in places if place.exists()}.items():
        usage = shutil.disk_usage(place)
        free = usage.free / usage.total
        yield Finding("ruang disk", free >= FREE_DISK, f"{percent(free * 100)} kosong pada {place} ({device})")


def _backup(at: datetime) -> Iterator[Finding]:
    made = AuditEvent.objects.filter(verb=backups.MADE).aggregate(at=Max("at"))["at"]
    if made is None:
        yield Finding("cadangan terakhir", False, "belum pernah")
    else:
        yield Finding("cadangan terakhir", at - made <= BACKUP_AGE, f"{_age(at - made)} yang lalu")


def _clock() -> Iterator[Finding]:
    before = timezone.now()
    database = AuditEvent.objects.annotate(now=Now()).values_list("now", flat=True).first() or before
    newest = AuditEvent.objects.aggregate(at=Max("at"))["at"] or before
    # Off is what lies outside the time the question took; an event of the future means the clock went back.
    off = max(before - database, database - timezone.now(), newest - timezone.now(), timedelta())
    text = f"selisih {number(off.total_seconds(), 1)} detik" if off > CLOCK_DRIFT else "sesuai basis data"
    yield Finding("jam", off <= CLOCK_DRIFT, text)
    timedatectl = shutil.which("timedatectl")
    if timedatectl:
        command = [timedatectl, "show", "--property=NTPSynchronized", "--value"]
        answer = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False).stdout.strip()  # noqa: S603
        if answer in ("yes", "no"):
            yield Finding("sinkron NTP", answer == "yes", "ya" if answer == "yes" else "tidak")


def _age(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes < 120:
        return f"{max(minutes, 0)} menit"
    return f"{minutes // 60} jam" if minutes < 48 * 60 else f"{minutes // 1440} hari"
