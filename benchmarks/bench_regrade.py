"""How long it takes to correct a key: preview, and 10,000 attempts of 20 answers graded anew with what follows.

Run: make bench-regrade. Writes benchmarks/results/regrade.json. Everything happens in one transaction that is
rolled back, so it runs on any installation. Memory is Python's own at its highest during the step.
"""

import json
import os
import platform
import time
import tracemalloc
from uuid import uuid4

from django.db import connection
from grading_field import DRAWN, NOW, ROOT, field

from enrolments.models import CourseCompletion
from quizzes.choices import Consequence, Treatment
from quizzes.corrections import effects_of
from quizzes.invariants import check_attempts
from quizzes.models import Attempt, GradeChange, Regrade
from quizzes.services.correcting import impact_of, proposed_correction
from quizzes.services.recounting import recountable, recounted
from quizzes.services.regrading import continue_regrade

SIZES = (1_000, 10_000)


def measured(name: str, act) -> dict:
    queries = []

    def count(execute, sql, params, many, context):
        queries.append(many)
        return execute(sql, params, many, context)

    started, computed = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(count):
        result = act()
    seconds, cpu = time.perf_counter() - started, time.process_time() - computed
    return {
        "step": name,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "queries": len(queries),
        "result": result,
    }


def peak(act) -> float:
    tracemalloc.start()
    act()
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return round(highest / 1e6, 1)


def everything_anew(version) -> int:
    batches = recounted(recountable(version.item_id), item_id=version.item_id, effects=effects_of(version.item_id))
    return sum(len(batch) for batch in batches)


def correction_of(version, actor, question) -> Regrade:
    second = question.options.all()[1]
    change = {"fractions": {str(option.uuid): str(int(option == second)) for option in question.options.all()}}
    correction = proposed_correction(question=question, treatment=Treatment.KEY, change=change)
    correction.consequence, correction.reason, correction.request = Consequence.CORRECT, "Ukur", uuid4()
    correction.asked_by = correction.approved_by = actor
    correction.at = NOW
    correction.save()
    return Regrade.objects.create(correction=correction)


def run(size: int) -> dict:
    with field(size) as (version, actor):
        first = version.questions.prefetch_related("options").first()
        proposal = proposed_correction(question=first, treatment=Treatment.FULL)
        steps = [
            measured("grade every attempt anew, write nothing", lambda: everything_anew(version)),
            measured(
                "preview of a correction",
                lambda: impact_of(proposal, named=Attempt.objects.none(), at=NOW).total.changed,
            ),
        ]
        regrade = correction_of(version, actor, first)
        steps.append(
            measured(
                "regrade after a corrected key, with consequences", lambda: continue_regrade(regrade=regrade, at=NOW)
            )
        )
        changed = GradeChange.objects.count()
        withdrawn = CourseCompletion.objects.filter(withdrawn=True).count()
        again = Regrade.objects.get(pk=regrade.pk)
        Regrade.objects.filter(pk=again.pk).update(last_attempt=0, finished_at=None)
        again.refresh_from_db()
        steps.append(measured("the same once more: nothing changes", lambda: continue_regrade(regrade=again, at=NOW)))
        assert GradeChange.objects.count() == changed
        steps.append(measured("manage.py check_attempts", lambda: check_attempts().broken))
        memory = peak(lambda: everything_anew(version))
    figures = {"attempts": size, "answers": size * DRAWN, "changed": changed, "withdrawn": withdrawn}
    return {**figures, "memory_mb": memory, "steps": steps}


def main() -> None:
    connection.ensure_connection()
    runs = [run(size) for size in SIZES]
    large = runs[-1]
    answer = {
        "database": connection.vendor,
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load": round(os.getloadavg()[0], 1),
        "grade_10000_s": large["steps"][0]["seconds"],
        "grade_10000_cpu_s": large["steps"][0]["cpu_seconds"],
        "memory_for_ten_times_the_attempts": round(large["memory_mb"] / runs[0]["memory_mb"], 2),
        "runs": runs,
    }
    results = ROOT / "benchmarks" / "results"
    results.mkdir(exist_ok=True)
    (results / "regrade.json").write_text(json.dumps(answer, indent=2, ensure_ascii=False) + "\n")
    for figures in runs:
        print(f"{figures['attempts']:,} attempts of {DRAWN} answers, {connection.vendor}, load {answer['load']}")
        for step in figures["steps"]:
            times = f"{step['seconds']:8.2f} s {step['cpu_seconds']:8.2f} s CPU {step['queries']:7} queries"
            print(f"  {step['step']:50} {times}  {step['result']}")
        print(f"  {figures['changed']} results changed, {figures['withdrawn']} taken back; {figures['memory_mb']} MB")


if __name__ == "__main__":
    main()
