"""An effect that a committed row asks for happens once, however often it fails or is tried."""

import threading
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.utils import timezone

from foundation import outbox
from foundation.models import OutboxEntry
from tests.clock import NOON


@pytest.fixture
def effects(monkeypatch):
    """Handler of kind "test.effect": it does what is queued in ``script`` and writes down each effect."""
    done: list = []
    monkeypatch.setattr(outbox, "_handlers", {})
    done_lock = threading.Lock()

    class Effects:
        script: list = []
        made = done

    @outbox.handles("test.effect")
    def handle(payload):
        with done_lock:
            step = Effects.script.pop(0) if Effects.script else None
        if step:
            step()
        done.append(payload["name"])

    return Effects


def fail():
    raise RuntimeError("printer on fire")


def put(name="a", at=NOON):
    return outbox.put(kind="test.effect", key=name, payload={"name": name}, at=at)


def test_the_effect_happens_after_the_commit_and_once_per_key(effects, django_capture_on_commit_callbacks, db):
    with django_capture_on_commit_callbacks(execute=True):
        put()
        put()

    assert effects.made == ["a"]
    assert OutboxEntry.objects.get().done_at


def test_nothing_happens_when_the_transaction_is_rolled_back(effects, transactional_db):
    with transaction.atomic():
        put()
        transaction.set_rollback(True)

    assert effects.made == []
    assert not OutboxEntry.objects.exists()


def test_a_handler_that_fails_and_then_succeeds_gives_one_effect(effects, transactional_db):
    effects.script = [fail]
    entry = put()

    entry.refresh_from_db()
    assert effects.made == []
    assert entry.last_error == "RuntimeError: printer on fire"
    assert entry.leased_until is None
    assert entry.due_at > timezone.now()

    outbox.sweep(at=timezone.now())
    assert effects.made == []
    outbox.sweep(at=timezone.now() + timedelta(minutes=3))
    outbox.sweep(at=timezone.now() + timedelta(minutes=30))

    entry.refresh_from_db()
    assert effects.made == ["a"]
    assert entry.tries == 2
    assert entry.last_error == ""


def test_the_entry_of_a_killed_worker_is_done_when_its_lease_is_over(effects, transactional_db):
    class Killed(BaseException):
        """Stands for SIGKILL: nothing after it runs, no except Exception sees it."""

    def die():
        raise Killed

    effects.script = [die]
    entry = OutboxEntry.objects.create(kind="test.effect", key="a", payload={"name": "a"}, created_at=NOON, due_at=NOON)
    with pytest.raises(Killed):
        outbox.deliver.func(entry.pk)
    entry.refresh_from_db()
    assert entry.done_at is None
    assert entry.leased_until

    assert outbox.sweep(at=timezone.now()) == 0
    OutboxEntry.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert outbox.sweep(at=timezone.now()) == 1

    assert effects.made == ["a"]


def test_an_entry_in_a_slow_queue_is_not_queued_again_every_minute(monkeypatch, db):
    queued = []
    monkeypatch.setattr(outbox, "deliver", SimpleNamespace(enqueue=queued.append))
    now = timezone.now()
    put(at=now)

    for minute in range(6):
        outbox.sweep(at=now + timedelta(minutes=minute))

    assert len(queued) == 2


def test_an_entry_is_given_up_after_ten_tries_and_stays_to_be_seen(effects, transactional_db):
    effects.script = [fail] * 20
    put()
    for day in range(1, 15):
        outbox.sweep(at=timezone.now() + timedelta(days=2 * day))

    entry = OutboxEntry.objects.get()
    assert entry.tries == outbox.MAXIMUM_TRIES
    assert entry.done_at is None


def outbox_command(**options) -> str:
    said = StringIO()
    call_command("outbox", stdout=said, **options)
    return said.getvalue()


def test_whoever_keeps_the_machine_sees_what_was_given_up_and_why_and_has_it_tried_again(effects, transactional_db):
    effects.script = [fail] * outbox.MAXIMUM_TRIES
    put()
    for day in range(1, 15):
        outbox.sweep(at=timezone.now() + timedelta(days=2 * day))

    seen, before = outbox_command(), list(effects.made)
    retried = outbox_command(retry=True)
    outbox.sweep(at=timezone.now())

    assert "test.effect: 1 menyerah" in seen
    assert "printer on fire" in seen
    assert "--retry" in seen
    assert "1 dicoba lagi" in retried
    assert (before, effects.made) == ([], ["a"])
    assert outbox_command() == "Tidak ada yang menyerah.\n"


def test_what_is_being_tried_for_the_last_time_is_left_alone(effects, transactional_db):
    put(at=timezone.now())
    OutboxEntry.objects.update(done_at=None, tries=outbox.MAXIMUM_TRIES, leased_until=timezone.now() + outbox.LEASE)

    assert outbox_command(retry=True) == "Tidak ada yang menyerah.\n"
    assert OutboxEntry.objects.get().tries == outbox.MAXIMUM_TRIES


def test_a_kind_of_which_nothing_was_given_up_is_not_taken_for_mended(effects, transactional_db):
    with pytest.raises(CommandError, match="Tidak ada surat yang menyerah"):
        outbox_command(kind="surat", retry=True)


def test_two_workers_at_the_same_entry_give_one_effect(effects, transactional_db):
    entry = OutboxEntry.objects.create(
        kind="test.effect", key="race", payload={"name": "race"}, created_at=NOON, due_at=NOON
    )
    start = threading.Barrier(4)

    def work():
        start.wait()
        try:
            outbox.deliver.func(entry.pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert effects.made == ["race"]
    entry.refresh_from_db()
    assert entry.tries == 1


def test_an_effect_that_must_wait_is_neither_a_failure_nor_a_try(effects, transactional_db):
    until = timezone.now() + timedelta(hours=9)

    def not_now():
        raise outbox.NotYet(until)

    effects.script.append(not_now)
    put()

    entry = OutboxEntry.objects.get()
    assert (entry.tries, entry.last_error, entry.due_at, entry.leased_until) == (0, "", until, None)
    assert outbox.sweep(at=until - timedelta(minutes=1)) == 0
    assert outbox.sweep(at=until) == 1
    assert effects.made == ["a"]


def test_many_effects_are_asked_for_in_one_query_and_done_by_the_sweep(
    effects, transactional_db, django_assert_num_queries
):
    payloads = {name: {"name": name} for name in "abc"}
    # BEGIN, the rows, COMMIT.
    with django_assert_num_queries(3):
        outbox.put_many(kind="test.effect", payloads=payloads, at=NOON)
    outbox.put_many(kind="test.effect", payloads=payloads, at=NOON)

    outbox.sweep(at=NOON)

    assert sorted(effects.made) == ["a", "b", "c"]
