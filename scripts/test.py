"""make test: everything that decides whether the project is fit, on SQLite and on PostgreSQL.

make check (``--quick``) runs only what needs neither a database nor a browser. What the machine lacks is
installed when this account may; else it is left out and named at the end. With CI=true that is a failure.
"""

import os
import re
import secrets
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field

import ground
import postgres
from ground import CI, PYTHON, ROOT, say

BIN = PYTHON.parent
TEST_SETTINGS = {"DJANGO_SETTINGS_MODULE": "elearning.settings.test"}
PRODUCTION_SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "elearning.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ALLOWED_HOSTS": "belajar.example",
    "SITE_URL": "https://belajar.example",
}
PYTEST = [PYTHON, "-m", "pytest", "-q", "--dist", "worksteal", "-p", "no:cacheprovider", "-n"]
CORES = len(os.sched_getaffinity(0))
# More than there are cores: drills and the browser, which is on SQLite, often wait for another process.
ON_SQLITE, ON_POSTGRESQL = [*PYTEST, str(CORES + 1)], [*PYTEST, str(CORES)]


@dataclass
class Step:
    name: str
    command: list
    environment: dict = field(default_factory=dict)
    # Shows its output while it comes; otherwise a failure shows it at the end.
    live: bool = False
    seconds: float = 0.0
    failed: bool = False
    closing: str = ""
    # pytest's own lines, "FAILED tests/…::test_… - what was asserted".
    faults: list[str] = field(default_factory=list)

    def run(self) -> "Step":
        if self.live:
            say(f"== {self.name}")
        started = time.monotonic()
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        process = subprocess.Popen(
            [str(part) for part in self.command],
            cwd=ROOT,
            env=environment | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        lines = []
        for line in process.stdout:
            lines.append(line)
            if self.live:
                # Two sessions speak at the same time.
                print(f"{self.name.rpartition(' ')[2]:>10} | {line}", end="", flush=True)
        self.failed = process.wait() != 0
        self.seconds = time.monotonic() - started
        self.closing = lines[-1].strip() if lines else ""
        self.faults = [line.rstrip() for line in lines if line.startswith(("FAILED tests", "ERROR tests"))]
        if not self.live:
            say(f"{'FAILED' if self.failed else 'ok':7}{self.seconds:6.1f} s  {self.name}")
            if self.failed:
                say("".join(lines))
        return self


def static_steps() -> list[Step]:
    manage = [PYTHON, "manage.py"]
    return [
        Step("types (mypy)", [BIN / "mypy"]),
        Step("formatting (ruff)", [BIN / "ruff", "format", "--check", "--quiet", "."]),
        Step("lint (ruff)", [BIN / "ruff", "check", "--quiet", "."]),
        Step("templates (djlint)", [BIN / "djlint", "templates", "--lint", "--quiet"]),
        Step("layer order (import-linter)", [BIN / "lint-imports"]),
        Step("missing migrations", [*manage, "makemigrations", "--check", "--dry-run"], TEST_SETTINGS),
        Step("deploy check", [*manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION_SETTINGS),
    ]


def counts(steps: list[Step]) -> dict[str, int]:
    """What pytest's closing lines add up to: {"passed": …, "failed": …, "skipped": …}."""
    total = {"passed": 0, "failed": 0, "skipped": 0}
    for step in steps:
        for number, word in re.findall(r"(\d+) (passed|failed|skipped|error)", step.closing):
            total["failed" if word == "error" else word] += int(number)
    return total


def test_sessions(left_out: list[str], cluster: postgres.Cluster | None) -> list[Step]:
    """One for each database, with each kind of test that this machine can run; names the others in ``left_out``."""
    if ground.missing_for_pdf():
        left_out.append("PDF libraries, so every test that renders a certificate fails")
    unable = []
    if missing := ground.missing_for_browser():
        left_out.append(f"{' and '.join(missing)}: no browser test ran")
        unable.append("not browser")
    if missing := ground.missing_for_judges():
        left_out.append(f"{' and '.join(missing)}: no certificate was judged by veraPDF, qpdf, pdfsig")
        unable.append("not judges")
    chosen = ["-m", " and ".join(unable)] if unable else []
    if cluster is None:
        left_out.append(f"PostgreSQL {postgres.OLDEST} or newer: no test ran on it")
        return [Step("tests on SQLite", [*ON_SQLITE, *chosen], live=True)]
    return [
        Step("tests on PostgreSQL", [*ON_POSTGRESQL, *chosen, "--shared"], {"DATABASE_URL": cluster.url}, live=True),
        Step("tests on SQLite", [*ON_SQLITE, *chosen, "--shared"], live=True),
    ]


def install_what_is_missing() -> None:
    wanted = ground.missing_for_pdf()
    if not postgres.programs():
        wanted.append("postgresql")
    wanted += ground.missing_for_browser() + ground.missing_for_judges()
    if not ground.install(wanted):
        say(f"Not installed here; the line for it: {ground.apt_line(wanted)}")


def main(*, quick: bool) -> int:
    started = time.monotonic()
    ground.require_writable_folder()
    ground.require_packages(ground.missing_for_venv())
    if not quick:
        install_what_is_missing()
    ground.require_environment(ground.DEVELOPMENT_LOCK)
    prepared = time.monotonic() - started

    left_out: list[str] = []
    programs = None if quick else postgres.programs()
    cluster = postgres.Cluster(programs) if programs else None
    # The sessions first: while one migrates or waits for its browser, the others use the cores.
    with cluster or nullcontext(), ThreadPoolExecutor(max_workers=4) as pool:
        tested = [] if quick else test_sessions(left_out, cluster)
        static = static_steps()
        list(pool.map(Step.run, [*tested, *static]))
    return report(static + tested, tested, left_out, prepared=prepared, total=time.monotonic() - started)


def report(steps: list[Step], tested: list[Step], left_out: list[str], *, prepared: float, total: float) -> int:
    """Print the table and the closing lines; the exit status says whether the project is fit."""
    say(f"\n{'step':34}{'seconds':>8}  result\n{'machine and environment':34}{prepared:8.1f}  ok")
    for step in steps:
        say(f"{step.name:34}{step.seconds:8.1f}  {'FAILED' if step.failed else 'ok'}")
    say(f"{'together':34}{total:8.1f}")
    for gap in left_out:
        say(f"\n!!! LEFT OUT: {gap}.")
    for step in tested:
        say(f"{step.name}: {step.closing}")
        # Again at the very end: whoever keeps only the last lines of a long run still learns which.
        for fault in step.faults:
            say(f"  {fault}")
    sums = counts(tested)
    skipped_in_ci = CI and (sums["skipped"] or left_out)
    if skipped_in_ci:
        say("With CI=true nothing may be left out or skipped.")
    if tested:
        say(f"{sums['passed']} passed, {sums['failed']} failed, {sums['skipped']} skipped")
    return int(bool(skipped_in_ci) or any(step.failed for step in steps))


if __name__ == "__main__":
    sys.exit(main(quick="--quick" in sys.argv))
