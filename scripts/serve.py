"""make serve: web server with TLS, task worker, tick and a daily backup on one machine; Ctrl+C stops all.

Standard library only, like ground.py. Data and secrets live in var/ (PRESISI_VAR= moves it), on SQLite
unless DATABASE_URL says otherwise. For more than one machine see docs/operating.md.
"""

import functools
import http.server
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import ground
from ground import PYTHON, ROOT, refuse, say
from local_tls import Authority

VAR = Path(os.environ.get("PRESISI_VAR", ROOT / "var")).absolute()
PREPARING = [
    ("Menyiapkan basis data", ["migrate", "--no-input"]),
    ("Menyiapkan penghitung", ["createcachetable"]),
    ("Mengumpulkan berkas tampilan", ["collectstatic", "--no-input"]),
    ("Memuat pelatihan", ["load_courses"]),
]
TICK_SECONDS = 60
BACKUP_SECONDS = 24 * 3600
BACKUPS_KEPT = "14"
STOP_SECONDS = 30
LOG = VAR / "serve.log"
LOG_BYTES = 10_000_000


def port_of(name: str, fallback: int) -> int:
    text = os.environ.get(name) or str(fallback)
    if not text.isdigit() or int(text) > 65535:
        refuse(f"{name}={text} bukan nomor port; pakai angka sampai 65535, misalnya: make serve {name}={fallback}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0", int(text)))  # noqa: S104 (phones on the network are the purpose)
        except PermissionError:
            refuse(f"Port {text} hanya untuk root; pakai port lain, misalnya: make serve {name}={fallback}")
        except OSError:
            refuse(
                f"Port {text} sedang dipakai program lain; pakai port lain, misalnya: make serve {name}={fallback + 1}"
            )
    return int(text)


def network_address() -> str:
    """This machine's address on the network that leads outside; LAN_ADDRESS= names another."""
    if os.environ.get("LAN_ADDRESS"):
        return os.environ["LAN_ADDRESS"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: the kernel only says which address it would use.
            probe.connect(("10.255.255.255", 9))
        except OSError:
            return "127.0.0.1"
        return probe.getsockname()[0]


def kept_environment(address: str, port: int) -> dict[str, str]:
    """What the installation is told, from var/serve.env; made at the first start, for this account only."""
    file = VAR / "serve.env"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(f"SECRET_KEY={secrets.token_urlsafe(50)}\nSITE_URL=https://{address}:{port}\n")
    file.chmod(0o600)
    lines = [line.strip() for line in file.read_text().splitlines()]
    kept = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    hosts = [address, "localhost", "127.0.0.1", *host_names(), *kept.pop("ALLOWED_HOSTS", "").split(",")]
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "elearning.settings.production",
        "PRESISI_VAR": str(VAR),
        "ALLOWED_HOSTS": ",".join(dict.fromkeys(filter(None, hosts))),
        **kept,
    }


def host_names() -> list[str]:
    name = socket.gethostname().split(".")[0].lower()
    return [f"{name}.local", name]


def warn_of_new_address(environment: dict[str, str], address: str, port: int) -> None:
    if environment["SITE_URL"] != f"https://{address}:{port}":
        say(
            f"Perhatian: mesin ini kini di https://{address}:{port}, tetapi SITE_URL di {VAR / 'serve.env'} (ada pada "
            f"QR sertifikat) {environment['SITE_URL']}. Beri mesin ini alamat tetap, atau ubah SITE_URL bila pindah."
        )


def prepare(environment: dict[str, str]) -> None:
    for label, command in PREPARING:
        say(f"{label} …")
        step = subprocess.run(
            [PYTHON, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        if step.returncode:
            refuse(f"{step.stdout}{step.stderr}\nLangkah “{label}” gagal (pesan di atas).")


class Services:
    """The processes of the installation, each in a session of its own so that only we stop them."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.running: dict[str, subprocess.Popen] = {}
        if LOG.exists() and LOG.stat().st_size > LOG_BYTES:
            LOG.rename(LOG.with_suffix(".old"))
        self.log = LOG.open("a")
        self.stopping = threading.Event()

    def start(self, name: str, *arguments: str) -> None:
        command = [*self.patient(name), str(PYTHON), *arguments]
        self.running[name] = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log, start_new_session=True
        )

    @staticmethod
    def patient(name: str) -> list[str]:
        """Everything but the web server gives way: certificates may wait while an exam ends, answers may not."""
        return [] if name == "web" else ["nice", "-n", "10"]

    def run(self, *arguments: str) -> None:
        """One command to its end; what it says goes to the log, its failure stops nothing."""
        command = [*self.patient(arguments[0]), str(PYTHON), "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log, start_new_session=True
        )
        if done.returncode:
            say(f"Perintah {arguments[0]} gagal; lihat {LOG}.")

    def every(self, seconds: int, *commands: list[str], first_after: int = 0) -> None:
        def loop() -> None:
            wait = first_after
            while not self.stopping.wait(wait):
                began = time.monotonic()
                for command in commands:
                    self.run(*command)
                wait = max(1, seconds - int(time.monotonic() - began))

        threading.Thread(target=loop, daemon=True).start()

    def stop(self) -> None:
        self.stopping.set()
        for process in self.running.values():
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()


class AuthorityHandler(http.server.SimpleHTTPRequestHandler):
    extensions_map = {".crt": "application/x-x509-ca-cert"}

    def log_message(self, *arguments) -> None:
        pass


def offer_authority(folder: Path, port: int) -> None:
    """Let phones fetch the authority's certificate, and nothing else, without TLS: they cannot have it yet."""
    handler = functools.partial(AuthorityHandler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("0.0.0.0", port), handler)  # noqa: S104
    threading.Thread(target=server.serve_forever, daemon=True).start()


def seconds_since_backup() -> float:
    made = [path.stat().st_mtime for path in (VAR / "backups").glob("presisi-*Z")]
    return time.time() - max(made) if made else BACKUP_SECONDS


def serve() -> None:
    port, authority_port = port_of("PORT", 8443), port_of("CA_PORT", 8080)
    address = network_address()
    environment = kept_environment(address, port)
    warn_of_new_address(environment, address, port)
    authority = Authority(VAR / "tls")
    authority.ensure(list(dict.fromkeys([address, "127.0.0.1"])), [*host_names(), "localhost"])
    prepare(environment)
    services = Services(environment)
    services.start(
        *("web", "-m", "gunicorn", "elearning.wsgi", "--bind", f"0.0.0.0:{port}", "--log-level", "warning"),
        *("--certfile", str(authority.server_certificate), "--keyfile", str(authority.server_key)),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "2", "--graceful-timeout", "25"),
        # A phone saves every few seconds; a new TLS handshake would cost about as much as the save.
        *("--keep-alive", "15"),
    )
    services.start("worker", "manage.py", "db_worker", "--no-reload", "--interval", "0.25")
    services.every(TICK_SECONDS, ["tick"])
    daily = [["backup", str(VAR / "backups"), "--keep", BACKUPS_KEPT], ["apply_retention"]]
    services.every(BACKUP_SECONDS, *daily, first_after=max(60, int(BACKUP_SECONDS - seconds_since_backup())))
    offer_authority(authority.public, authority_port)
    say(
        f"""
Presisi Belajar   https://{address}:{port}   (hentikan dengan Ctrl+C)
Data dan rahasia  {VAR}  (cadangan harian di backups/, simpan salinannya di mesin lain)
Catatan jalannya  {LOG}
Akun pertama      sh scripts/serve.sh create_administrator

Sekali untuk setiap ponsel: buka http://{address}:{authority_port}/presisi-ca.crt, unduh sertifikatnya
  (berkas: {authority.certificate}), cocokkan sidik jari SHA-256:
  {authority.fingerprint()}
  Android: Setelan > Keamanan > Enkripsi & kredensial > Instal sertifikat > Sertifikat CA.
  iPhone:  Setelan > Profil Diunduh > Instal, lalu Umum > Mengenai > Pengaturan Kepercayaan Sertifikat > aktifkan.
"""
    )
    supervise(services)


def supervise(services: Services) -> None:
    def stop(signum, frame) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        while services.running["web"].poll() is None:
            if services.running["worker"].poll() is not None:
                say("Pekerja antrean berhenti; dinyalakan lagi.")
                services.start("worker", "manage.py", "db_worker", "--no-reload", "--interval", "0.25")
            time.sleep(2)
        code = f"Server web berhenti sendiri; lihat {LOG}."
    except KeyboardInterrupt:
        say("Menghentikan layanan …")
        code = None
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    services.stop()
    sys.exit(code)


def main(command: list[str]) -> None:
    ground.require_writable_folder()
    ground.require_packages(ground.missing_for_venv() + ground.missing_for_pdf())
    if not shutil.which("openssl"):
        ground.require_packages(["openssl"])
    ground.require_environment(ground.RUNTIME_LOCK)
    os.umask(0o077)
    VAR.mkdir(parents=True, exist_ok=True)
    if command:
        os.chdir(ROOT)
        os.execve(PYTHON, [str(PYTHON), "manage.py", *command], kept_environment(network_address(), 8443))
    serve()


if __name__ == "__main__":
    main(sys.argv[1:])
