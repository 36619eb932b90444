"""The press: one limited process per server process, kept running, that turns HTML into a PDF.

Setting a page costs memory and time that a web or task process must not lose, so it happens in
pdf_process.py under limits. The process lives on between documents because reading the fonts takes
longer than setting a page; it is started anew after a failure and after ``DOCUMENTS`` pages.
"""

import base64
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings

WALL_SECONDS = 60
WALL_SECONDS_OF_A_TABLE = 180
DOCUMENTS = 500
# The memory that a longer order took is not kept by a process that waits for the next one.
LONG_ORDER = 200_000


class PressFailed(Exception):
    """The page was not set; the work stays queued and is tried again."""


@dataclass(frozen=True)
class Sheet:
    pdf: bytes
    refused: list[str]


class _Press:
    def __init__(self) -> None:
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "LC_ALL": "C.UTF-8",
            "FONTCONFIG_FILE": str(Path(__file__).with_name("fonts.conf")),
            "PYTHONHASHSEED": "0",
        }
        self.owner = os.getpid()
        self.documents = 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "certificates.rendering.pdf_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=settings.BASE_DIR,
            env=environment,
        )
        # Both are pipes, as asked for above.
        self.orders = cast(IO[bytes], self.process.stdin)
        self.answers = cast(IO[bytes], self.process.stdout)

    def usable(self) -> bool:
        return self.owner == os.getpid() and self.process.poll() is None and self.documents < DOCUMENTS

    def set(self, request: bytes, *, seconds: float) -> Sheet:
        self.documents += 1
        deadline = time.monotonic() + seconds
        self.orders.write(request)
        self.orders.flush()
        header, _newline, rest = self._read_until(deadline, lambda data: b"\n" in data).partition(b"\n")
        answer = json.loads(header)
        if "error" in answer:
            raise PressFailed(answer["error"])
        rest = self._read_until(deadline, lambda data: len(data) >= answer["size"], rest)
        return Sheet(rest, answer["refused"])

    def _read_until(self, deadline: float, enough, data: bytes = b"") -> bytes:
        pipe = self.answers.fileno()
        while not enough(data):
            ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
            piece = os.read(pipe, 1 << 16) if ready else b""
            if not piece:
                raise PressFailed("the press stopped" if ready else "the press took too long")
            data += piece
        return data

    def stop(self) -> None:
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()
        for pipe in (self.orders, self.answers):
            with suppress(OSError):
                pipe.close()


_lock = threading.Lock()
_press: _Press | None = None


def print_sheet(
    html: str,
    *,
    crest: bytes | None,
    at: datetime,
    style: str = "certificate",
    pictures: Mapping[str, bytes] | None = None,
    seal: int = 0,
) -> Sheet:
    """Return the PDF of ``html``, dated ``at``: the same input gives the same bytes. Raises PressFailed.

    ``style`` is "certificate" (its first page framed), "certificate-bare" (without the frame), "document" (pages of
    text and tables) or "table" (a long one, with more time); ``pictures`` are those that the page may name beside the
    crest: ``presisi:logo``; ``seal`` is the room in bytes left for a signature (certificates/sealing).
    """
    global _press
    wanted: dict[str, Any] = {
        "html": html,
        "crest": base64.b64encode(crest).decode() if crest else "",
        "epoch": int(at.timestamp()),
        "style": style,
        "pictures": {name: base64.b64encode(picture).decode() for name, picture in (pictures or {}).items()},
        "seal": seal,
    }
    request = json.dumps(wanted).encode() + b"\n"
    with _lock:
        if _press and not _press.usable():
            stop_press()
        _press = _press or _Press()
        seconds = WALL_SECONDS_OF_A_TABLE if style == "table" else WALL_SECONDS
        try:
            sheet = _press.set(request, seconds=seconds)
        except (PressFailed, OSError, ValueError) as error:
            stop_press()
            raise error if isinstance(error, PressFailed) else PressFailed(str(error)) from error
        if len(request) > LONG_ORDER:
            stop_press()
        return sheet


def stop_press() -> None:
    """End the process; the next page starts another."""
    global _press
    if _press:
        _press.stop()
    _press = None
