"""Tables in and out: a roster of 20,000 officers read, an export of 100,000 rows written, bombs refused.

Compares within one run on one machine: our limited reader with openpyxl (the library Django packages
commonly read with), our writers with openpyxl's. ``make bench-spreadsheets`` runs it.
"""

import io
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.test")

import openpyxl

from foundation.spreadsheets import SpreadsheetRefused, csv_lines, read_rows, write_xlsx

RESULT = Path(__file__).parent / "results" / "spreadsheets.json"
HEADER = ["NRP", "Nama", "Pangkat", "Jabatan", "Kesatuan", "Fungsi", "Nilai", "Urut"]
ROSTER, EXPORT, REPEATS = 20_000, 100_000, 3


def rows(count: int):
    for number in range(count):
        yield [
            f"{80_000_000 + number}",
            f"Budi Santosa {number}, S.H.",
            "Briptu",
            "Ba SPKT",
            "Polsek Contoh Timur",
            "SPKT",
            number % 101,
            number,
        ]


def median_seconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return sorted(taken)[len(taken) // 2]


def peak_megabytes(work: Callable[[], object]) -> float:
    """Python's own memory while ``work`` runs; what a child process uses is not in it."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def child_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000


def openpyxl_read(content: bytes) -> int:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return sum(1 for _ in book.active.iter_rows(values_only=True))


def openpyxl_write(count: int) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADER)
    for row in rows(count):
        sheet.append(row)
    with tempfile.TemporaryFile() as file:
        book.save(file)


def ours_write(count: int) -> None:
    with tempfile.TemporaryFile() as file:
        write_xlsx(file, HEADER, rows(count))


def bomb() -> bytes:
    """1 MB that would unpack to 450 MB of XML."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(450):
                sheet.write(b"<row><c><v>0</v></c></row>" * 38_000)
    return file.getvalue()


def refusal_seconds(content: bytes) -> float:
    began = time.perf_counter()
    try:
        read_rows(io.BytesIO(content), name="bom.xlsx")
    except SpreadsheetRefused:
        return time.perf_counter() - began
    raise AssertionError("the bomb was read")


def main() -> None:
    file = io.BytesIO()
    write_xlsx(file, HEADER, rows(ROSTER))
    roster = file.getvalue()
    text = "".join(csv_lines(HEADER, rows(ROSTER))).encode()
    assert len(read_rows(io.BytesIO(roster), name="x")) == ROSTER + 1

    figures = {
        f"read {ROSTER} rows XLSX, ours (s)": median_seconds(lambda: read_rows(io.BytesIO(roster), name="x")),
        f"read {ROSTER} rows XLSX, openpyxl (s)": median_seconds(lambda: openpyxl_read(roster), 1),
        f"read {ROSTER} rows CSV, ours (s)": median_seconds(lambda: read_rows(io.BytesIO(text), name="x")),
        "reader process, largest (MB)": child_megabytes(),
        f"write {EXPORT} rows XLSX, ours (s)": median_seconds(lambda: ours_write(EXPORT), 1),
        f"write {EXPORT} rows XLSX, openpyxl (s)": median_seconds(lambda: openpyxl_write(EXPORT), 1),
        f"write {EXPORT} rows CSV, ours (s)": median_seconds(lambda: sum(map(len, csv_lines(HEADER, rows(EXPORT)))), 1),
        f"write {EXPORT // 10} rows XLSX, memory (MB)": peak_megabytes(lambda: ours_write(EXPORT // 10)),
        f"write {EXPORT // 2} rows XLSX, memory (MB)": peak_megabytes(lambda: ours_write(EXPORT // 2)),
        "refuse a bomb of 450 MB (s)": refusal_seconds(bomb()),
    }
    keys = list(figures)
    ratios = {
        "reading: openpyxl / ours": figures[keys[1]] / figures[keys[0]],
        "writing: openpyxl / ours": figures[keys[5]] / figures[keys[4]],
        "memory for five times the rows": figures[keys[8]] / figures[keys[7]],
    }
    for name, value in {**figures, **ratios}.items():
        print(f"{name:45} {value:10.2f}")
    cores = subprocess.run(["nproc"], capture_output=True, text=True).stdout.strip()
    machine = {"python": platform.python_version(), "cores": cores, "load": os.getloadavg()[0]}
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(
        json.dumps(
            {"machine": machine, "figures": {k: round(v, 3) for k, v in figures.items()}, "ratios": ratios}, indent=1
        )
        + "\n"
    )


if __name__ == "__main__":
    sys.exit(main())
