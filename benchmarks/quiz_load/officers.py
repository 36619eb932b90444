"""What an officer's browser does during an exam. Every acknowledgement is kept for the checker."""

import asyncio
import json
import random
import re
import time
from dataclasses import dataclass, field

from .client import Browser, ConnectionLost, Reply
from .people import Exam, Person

ATTEMPT = re.compile(r"/kuis/([0-9a-f-]{36})/")


@dataclass(frozen=True)
class Acknowledged:
    """One answer the server said it had stored."""

    position: int
    epoch: int
    sequence: int
    answer: list[str]


@dataclass
class Notes:
    """All that happened, for table and checker; times in seconds by step."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    server_errors: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def note(self, step: str, seconds: float) -> None:
        self.seconds.setdefault(step, []).append(seconds)

    def percentile(self, step: str, part: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.seconds.get(step) or [0.0])
        return ordered[min(int(len(ordered) * part), len(ordered) - 1)] * 1000


class Officer:
    """Sits one attempt through ``browser``; ``chance`` decides what is ticked."""

    def __init__(self, exam: Exam, person: Person, port: int, notes: Notes) -> None:
        self.exam, self.person, self.notes = exam, person, notes
        self.browser = Browser(port, person)
        self.chance = random.Random(person.number)
        self.attempt = ""
        self.sequence = 0
        self.acknowledged: list[Acknowledged] = []
        self.submitted = False

    async def start(self, *, to_page: bool = False) -> None:
        """Press the start button; ``to_page``: until the first question is on the screen."""
        reply = await self._asked("start", self.browser.post(f"/kuis/mulai/{self.exam.item}/"), to_page)
        if reply and (found := ATTEMPT.search(reply.location or reply.body.decode())):
            self.attempt = found[1]
        elif reply:
            self.notes.refused.append(f"start: led to {reply.location}")

    async def open(self, position: int) -> None:
        await self._asked("page", self.browser.get(f"/kuis/{self.attempt}/{position}/"))

    async def save(self, position: int, *, again: bool = False) -> None:
        """Tick an answer; ``again`` sends the same once more, as after an acknowledgement lost on the way."""
        self.sequence += 1
        answer = self.exam.questions[position - 1].answer(self.chance)
        fields = [("epoch", 1), ("sequence", self.sequence), *(("pilihan", option) for option in answer)]
        for _ in range(2 if again else 1):
            path = f"/kuis/{self.attempt}/{position}/"
            reply = await self._asked("save", self.browser.post(path, fields, script=True))
            if reply and json.loads(reply.body)["state"] == "saved":
                self.acknowledged.append(Acknowledged(position, 1, self.sequence, answer))
            elif reply:
                self.notes.refused.append(f"save {position}: {reply.body[:200]!r}")

    async def check(self) -> None:
        await self._asked("check", self.browser.get(f"/kuis/{self.attempt}/periksa/"))

    async def submit(self, *, to_page: bool = False) -> None:
        """Press the last button; ``to_page``: until the result is on the screen."""
        reply = await self._asked("submit", self.browser.post(f"/kuis/{self.attempt}/kirim/"), to_page)
        self.submitted = self.submitted or reply is not None

    async def result(self) -> None:
        await self._asked("result", self.browser.get(f"/kuis/{self.attempt}/hasil/"))

    async def read(self, path: str) -> None:
        """A page that is no part of the quiz: the yardstick."""
        await self._asked("article", self.browser.get(path))

    async def _asked(self, step: str, reply, to_page: bool = False) -> Reply | None:
        """Wait for the reply, note what became of it; None when the server failed."""
        began = time.perf_counter()
        try:
            answer = await reply
            if to_page:
                answer = await self.browser.follow(answer)
        except ConnectionLost as problem:
            self.notes.server_errors.append(f"{step}: {problem}")
            return None
        self.notes.note(step, time.perf_counter() - began)
        if answer.status >= 500:
            self.notes.server_errors.append(f"{step}: {answer.status}")
            return None
        if answer.status >= 400:
            self.notes.refused.append(f"{step}: {answer.status} {answer.body[:80]!r}")
            return None
        return answer


async def side_by_side(width: int, officers: list[Officer], act) -> None:
    """``act(officer)`` for all, ``width`` at a time."""
    waiting = iter(officers)

    async def lane() -> None:
        for officer in waiting:
            await act(officer)

    await asyncio.gather(*(lane() for _ in range(width)))
