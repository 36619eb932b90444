"""A press that stops where the drill wants it killed, the first time: KILL_AT is ``setting`` or ``written``.

``setting``: the page was handed to the press's own process, which is at work. ``written``: the bytes are on the
disk and no row knows them yet. The file ``began`` in the installation's folder says that the moment has come and
which process is the press.
"""

import os
import time
from functools import wraps
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings


def stop_here(press_pid: int) -> None:
    began = Path(settings.VAR_DIR) / "began"
    if not began.exists():
        began.write_text(str(press_pid))
        time.sleep(60)


class SlowPressConfig(AppConfig):
    name = "tests.drills.slow_press"
    label = "slow_press"

    def ready(self):
        from certificates.rendering import press, store

        read, keep = press._Press._read_until, store.keep

        @wraps(read)
        def read_slowly(self, *arguments):
            stop_here(self.process.pid)
            return read(self, *arguments)

        @wraps(keep)
        def keep_slowly(name, content):
            stored = keep(name, content)
            stop_here(press._press.process.pid)
            return stored

        match os.environ.get("KILL_AT"):
            case "setting":
                press._Press._read_until = read_slowly
            case "written":
                store.keep = keep_slowly
