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
# Two for each database: drills and the browser often wait for another process.
PYTEST = [PYTHON, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", "-p", "no:cacheprovider"]


@dataclass
class Step:
    name: str
    command: list
    environment: dict = field(default_factory=dict)
    seconds: float = 0.0
    failed: bool = False
    closing: str = ""
    # pytest's own lines, "FAILED tests/…::test_… - what was asserted".
    faults: list[str] = field(default_factory=list)

    def run(self, *, live: bool = False) -> "Step":
        """Run it; ``live`` shows its output while it comes, otherwise a failure shows it at the end."""
        if live:
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
            if live:
                # Two sessions speak at the same time.
                print(f"{self.name.rpartition(' ')[2]:>10} | {line}", end="", flush=True)
        self.failed = process.wait() != 0
        self.seconds = time.monotonic() - started
        self.closing = lines[-1].strip() if lines else ""
        self.faults = [line.rstrip() for line in lines if line.startswith(("FAILED tests", "ERROR tests"))]
        if not live:
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


def test_sessions(left_out: list[str]) -> list[Step]:
    """Run each kind of test that this machine can run, both databases at once; names the others in ``left_out``."""
    if ground.missing_for_pdf():
        left_out.append("PDF libraries, so every test that renders a certificate fails")
    browser = not ground.missing_for_browser()
    if not browser:
        left_out.append(f"{' and '.join(ground.missing_for_browser())}: no browser test ran")
    judges = not ground.missing_for_judges()
    if not judges:
        left_out.append(
            f"{' and '.join(ground.missing_for_judges())}: no certificate was judged by veraPDF, qpdf, pdfsig"
        )
    chosen = " and ".join(["not browser"] * (not browser) + ["not judges"] * (not judges))
    on_sqlite = Step("tests on SQLite", [*PYTEST, *(["-m", chosen] if chosen else [])])
    programs = postgres.programs()
    if not programs:
        left_out.append(f"PostgreSQL {postgres.OLDEST} or newer: no test ran on it")
        return [on_sqlite.run(live=True)]
    chosen = "not browser or both_databases" if browser else "not browser"
    command = [*PYTEST, "--database-only", "-m", chosen]
    with postgres.Cluster(programs) as url, ThreadPoolExecutor(max_workers=2) as pool:
        on_postgresql = Step("tests on PostgreSQL", command, {"DATABASE_URL": url})
        return list(pool.map(lambda step: step.run(live=True), [on_postgresql, on_sqlite]))


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

    with ThreadPoolExecutor(max_workers=2) as pool:
        steps = list(pool.map(Step.run, static_steps()))
    left_out: list[str] = []
    tested = [] if quick else test_sessions(left_out)
    return report(steps + tested, tested, left_out, prepared=prepared, total=time.monotonic() - started)


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
