"""A worker killed with SIGKILL while it sets, seals, stores or records a certificate: one certificate, one file."""

import json
import os
import time
from pathlib import Path

import pytest
from django.utils import timezone

from certificates.models import Certificate, CertificateFile
from foundation.models import OutboxEntry
from tests.drills.test_killed_worker import TEN_MINUTES_LATER
from tests.factories.certificates import issued
from tests.factories.organisation import UnitFactory

TWO_DAYS = 2 * 24 * 3600
# Of two ticks the first frees the task that stayed behind and the second finds nothing more to do.
SWEEP_AND_WORK = """
from django.core.management import call_command
for _round in range(2):
    call_command("tick")
    call_command("db_worker", batch=True, startup_delay=False, reload=False)
"""
COUNTS = """
import json
from certificates.models import Certificate, CertificateFile, NumberSeries
from django_tasks_db.models import DBTaskResult
from enrolments.models import CourseCompletion, Notice
from foundation.models import OutboxEntry
print(json.dumps({
    "completions": CourseCompletion.objects.count(),
    "certificates": Certificate.objects.exclude(rendered_at=None).count(),
    "files": CertificateFile.objects.count(),
    "sealed": CertificateFile.objects.filter(signed_by="local", sealed_with__in_use=True).count(),
    "numbers": list(NumberSeries.objects.values_list("last_number", flat=True)),
    "told": Notice.objects.filter(message__key__startswith="certificate-ready-").count(),
    "open": OutboxEntry.objects.filter(done_at=None).count(),
    "unfinished": DBTaskResult.objects.exclude(status="SUCCESSFUL").count(),
}))
"""


@pytest.fixture
def machine(transactional_db, settings, installations):
    """An installation in which an officer has just completed a course, and nobody has set the certificate yet."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    issued(unit=UnitFactory(), at=timezone.now())
    assert Certificate.objects.get().rendered_at is None
    assert OutboxEntry.objects.get().kind == "certificate.render"
    assert not CertificateFile.objects.exists()
    made = installations.copied("press")
    made.environment["SEAL_SIGNER"] = "local"
    made.manage("seal_key", "create", "--name", "Polres Latihan")
    return made


def kill_a_worker_at(machine, moment: str) -> int:
    """Start a worker and kill it at ``moment`` (see slow_press); return the process that sets its pages."""
    machine.environment["KILL_AT"] = moment
    worker = machine.start("db_worker", "--no-startup-delay", "--no-reload")
    began, deadline = machine.var / "began", time.monotonic() + 90
    while not (began.exists() and began.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    worker.kill()
    return int(began.read_text())


def go_on_later(machine) -> dict:
    """Let the leases run out, sweep and work; return what there is."""
    return json.loads(machine.python(TEN_MINUTES_LATER + SWEEP_AND_WORK + COUNTS).splitlines()[-1])


def stored_files(machine) -> list[Path]:
    return sorted((machine.var / "private").rglob("*.pdf"))


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


ONE_OF_EVERYTHING = {
    "completions": 1,
    "certificates": 1,
    "files": 1,
    "sealed": 1,
    "numbers": [1],
    "told": 1,
    "open": 0,
    "unfinished": 0,
}


@pytest.mark.once_on("postgresql")
def test_killed_while_the_page_is_set(machine):
    press = kill_a_worker_at(machine, "setting")
    assert stored_files(machine) == []

    assert go_on_later(machine) == ONE_OF_EVERYTHING

    assert len(stored_files(machine)) == 1
    # The press does not outlive its worker by more than the page it was at.
    assert not is_alive(press)


@pytest.mark.once_on("postgresql")
def test_killed_between_the_seal_and_the_disk(machine):
    kill_a_worker_at(machine, "signed")
    assert stored_files(machine) == []

    assert go_on_later(machine) == ONE_OF_EVERYTHING

    assert len(stored_files(machine)) == 1


def test_killed_after_everything_but_before_the_queue_knew(machine):
    kill_a_worker_at(machine, "recorded")
    (before,) = stored_files(machine)
    content = before.read_bytes()

    assert go_on_later(machine) == ONE_OF_EVERYTHING

    (after,) = stored_files(machine)
    assert after.read_bytes() == content


@pytest.mark.once_on("postgresql")
def test_killed_before_the_officer_is_told(machine):
    kill_a_worker_at(machine, "telling")
    assert len(stored_files(machine)) == 1

    assert go_on_later(machine) == ONE_OF_EVERYTHING

    assert len(stored_files(machine)) == 1


def test_killed_between_the_bytes_and_their_row(machine):
    kill_a_worker_at(machine, "written")
    assert len(stored_files(machine)) == 1

    assert go_on_later(machine) == ONE_OF_EVERYTHING

    # The bytes of the killed worker belong to nobody: a day later the check clears them away.
    for file in stored_files(machine):
        os.utime(file, (time.time() - TWO_DAYS,) * 2)
    machine.manage("certificate_check", "--tidy")
    assert len(stored_files(machine)) == 1
