"""What an operator should act on is said, and nothing else."""

from collections import namedtuple
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from foundation import audit, backups, outbox, seals, status
from foundation.models import OutboxEntry

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def well(db, now):
    audit.record(verb=backups.MADE, actor=None, at=now)


def wrong(at) -> set[str]:
    return {finding.name for finding in status.findings(at=at) if not finding.ok and finding.name != "sinkron NTP"}


def test_a_quiet_platform_with_a_backup_is_well(well, now):
    assert wrong(now) == set()


def test_a_backup_of_the_day_before_yesterday_is_too_old(db, now):
    audit.record(verb=backups.MADE, actor=None, at=now - timedelta(hours=27))
    seals.seal_finished_days(at=now)

    assert wrong(now) == {"cadangan terakhir"}


def test_a_queue_that_nobody_works_on_is_named(well, now):
    task = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}}, task_path="x", backend_name="default", run_after=now
    )
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=now - timedelta(minutes=3))

    assert wrong(now) == {"antrean tugas"}


def test_a_stranded_task_is_named(well, now):
    DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="x",
        backend_name="default",
        run_after=now,
        status="RUNNING",
        started_at=now - timedelta(minutes=11),
    )

    assert wrong(now) == {"tugas terdampar"}


@pytest.mark.parametrize("entry", [{"tries": outbox.MAXIMUM_TRIES}, {"due_at": timezone.now() - timedelta(minutes=6)}])
def test_an_effect_that_is_late_or_given_up_is_named(well, now, entry):
    OutboxEntry.objects.create(**{"kind": "x", "key": "1", "created_at": now, "due_at": now, **entry})

    assert wrong(now) == {"kotak keluar"}


def test_an_unsealed_yesterday_says_that_tick_does_not_run(well, now):
    audit.record(verb="test.done", actor=None, at=now - timedelta(days=2))
    assert wrong(now) == {"segel audit"}

    seals.seal_finished_days(at=now)
    assert wrong(now) == set()


def test_a_full_disk_is_named(well, now, monkeypatch, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(status.shutil, "disk_usage", lambda place: Usage(100, 95, 5))

    assert wrong(now) == {"ruang disk"}


def test_an_event_of_the_future_means_that_the_clock_went_back(well, now):
    audit.record(verb="test.done", actor=None, at=now + timedelta(minutes=1))

    assert wrong(now) == {"jam"}
