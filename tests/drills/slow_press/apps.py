"""A worker that stops where the drill wants it killed, the first time: KILL_AT is one of five moments.

``setting``: the page was handed to the press's own process, which is at work. ``signed``: the bytes are sealed and
nowhere but in memory. ``written``: they are on the disk and no row knows them yet. ``recorded``: the row is committed,
and the outbox does not know that it is done. ``telling``: the officer is about to be told. The file ``began`` in the
installation's folder says that the moment has come and which process is the press.
"""

import os
import time
from functools import wraps
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings


def stop_here(moment: str, press_pid: int) -> None:
    # Asked now: the project is loaded before the drill names its moment.
    began = Path(settings.VAR_DIR) / "began"
    if os.environ.get("KILL_AT") == moment and not began.exists():
        began.write_text(str(press_pid))
        time.sleep(60)


class SlowPressConfig(AppConfig):
    name = "tests.drills.slow_press"
    label = "slow_press"

    def ready(self):
        from certificates.rendering import press, store
        from foundation import outbox

        tell = outbox._handlers[store.READY]
        read, keep, keep_version = press._Press._read_until, store.keep, store.keep_version

        @wraps(read)
        def read_slowly(self, *arguments):
            stop_here("setting", self.process.pid)
            return read(self, *arguments)

        @wraps(keep)
        def keep_slowly(name, content):
            stop_here("signed", press._press.process.pid)
            stored = keep(name, content)
            stop_here("written", press._press.process.pid)
            return stored

        @wraps(keep_version)
        def keep_version_slowly(*arguments, **options):
            made = keep_version(*arguments, **options)
            stop_here("recorded", press._press.process.pid)
            return made

        def tell_slowly(payload):
            stop_here("telling", 0)
            return tell(payload)

        press._Press._read_until = read_slowly
        store.keep, store.keep_version = keep_slowly, keep_version_slowly
        outbox._handlers[store.READY] = tell_slowly
