"""Every staff screen in a generated nation, and what is done to all of it at once: how long, how many queries.

    make bench-reports                                       4,500, 45,000 and 450,000 officers, and SQLite with 20,000
    .venv/bin/python benchmarks/bench_reports.py 45000       one size on PostgreSQL
    .venv/bin/python benchmarks/bench_reports.py --sqlite 20000
    .venv/bin/python benchmarks/bench_reports.py 45000 --only=penagihan --slow=50

``--only`` measures screens whose label contains it, and leaves the acts and the file of results alone. Each nation
is made once and kept until its maker or a migration changes. Needs PostgreSQL's programs; writes
benchmarks/results/reports.json.
"""

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from nation import database

SIZES = (4_500, 45_000, 450_000)
SQLITE = 20_000
RESULTS = Path(__file__).parent / "results"
COLUMNS = ("p50_ms", "p95_ms", "queries", "rss_mb")


def lines_of(module: str, environment: dict[str, str], *arguments: str) -> list[dict]:
    """Run ``python -m module`` and read a line of JSON after another."""
    found = []
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, cwd=database.ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            found.append(json.loads(line))
            show(found[-1])
    if process.returncode:
        raise SystemExit(f"{module} failed")
    return found


def show(row: dict) -> None:
    figures = "".join(f"{'–' if row.get(name) is None else row[name]:>10}" for name in COLUMNS)
    limit = row.get("limit_ms")
    late = limit and (row["p95_ms"] is None or row["p95_ms"] > limit)
    many = (row.get("queries") or 0) > 15 and not row.get("act")
    print(
        f"{row['screen']:58}{row['officers']:>8}{figures}{'  SLOW' if late else ''}{'  MANY' if many else ''}",
        flush=True,
    )


def measured(url: str | None, officers: int, *, only: str = "") -> list[dict]:
    kind = "PostgreSQL" if url else "SQLite"
    print(f"\n{kind}, {officers:,} officers (load {os.getloadavg()[0]:.1f})", flush=True)
    environment, seconds = database.prepared(url, officers)
    if only:
        return lines_of("nation.measure", environment, only)
    rows = lines_of("nation.measure", environment) + lines_of("nation.acts", environment)
    if seconds:
        rows.append({"screen": "load the nation", "officers": officers, "p50_ms": seconds * 1000, "act": True})
        show(rows[-1])
    load = round(os.getloadavg()[0], 1)
    return [{"database": "postgresql" if url else "sqlite", "load": load, **row} for row in rows]


def growth(rows: list[dict]) -> None:
    """The same screens in nations of each size, the Polres first: its times must not grow."""
    sizes = sorted({row["officers"] for row in rows if row["database"] == "postgresql"})
    if len(sizes) < 2:
        return
    found = {(row["screen"], row["officers"]): row["p95_ms"] for row in rows if row["database"] == "postgresql"}
    print("\np95 in ms as the nation grows\n" + " " * 58 + "".join(f"{size:>10,}" for size in sizes))
    for screen in sorted({screen for screen, _size in found}, key=lambda name: (not name.startswith("Polres"), name)):
        print(f"{screen:58}" + "".join(f"{found.get((screen, size)) or '–':>10}" for size in sizes))


def main(arguments: list[str]) -> None:
    options = dict(argument.lstrip("-").partition("=")[::2] for argument in arguments if argument.startswith("--"))
    sizes = [int(argument) for argument in arguments if argument.isdigit()]
    only = options.get("only", "")
    os.environ["NATION_SLOW"] = options.get("slow", "0")
    rows: list[dict] = []
    print(f"{'':58}{'officers':>8}" + "".join(f"{name:>10}" for name in COLUMNS))
    if "sqlite" not in options:
        with database.server() as url:
            for size in sizes or SIZES:
                rows += measured(url, size, only=only)
    if "sqlite" in options or not sizes:
        rows += measured(None, sizes[0] if sizes else SQLITE, only=only)
    if only:
        return
    growth(rows)
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / "reports.json"
    measured_now = {(row["officers"], row["database"]) for row in rows}
    kept = json.loads(file.read_text()) if file.exists() else []
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    stamp = {"machine": machine, "measured": datetime.now(UTC).date().isoformat()}
    rows = [{**row, **stamp} for row in rows]
    rows += [row for row in kept if (row["officers"], row["database"]) not in measured_now]
    file.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
