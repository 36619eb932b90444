"""How long a roster of 20,000 officers takes, on the database that the settings name. Nothing is kept.

Run: make bench-import. Writes benchmarks/results/import.json. Everything happens in one transaction that
is rolled back, so it runs on any installation; the upload is read as the page reads it.
"""

import io
import json
import os
import platform
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.dev")

import django  # noqa: E402

django.setup()

from django.db import connection, transaction  # noqa: E402

from foundation.spreadsheets import read_rows, write_xlsx  # noqa: E402
from organisation.imports.officers import TEMPLATE_HEADER, import_officers, plan_officers  # noqa: E402
from organisation.models import Rank, Unit, UnitLevel  # noqa: E402
from organisation.services import create_unit  # noqa: E402

OFFICERS = 20_000
UNITS = 200
NOW = datetime(2026, 11, 21, 5, tzinfo=UTC)
NEXT = datetime(2026, 11, 22, 5, tzinfo=UTC)


def make_units() -> list[Unit]:
    fields = {"level": UnitLevel.SECTOR, "zone": "Asia/Jakarta", "actor": None, "at": NOW}
    root = create_unit(parent=None, code="BENCH", name="Polda Ukur", short_name="Polda Ukur", **fields)
    return [
        create_unit(parent=root, code=f"BENCH-{n}", name=f"Polsek Ukur {n}", short_name=f"Polsek Ukur {n}", **fields)
        for n in range(UNITS)
    ]


def roster(units: list[Unit], *, shift: int = 0) -> list[list[str]]:
    """``shift`` moves every tenth officer to another unit."""
    ranks = list(Rank.objects.filter(kind="polri").values_list("short", flat=True))
    functions = ["SPKT", "SKCK, SIM", "", ""]
    return [
        [
            f"{10_000_000 + n:08}",
            "",
            f"Personel Ukur {n}",
            "S.H." if n % 3 else "",
            ranks[n % len(ranks)],
            "Banit",
            units[(n + (shift if n % 10 == 0 else 0)) % UNITS].code,
            functions[n % 4],
            "",
            "01/02/2025" if not shift else "",
        ]
        for n in range(OFFICERS)
    ]


def measured(name: str, act) -> dict:
    started, computed = time.perf_counter(), time.process_time()
    queries = []

    def count(execute, sql, params, many, context):
        queries.append(many)
        return execute(sql, params, many, context)

    # Not CaptureQueriesContext: writing out every statement with its values would take longer than the import.
    with connection.execute_wrapper(count):
        result = act()
    seconds, cpu = time.perf_counter() - started, time.process_time() - computed
    counts = getattr(result, "counts", {})
    step = {"step": name, "seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2)}
    return {**step, "queries": len(queries), "counts": counts}


def main() -> None:
    connection.ensure_connection()
    with transaction.atomic():
        units = make_units()
        file = io.BytesIO()
        write_xlsx(file, TEMPLATE_HEADER, roster(units))
        size = file.tell()
        file.seek(0)
        steps = [measured("read the XLSX in its limited process", lambda: read_rows(file, name="personel.xlsx"))]
        file.seek(0)
        rows = read_rows(file, name="personel.xlsx")
        moved = [rows[0], *roster(units, shift=1)]
        steps += [
            measured("preview", lambda: plan_officers(rows, actor=None, at=NOW)),
            measured("import: all new", lambda: import_officers(rows, actor=None, at=NOW)),
            measured("import again: nothing changes", lambda: import_officers(rows, actor=None, at=NOW)),
            measured("import: one in ten moves", lambda: import_officers(moved, actor=None, at=NEXT)),
        ]
        transaction.set_rollback(True)
    answer = {
        "officers": OFFICERS,
        "units": UNITS,
        "file_bytes": size,
        "database": connection.vendor,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "steps": steps,
    }
    results = ROOT / "benchmarks" / "results"
    results.mkdir(exist_ok=True)
    (results / "import.json").write_text(json.dumps(answer, indent=2, ensure_ascii=False) + "\n")
    print(f"{OFFICERS:,} officers, {connection.vendor}, {answer['machine']}")
    for step in steps:
        times = f"{step['seconds']:8.2f} s {step['cpu_seconds']:8.2f} s CPU {step['queries']:6} queries"
        print(f"{step['step']:40} {times}  {step['counts'] or ''}")


if __name__ == "__main__":
    main()
