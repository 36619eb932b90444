"""The promise of TRUST.md §3 under load: all start within ten seconds, save every ten, and finish within ten."""

import asyncio
import random
import time
from dataclasses import dataclass

from .officers import Notes, Officer
from .people import Exam, Person

WINDOW = 10
EVERY = 10


@dataclass(frozen=True)
class Drill:
    officers: list[Officer]
    notes: Notes
    seconds: float
    driver_seconds: float


async def run(exam: Exam, people: list[Person], port: int, *, minutes: float) -> Drill:
    """An exam of ``minutes`` between the ten seconds of starting and the ten of finishing."""
    notes = Notes()
    officers = [Officer(exam, person, port, notes) for person in people]
    began, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(_sit(officer, began, minutes * 60) for officer in officers))
    return Drill(officers, notes, time.perf_counter() - began, time.process_time() - used)


async def _sit(officer: Officer, began: float, length: float) -> None:
    chance = random.Random(officer.chance.random())
    due = chance.uniform(0, WINDOW)
    ends = WINDOW + length + chance.uniform(0, WINDOW)

    async def until(moment: float) -> None:
        # Between two acts the phone's connection is closed, as by any server after a while.
        officer.browser.close()
        await asyncio.sleep(max(began + moment - time.perf_counter(), 0))

    await until(due)
    await officer.start(to_page=True)
    if not officer.attempt:
        return
    position, total = 0, len(officer.exam.questions)
    while (due := due + EVERY) < ends - 1:
        await until(due)
        position = position % total + 1
        # One phone in twenty never hears the acknowledgement and sends again.
        await officer.save(position, again=chance.random() < 0.05)
        await officer.open(position % total + 1)
    await until(ends)
    # One in ten presses twice, in two tabs.
    if chance.random() < 0.1:
        other = Officer(officer.exam, officer.person, officer.browser.port, officer.notes)
        other.attempt = officer.attempt
        await asyncio.gather(officer.submit(to_page=True), other.submit(to_page=True))
        other.browser.close()
    else:
        await officer.submit(to_page=True)
    officer.browser.close()
