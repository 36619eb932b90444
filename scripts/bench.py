"""make bench: run benchmarks/bench_NAME.py; each prints a table and writes benchmarks/results/NAME.json."""

import os
import subprocess
import sys
from pathlib import Path

import ground
from ground import PYTHON, ROOT, refuse, say


def main(names: list[str]) -> None:
    there = {path.stem.removeprefix("bench_"): path for path in sorted(ROOT.glob("benchmarks/bench_*.py"))}
    wanted = [name.replace("-", "_") for name in names] or list(there)
    for name in wanted:
        if name not in there:
            refuse(f"There is no benchmark “{name}”; there are: {', '.join(there)}.")
    ground.require_environment(ground.DEVELOPMENT_LOCK)
    (ROOT / "benchmarks" / "results").mkdir(exist_ok=True)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    # Most roll back what they make, but need the tables; on the data of make demo where there is any.
    Path(environment.get("PRESISI_VAR", ROOT / ".demo")).mkdir(exist_ok=True)
    settings = {"DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "elearning.settings.dev")}
    migrate = [PYTHON, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env=environment | settings, check=True)
    failed = []
    for name in wanted:
        say(f"\n== {name}")
        if subprocess.run([PYTHON, there[name]], cwd=ROOT, env=environment).returncode:
            failed.append(name)
    if failed:
        refuse(f"Failed: {', '.join(failed)}")


if __name__ == "__main__":
    main(sys.argv[1:])
