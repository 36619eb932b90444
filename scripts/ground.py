"""What demo, tests and benchmarks stand on: system packages, the virtual environment, one-sentence refusals.

Standard library only: this runs before anything is installed.
"""

import ctypes
import functools
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUNTIME_LOCK = "requirements.txt"
DEVELOPMENT_LOCK = "requirements-dev.txt"
CI = os.environ.get("CI") == "true"
# The same engine without windows of its own: it takes half the time.
HEADLESS_BROWSER = "chromium-headless-shell"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which(HEADLESS_BROWSER) or shutil.which("chromium") or HEADLESS_BROWSER

# What WeasyPrint opens, and the Debian 12 package that brings it.
PDF_LIBRARIES = {
    "libgobject-2.0.so.0": "libglib2.0-0",
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libharfbuzz.so.0": "libharfbuzz0b",
    "libfontconfig.so.1": "libfontconfig1",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}


def refuse(sentence: str) -> None:
    """Stop with one sentence that says what is wrong and what to do."""
    sys.exit(sentence)


def say(sentence: str) -> None:
    print(sentence, flush=True)


def require_writable_folder() -> None:
    try:
        with tempfile.TemporaryFile(dir=ROOT):
            pass
    except OSError:
        refuse(f"Folder {ROOT} tidak dapat ditulisi; pindahkan proyek ke folder milik Anda atau perbaiki izinnya.")


def _opens(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_for_venv() -> list[str]:
    """Debian splits ``ensurepip`` off: without it ``python -m venv`` fails."""
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return []
    return [f"python{sys.version_info.major}.{sys.version_info.minor}-venv"]


def missing_for_pdf() -> list[str]:
    return [package for library, package in PDF_LIBRARIES.items() if not _opens(library)]


def missing_for_browser() -> list[str]:
    """Chromium, and what the driver inside the playwright package opens."""
    missing = [] if shutil.which(CHROMIUM) else [HEADLESS_BROWSER]
    return missing if _opens("libatomic.so.1") else [*missing, "libatomic1"]


# What judges finished PDFs in the tests, and the Debian package that brings it.
JUDGES = {"qpdf": "qpdf", "pdfsig": "poppler-utils", "java": "default-jre-headless"}
# veraPDF's jar comes with a Python package but without what Java dropped in version 11.
JAVA_XML = Path("/usr/share/java/jaxb-impl.jar")


def missing_for_judges() -> list[str]:
    missing = [package for program, package in JUDGES.items() if not shutil.which(program)]
    return missing if JAVA_XML.exists() else [*missing, "libjaxb-java"]


@functools.cache
def _apt_command() -> list[str] | None:
    """How apt-get may be called here; None when nobody lets us."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0:
        return [sudo, "-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    return None


def apt_line(packages: list[str]) -> str:
    return f"sudo apt-get update && sudo apt-get install --yes {' '.join(packages)}"


def install(packages: list[str]) -> bool:
    """Install Debian packages when this account may. Returns whether they were installed."""
    if not packages:
        return True
    apt = _apt_command()
    if apt is None:
        return False
    say(f"Memasang paket sistem: {' '.join(packages)} …")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-q"], ["install", "--yes", "-q", "--no-install-recommends", *packages]):
        run = subprocess.run(
            [*apt, *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if run.returncode:
            say(run.stdout + run.stderr)
            return False
    return True


def require_packages(packages: list[str]) -> None:
    """Have the packages installed, or stop with the one line to run."""
    if not install(packages):
        refuse(f"Paket sistem belum ada; jalankan baris ini lalu ulangi: {apt_line(packages)}")


def digest(paths) -> str:
    """One hash over the files' names and contents."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def _install_pinned(lock: Path) -> bool:
    """Install what ``lock`` pins: two pips at once, each on half of it.

    The lock names everything by its hash, so there is nothing to resolve; and most modules are never imported, so each
    is compiled when it is. That halves the work, and the second pip halves the time again.
    """
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
    pip += ["--require-hashes", "--no-deps", "--no-compile"]
    pins = re.split(r"\n(?=[a-z0-9])", lock.read_text(), flags=re.IGNORECASE)
    running = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(2):
            half = Path(folder) / f"{number}.txt"
            half.write_text("\n".join(pins[number::2]) + "\n")
            running.append(subprocess.Popen([*pip, "-r", half], cwd=ROOT))
        codes = [process.wait() for process in running]
    return not any(codes)


def require_environment(lock: str) -> None:
    """Have ``.venv`` hold what ``lock`` pins; takes no time when it already does."""
    stamp = VENV / "installed.json"
    wanted = {name: digest([ROOT / name]) for name in {RUNTIME_LOCK, lock}}
    try:
        installed = json.loads(stamp.read_text())
    except (OSError, ValueError):
        installed = {}
    works = PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], capture_output=True).returncode == 0
    if works and wanted.items() <= installed.items():
        return
    if not works:
        shutil.rmtree(VENV, ignore_errors=True)
        say("Menyiapkan lingkungan Python di .venv …")
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    say(f"Memasang pustaka dari {lock} …")
    stamp.unlink(missing_ok=True)
    if not _install_pinned(ROOT / lock):
        refuse("Pustaka Python gagal dipasang (pesan pip ada di atas); periksa sambungan internet lalu ulangi.")
    stamp.write_text(json.dumps(wanted))
