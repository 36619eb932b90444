"""What an exam costs and how many officers one machine carries, on SQLite and on PostgreSQL.

Run: make bench-quiz; about seven minutes, best with nothing else running. Everything shares one machine: two web
workers with the settings of an installation, the database, and the driver. Writes benchmarks/results/quiz.json.
``python benchmarks/bench_quiz.py sqlite --officers 40 --minutes 0.5`` tries a part of it.

Per database: processor time of each step beside that of a bare Wagtail page (benchmarks/yardstick), complete
attempts per second, and the drill of TRUST.md §3 with its checker (benchmarks/quiz_load/checker.py).
"""

import argparse
import contextlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import postgres  # noqa: E402

from benchmarks.quiz_load.servers import environment  # noqa: E402

RESULT = ROOT / "benchmarks" / "results" / "quiz.json"
OFFICERS = {"sqlite": 300, "postgresql": 500}
MINUTES = 1.0
YARDSTICK = "benchmarks.yardstick.settings"
# As it comes, but for the socket: what an acknowledged answer rests on is not switched off.
POSTGRES = ["listen_addresses=", "max_connections=60"]
# What is promised: (figure, most, in words).
PROMISES = [
    ("lost", 0, "answers, submissions or grades lost"),
    ("doubled", 0, "attempts, submissions or completions doubled"),
    ("server_errors", 0, "errors of the server"),
    ("refused", 0, "requests refused that should not be"),
    ("save_in_articles", 0.2, "a save, in bare Wagtail pages"),
    ("cycle_in_articles", 4, "the cycle of 13 requests, in bare Wagtail pages"),
    ("save_p95_ms", 1000, "drill: a save, p95 in ms"),
    ("start_p95_ms", 3000, "drill: start until the first question shows, p95 in ms"),
    ("submit_p95_ms", 3000, "drill: submit until the result shows, p95 in ms"),
]


def measured(database: str, folder: Path, *, officers: int, minutes: float) -> dict:
    """Install into ``folder`` and the database, then measure."""
    with contextlib.ExitStack() as stack:
        url = ""
        if database == "postgresql":
            programs = postgres.programs()
            if programs is None:
                sys.exit("PostgreSQL is missing: apt-get install postgresql")
            cluster = postgres.Cluster(programs, purpose="-bench", settings=POSTGRES)
            stack.callback(shutil.rmtree, cluster.home, ignore_errors=True)
            url = stack.enter_context(cluster)
            cluster.create("presisi")
        env = environment(folder, url)
        for command in (["migrate", "--no-input"], ["createcachetable"], ["collectstatic", "--no-input"]):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=ROOT,
                env=env | {"DJANGO_SETTINGS_MODULE": YARDSTICK},
                stdout=subprocess.DEVNULL,
                check=True,
            )
        program = [sys.executable, "-m", "benchmarks.quiz_load.run", str(folder), str(officers), str(minutes)]
        subprocess.run(program, cwd=ROOT, env=env, check=True)
    return json.loads((folder / "figures.json").read_text())


def show(database: str, figures: dict) -> list[str]:
    """Print one database's tables; return what was promised and missed."""
    print(f"\n{database}: {figures['officers']} officers, {figures['answers']} answers, {figures['minutes']:g} min")
    print(f"{'step':10}{'processor ms':>14}{'p50 ms':>10}{'p95 ms':>10}{'in pages':>10}")
    page = figures["steps"]["article"]["cpu_ms"]
    for step, row in figures["steps"].items():
        print(f"{step:10}{row['cpu_ms']:>14}{row['p50_ms']:>10}{row['p95_ms']:>10}{row['cpu_ms'] / page:>10.2f}")
    print(f"{figures['cycles_per_s']} complete attempts per second")
    for step in ("start", "save", "page", "submit"):
        print(f"drill {step:7} p50 {figures[f'{step}_p50_ms']} ms, p95 {figures[f'{step}_p95_ms']} ms")
    print(f"drill used {figures['web_cores']} cores for the web and {figures['driver_cores']} for the driver")
    missed = []
    for name, most, words in PROMISES:
        kept = figures[name] <= most
        print(f"{'kept  ' if kept else 'MISSED'} {words}: {figures[name]} (at most {most})")
        if not kept:
            missed.append(f"{database} {name}")
    for sentence in figures["found"]:
        print(f"  {sentence}")
    return missed


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("databases", nargs="*", metavar="|".join(OFFICERS), help="without one: both")
    arguments.add_argument("--officers", type=int, help="instead of 300 and 500")
    arguments.add_argument("--minutes", type=float, default=MINUTES, help="between start and finish")
    asked = arguments.parse_args()
    if strange := set(asked.databases) - set(OFFICERS):
        arguments.error(f"no such database: {', '.join(sorted(strange))}")
    figures, missed = {}, []
    for database in asked.databases or OFFICERS:
        with tempfile.TemporaryDirectory(prefix="presisi-bench-") as folder:
            officers = asked.officers or OFFICERS[database]
            figures[database] = measured(database, Path(folder), officers=officers, minutes=asked.minutes)
        missed += show(database, figures[database])
    machine = {"python": platform.python_version(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    if asked.officers is None and set(figures) == set(OFFICERS):
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(json.dumps({"machine": machine, **figures}, indent=1) + "\n")
    if missed:
        print(f"\nMissed: {', '.join(missed)}")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
