"""How long the item analysis of 10,000 attempts of 20 answers takes, and that its memory does not grow with them.

Run: make bench-statistics. Writes benchmarks/results/statistics.json. Everything is rolled back.
"""

import json
import os
import platform
import time
import tracemalloc

from django.db import connection
from grading_field import DRAWN, ROOT, field

from quizzes import analysis
from quizzes.analysis import Selection, analysis_of

SIZES = (1_000, 10_000)


def fresh(version) -> analysis.QuizAnalysis:
    analysis._worked_out.cache_clear()
    return analysis_of(Selection(version.item_id))


def run(size: int) -> dict:
    with field(size) as (version, _actor):
        started, computed = time.perf_counter(), time.process_time()
        figures = fresh(version).figures
        seconds, cpu = time.perf_counter() - started, time.process_time() - computed
        started = time.perf_counter()
        analysis_of(Selection(version.item_id))
        kept = time.perf_counter() - started
        tracemalloc.start()
        fresh(version)
        memory = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return {
        "attempts": size,
        "answers": size * DRAWN,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "seconds_again": round(kept, 4),
        "memory_mb": round(memory / 1e6, 1),
        "alpha": round(figures.alpha, 3),
    }


def main() -> None:
    connection.ensure_connection()
    runs = [run(size) for size in SIZES]
    answer = {
        "database": connection.vendor,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load": round(os.getloadavg()[0], 1),
        "runs": runs,
    }
    results = ROOT / "benchmarks" / "results"
    results.mkdir(exist_ok=True)
    (results / "statistics.json").write_text(json.dumps(answer, indent=2) + "\n")
    print(f"{'attempts':>9} {'answers':>9} {'seconds':>8} {'CPU':>6} {'again':>8} {'MB':>6}")
    for row in runs:
        print(
            f"{row['attempts']:9,} {row['answers']:9,} {row['seconds']:8.2f} {row['cpu_seconds']:6.2f} "
            f"{row['seconds_again']:8.4f} {row['memory_mb']:6.1f}"
        )


if __name__ == "__main__":
    main()
