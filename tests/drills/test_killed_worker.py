"""A worker killed in the middle of an effect: the effect happens once, later, and nothing stays stranded."""

import json
import time

ASK = """
from django.utils import timezone
from django.db import transaction
from foundation import outbox
with transaction.atomic():
    outbox.put(kind="drill.effect", key="1", payload={"name": "satu"}, at=timezone.now())
"""
# What ten minutes do: the lease of the entry and the lease of the task run out.
TEN_MINUTES_LATER = """
from datetime import timedelta
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from foundation.models import OutboxEntry
earlier = timezone.now() - timedelta(minutes=11)
assert OutboxEntry.objects.filter(done_at=None, leased_until__gt=timezone.now()).update(leased_until=earlier) == 1
assert DBTaskResult.objects.running().update(started_at=earlier) == 1
OutboxEntry.objects.update(due_at=earlier)
"""
RESULT = """
import json
from django_tasks_db.models import DBTaskResult
from foundation.models import AuditEvent, OutboxEntry
print(json.dumps({
    "effects": AuditEvent.objects.filter(verb="drill.effect").count(),
    "open": OutboxEntry.objects.filter(done_at=None).count(),
    "unfinished": DBTaskResult.objects.exclude(status="SUCCESSFUL").count(),
}))
"""


def test_a_worker_killed_in_the_middle_leaves_one_effect_and_nothing_stranded(installations):
    machine = installations.copied("killed")
    machine.python(ASK)
    worker = machine.start("db_worker", "--no-startup-delay", "--no-reload")
    deadline = time.monotonic() + 60
    while not (machine.var / "began").exists() and time.monotonic() < deadline:
        time.sleep(0.05)

    worker.kill()

    # The program itself asserts that the entry was still leased and its task still said RUNNING.
    machine.python(TEN_MINUTES_LATER)
    for _round in range(2):
        machine.manage("tick")
        machine.manage("db_worker", "--batch", "--no-startup-delay", "--no-reload")

    assert json.loads(machine.python(RESULT)) == {"effects": 1, "open": 0, "unfinished": 0}
