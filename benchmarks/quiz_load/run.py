"""One database: fill it, serve it, measure it, drill it, check it. Prints what it does, writes figures as JSON.

Started by bench_quiz.py in the environment of the installation: ``python -m benchmarks.quiz_load.run FOLDER OFFICERS``.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

import django

SETTINGS = "benchmarks.yardstick.settings"
WARM, COSTED, CYCLED = 16, 60, 120


def main(folder: Path, officers: int, minutes: float) -> dict:
    from benchmarks.quiz_load import checker, drill, measuring, people, servers
    from benchmarks.yardstick.making import make_article, make_reader

    article, reader = make_article(), people.Person(0, make_reader(), "")
    exam, last_exam = people.make_exam(last=False), people.make_exam(last=True)
    warm, costed, cycled = (people.make_people(exam, count) for count in (WARM, COSTED, CYCLED))
    drilled = people.make_people(last_exam, officers)
    log = folder / "web.log"
    env = dict(os.environ)
    with (
        servers.WebServer(env, "elearning.settings.production", log) as web,
        servers.WebServer(env, SETTINGS, log) as yardstick,
    ):
        asyncio.run(measuring.warm(exam, warm, web, yardstick, reader, article))
        costs = asyncio.run(measuring.costs(exam, costed, web, yardstick, reader, article))
        cycles, cycle_notes = asyncio.run(measuring.cycles_per_second(exam, cycled, web))
        before = web.processor_seconds()
        drilling = asyncio.run(drill.run(last_exam, drilled, web.port, minutes=minutes))
        used = web.processor_seconds() - before
    verdict = checker.checked(drilling.officers, last_exam.version_id)
    errors = [*costs.notes.server_errors, *cycle_notes.server_errors, *drilling.notes.server_errors]
    refused = [*costs.notes.refused, *cycle_notes.refused, *drilling.notes.refused]
    notes = drilling.notes
    return {
        "steps": {
            name: {
                "cpu_ms": round(spent, 2),
                "p50_ms": round(costs.notes.percentile(name, 0.5), 1),
                "p95_ms": round(costs.notes.percentile(name, 0.95), 1),
            }
            for name, spent in costs.used.items()
        },
        "save_in_articles": round(costs.save_in_articles, 3),
        "cycle_in_articles": round(costs.cycle_in_articles, 2),
        "cycles_per_s": round(cycles, 1),
        "officers": officers,
        "minutes": minutes,
        "answers": sum(len(officer.acknowledged) for officer in drilling.officers),
        "lost": len(verdict.lost),
        "doubled": len(verdict.doubled),
        "server_errors": len(errors),
        "refused": len(refused),
        "found": [*verdict.lost, *verdict.doubled, *errors, *refused][:20],
        **{
            f"{step}_p{part}_ms": round(notes.percentile(step, part / 100))
            for step in ("start", "save", "page", "submit")
            for part in (50, 95)
        },
        "web_cores": round(used / drilling.seconds, 2),
        "driver_cores": round(drilling.driver_seconds / drilling.seconds, 2),
    }


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    django.setup()
    target = Path(sys.argv[1])
    figures = main(target, int(sys.argv[2]), float(sys.argv[3]))
    (target / "figures.json").write_text(json.dumps(figures))
