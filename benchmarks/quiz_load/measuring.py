"""Processor time and waiting time of each step, a bare Wagtail page among them; and cycles per second."""

import time
from dataclasses import dataclass

from .officers import Notes, Officer, side_by_side
from .people import Exam, Person
from .servers import WebServer

SAVES = 10
STEPS = ["start", "page", "save", "check", "submit", "result"]
# How often each step stands in the cycle of 13 requests; page and check are what a browser loads besides.
CYCLE = {"start": 1, "save": SAVES, "submit": 1, "result": 1}
# Few enough that nobody waits for anybody: the times are the server's own.
WIDTH = 2
ROUNDS = 3
# Yardstick pages read before each step: a machine that is slower for a while is so for both.
ARTICLES = 6


@dataclass
class Costs:
    """Milliseconds of processor time for one request, by step; ``article`` is the yardstick."""

    used: dict[str, float]
    notes: Notes

    @property
    def save_in_articles(self) -> float:
        return self.used["save"] / self.used["article"]

    @property
    def cycle_in_articles(self) -> float:
        return sum(self.used[step] * times for step, times in CYCLE.items()) / self.used["article"]


async def costs(
    exam: Exam, people: list[Person], web: WebServer, yardstick: WebServer, reader: Person, article: str
) -> Costs:
    """Walk ``people`` through an attempt step by step; before each step the yardstick is measured."""
    notes, seconds, requests = Notes(), {}, {}
    readers = [Officer(exam, reader, yardstick.port, notes) for _ in range(ARTICLES)]

    async def count(name: str, server: WebServer, officers: list[Officer], act) -> None:
        before = server.processor_seconds()
        await side_by_side(WIDTH, officers, act)
        seconds[name] = seconds.get(name, 0) + server.processor_seconds() - before
        requests[name] = requests.get(name, 0) + len(officers)

    async def measured(name: str, act) -> None:
        await count("article", yardstick, readers, lambda officer: officer.read(article))
        await count(name, web, officers, act)

    share = len(people) // ROUNDS
    for part in range(ROUNDS):
        officers = [Officer(exam, person, web.port, notes) for person in people[part * share : (part + 1) * share]]
        await measured("start", Officer.start)
        await measured("page", lambda officer: officer.open(2))
        for position in range(1, SAVES + 1):
            await measured("save", lambda officer, position=position: officer.save(position))
        await measured("check", Officer.check)
        await measured("submit", Officer.submit)
        await measured("result", Officer.result)
        for officer in [*officers, *readers]:
            officer.browser.close()
    return Costs({name: seconds[name] / requests[name] * 1000 for name in seconds}, notes)


async def warm(
    exam: Exam, people: list[Person], web: WebServer, yardstick: WebServer, reader: Person, article: str
) -> None:
    """Have every thread of both servers open its connection and read its templates."""
    notes = Notes()
    officers = [Officer(exam, person, web.port, notes) for person in people]

    async def walk(officer: Officer) -> None:
        visitor = Officer(exam, reader, yardstick.port, notes)
        await visitor.read(article)
        visitor.browser.close()
        await cycle(officer)

    await side_by_side(16, officers, walk)
    if notes.server_errors or notes.refused:
        raise RuntimeError(f"the installation does not work: {(notes.server_errors + notes.refused)[:3]}")


async def cycle(officer: Officer) -> None:
    """The 13 requests of one attempt."""
    await officer.start()
    for position in range(1, SAVES + 1):
        await officer.save(position)
    await officer.submit()
    await officer.result()
    officer.browser.close()


async def cycles_per_second(exam: Exam, people: list[Person], web: WebServer) -> tuple[float, Notes]:
    """Complete attempts, as many as the machine can do, eight officers at a time."""
    notes = Notes()
    officers = [Officer(exam, person, web.port, notes) for person in people]
    began = time.perf_counter()
    await side_by_side(8, officers, cycle)
    return len(officers) / (time.perf_counter() - began), notes
