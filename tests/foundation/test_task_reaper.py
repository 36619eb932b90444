"""A task that a killed worker left RUNNING is freed; old records go."""

from datetime import timedelta

from django_tasks_db.models import DBTaskResult

from foundation import reaper
from tests.clock import NOON


def task(status="RUNNING", *, started_at=NOON, finished_at=None, claims=1) -> DBTaskResult:
    return DBTaskResult.objects.create(
        status=status,
        started_at=started_at,
        finished_at=finished_at,
        args_kwargs={"args": [1], "kwargs": {}},
        task_path="foundation.outbox.deliver",
        worker_ids=["w"] * claims,
        backend_name="default",
        run_after=NOON,
        exception_class_path="",
        traceback="",
    )


def test_a_task_within_its_lease_is_left_alone(db):
    task()

    assert reaper.free_stranded_tasks(at=NOON + reaper.LEASE) == 0


def test_a_stranded_task_goes_back_to_the_queue(db):
    stranded = task()

    assert reaper.free_stranded_tasks(at=NOON + reaper.LEASE + timedelta(seconds=1)) == 1

    stranded.refresh_from_db()
    assert (stranded.status, stranded.started_at) == ("READY", None)
    assert DBTaskResult.objects.ready().exists()


def test_a_task_that_strands_every_worker_is_given_up(db):
    stranded = task(claims=3)

    reaper.free_stranded_tasks(at=NOON + timedelta(hours=1))

    stranded.refresh_from_db()
    assert stranded.status == "FAILED"


def test_a_task_that_ended_meanwhile_is_not_touched(db, monkeypatch):
    seen = task()
    at = NOON + timedelta(hours=1)
    looked = list(reaper.stranded(at=at))
    seen.set_successful(None)
    monkeypatch.setattr(reaper, "stranded", lambda *, at: looked)

    assert reaper.free_stranded_tasks(at=at) == 0


def test_records_of_tasks_are_kept_for_two_weeks(db):
    task("SUCCESSFUL", finished_at=NOON - timedelta(days=15))
    task("FAILED", finished_at=NOON - timedelta(days=15))
    task("SUCCESSFUL", finished_at=NOON - timedelta(days=13))
    task("READY", started_at=None)

    assert reaper.forget_finished_tasks(at=NOON) == 2


def test_without_tasks_in_the_database_there_is_nothing_to_do(monkeypatch):
    monkeypatch.setattr(reaper, "is_installed", lambda: False)

    assert reaper.free_stranded_tasks(at=NOON) == 0
    assert reaper.forget_finished_tasks(at=NOON) == 0
