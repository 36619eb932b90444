"""Whoever wants to write to SQLite stands in a line, over threads and processes."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from foundation.models import AuditEvent
from tests.clock import NOON

pytestmark = [pytest.mark.only_on("sqlite"), pytest.mark.django_db(transaction=True)]

HOLDER = """
import sys, time, django
from django.conf import settings
django.setup()
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from django.db import transaction
with transaction.atomic():
    print("holds", flush=True)
    time.sleep(60)
"""


def wait_until(condition) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def number_waiting() -> int:
    """How many stand in the line, as the kernel tells it."""
    line = Path(f"{connection.settings_dict['NAME']}-line").stat().st_ino
    locks = Path("/proc/locks").read_text().splitlines()
    return sum("-> FLOCK" in lock and f":{line} " in lock for lock in locks)


def test_writers_go_in_the_order_in_which_they_came():
    went = []

    def write(number: int) -> None:
        with transaction.atomic():
            went.append(number)
        connections.close_all()

    threads = [threading.Thread(target=write, args=[number]) for number in range(8)]
    with transaction.atomic():
        for number, thread in enumerate(threads):
            thread.start()
            wait_until(lambda: number_waiting() == number + 1)  # noqa: B023
        assert went == []
    for thread in threads:
        thread.join()

    assert went == list(range(8))


def test_a_transaction_that_failed_leaves_the_line():
    @transaction.atomic
    def fail() -> None:
        AuditEvent.objects.create(at=NOON, verb="unit.created", actor_name="sistem")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    other = threading.Thread(target=lambda: [transaction.atomic(lambda: None)(), connections.close_all()])
    other.start()
    other.join(timeout=30)

    assert not other.is_alive()
    assert not AuditEvent.objects.exists()


def test_a_process_that_was_killed_holds_nobody_up():
    command = [sys.executable, "-c", HOLDER, str(connection.settings_dict["NAME"])]
    holder = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True)
    assert holder.stdout.readline() == "holds\n"

    holder.kill()
    holder.wait()
    with transaction.atomic():
        AuditEvent.objects.create(at=NOON, verb="unit.created", actor_name="sistem")

    assert AuditEvent.objects.count() == 1
