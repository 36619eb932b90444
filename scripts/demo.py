"""make demo: check the ground, prepare the demonstration once, print the accounts and serve."""

import os
import signal
import socket
import subprocess
import sys

import ground
from ground import PYTHON, ROOT, refuse, say

DEMO = ROOT / ".demo"
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | {
    "DJANGO_SETTINGS_MODULE": "elearning.settings.demo",
    "PRESISI_VAR": str(DEMO),
}
STEPS = [
    ("Menyiapkan basis data", ["migrate", "--no-input"]),
    ("Menyiapkan penghitung", ["createcachetable"]),
    ("Memuat pelatihan", ["load_courses"]),
    ("Memuat data contoh", ["load_demo"]),
]


def free_port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        refuse(f"PORT={text} bukan nomor port; pakai angka 1024 sampai 65535, misalnya: make demo PORT=8001")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except PermissionError:
            refuse(f"Port {text} hanya untuk root; pakai port lain, misalnya: make demo PORT=8000")
        except OSError:
            other = int(text) + 1 if int(text) < 65535 else 8000
            refuse(f"Port {text} sedang dipakai program lain; pakai port lain, misalnya: make demo PORT={other}")
    return int(text)


def sources() -> str:
    """What the demonstration's data are made from: when it changes, the steps run again."""
    files = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("elearning/demo/*.py"), ROOT / "requirements.txt"]
    files += [file for file in (ROOT / "content").rglob("*") if file.is_file()]
    return ground.digest(files)


def manage(*arguments: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run([PYTHON, "manage.py", *arguments], cwd=ROOT, env=ENVIRONMENT, **options)


def prepare() -> None:
    """Make the database with courses and people; nothing to do when it stands and no source changed."""
    stamp, accounts = DEMO / "prepared", DEMO / "accounts.txt"
    wanted = sources()
    if stamp.exists() and accounts.exists() and stamp.read_text() == wanted:
        return
    DEMO.mkdir(exist_ok=True)
    stamp.unlink(missing_ok=True)
    for label, command in STEPS:
        say(f"{label} …")
        step = manage(*command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if step.returncode:
            say(step.stdout)
            refuse(f"Langkah “{label}” gagal (pesan di atas); mulai dari awal dengan: make demo-reset && make demo")
    accounts.write_text(manage("demo_accounts", check=True, capture_output=True, text=True).stdout)
    stamp.write_text(wanted)


def serve(port: int) -> None:
    """Run the web server, and beside it the worker that prints certificates, until Ctrl+C or SIGTERM."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    environment = ENVIRONMENT | {"SITE_URL": f"http://127.0.0.1:{port}"}
    gunicorn = ["gunicorn", "elearning.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "2", "--log-level", "warning"]
    with (DEMO / "worker.log").open("w") as log:
        worker = subprocess.Popen(
            [PYTHON, "manage.py", "db_worker", "--no-startup-delay", "--interval", "0.25"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            subprocess.run([PYTHON, "-m", *gunicorn], cwd=ROOT, env=environment)
        except KeyboardInterrupt:
            say("Selesai.")
        finally:
            worker.terminate()
            worker.wait(timeout=30)


def main(port_text: str) -> None:
    port = free_port(port_text)
    ground.require_writable_folder()
    ground.require_packages(ground.missing_for_venv() + ground.missing_for_pdf())
    ground.require_environment(ground.RUNTIME_LOCK)
    prepare()
    say((DEMO / "accounts.txt").read_text())
    say(f"Presisi Belajar: http://127.0.0.1:{port}  (hentikan dengan Ctrl+C)")
    serve(port)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "8000")
