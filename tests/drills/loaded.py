"""The project loaded once for an installation; every command of a drill is a child of this process.

Loading takes two seconds of processor time and a drill runs up to eight commands. Each line on standard input is a
question, each line on standard output its answer: ``{"start": [arguments of manage.py], "output": path,
"environment": {…}}`` → the process id; ``{"wait": process id}`` → its exit status.
"""

import gc
import json
import os
import sys
import time
import traceback

import django
from django.core.management import execute_from_command_line
from django.urls import get_resolver

PATIENCE = 120


def start(arguments: list[str], *, output: str, environment: dict[str, str]) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        target = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        for channel in (1, 2):
            os.dup2(target, channel)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.update(environment)
        execute_from_command_line(["manage.py", *arguments])
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # as an interpreter of its own would: say what happened, and fail
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def wait(pid: int) -> int:
    """The exit status of the child; negative when a signal ended it. Ends a child that takes too long."""
    deadline = time.monotonic() + PATIENCE
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > deadline:
            os.kill(pid, 9)
        time.sleep(0.01)


if __name__ == "__main__":
    django.setup()
    # Every command's checks import what the addresses name.
    _ = get_resolver().url_patterns
    gc.freeze()
    for line in sys.stdin:
        question = json.loads(line)
        if "start" in question:
            answer = start(question["start"], output=question["output"], environment=question["environment"])
        else:
            answer = wait(question["wait"])
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
    # Nothing here is worth taking apart.
    os._exit(0)
