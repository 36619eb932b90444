"""How long one certificate takes to be set and how large it is, for three shapes of name.

Run: make bench-certificates. Writes benchmarks/results/certificates.json. No database is touched.
"""

import json
import os
import platform
import statistics
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.dev")

import django  # noqa: E402

django.setup()

from certificates.rendering.preview import example, picture_of  # noqa: E402
from certificates.rendering.store import sheet_of  # noqa: E402
from certificates.wording import DEFAULT_TEXTS, EXAMPLES  # noqa: E402

ROUNDS = 40


def milliseconds(work) -> tuple[float, bytes]:
    started = time.perf_counter()
    made = work()
    return (time.perf_counter() - started) * 1000, made


def measure(shape: str) -> dict:
    certificate = example(texts=DEFAULT_TEXTS, shape=shape)
    runs = [milliseconds(lambda: sheet_of(certificate).pdf) for _ in range(ROUNDS)]
    times, pdfs = [run[0] for run in runs], {run[1] for run in runs}
    pdf = pdfs.pop()
    return {
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(statistics.quantiles(times, n=20)[18], 1),
        "bytes": len(pdf),
        "byte_identical": not pdfs,
        "preview_ms": round(milliseconds(lambda: picture_of(pdf))[0], 1),
    }


if __name__ == "__main__":
    first_ms, _pdf = milliseconds(lambda: sheet_of(example(texts=DEFAULT_TEXTS)).pdf)
    results = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "weasyprint": version("weasyprint"),
        "rounds": ROUNDS,
        "first_ms": round(first_ms, 1),
        "shapes": {shape: measure(shape) for shape in EXAMPLES},
    }
    print(f"{'shape':<10}{'median ms':>12}{'p95 ms':>10}{'bytes':>10}{'identical':>11}{'preview ms':>12}")
    for shape, row in results["shapes"].items():
        identical = "yes" if row["byte_identical"] else "NO"
        print(
            f"{shape:<10}{row['median_ms']:>12}{row['p95_ms']:>10}{row['bytes']:>10}{identical:>11}{row['preview_ms']:>12}"
        )
    print(f"first page of a process, with its start: {results['first_ms']} ms")
    target = ROOT / "benchmarks" / "results" / "certificates.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
