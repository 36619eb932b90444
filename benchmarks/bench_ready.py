"""How soon a passed course has its certificate, and how quickly anybody checks one.

Run: make bench-ready (COUNT= how many certificates). Writes benchmarks/results/ready.json. An installation of its own
with SQLite, a seal key and the worker as docs/operating.md starts it: "ready" is wall time from passing until the
sealed file is stored, the queue included. Pages are asked in this process, without the network; the altered file is a
real one with one byte changed, so that its seal has to be looked at.
"""

import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

import django  # noqa: E402

from benchmarks.quiz_load.servers import environment  # noqa: E402

COUNT = int(os.environ.get("COUNT", "60"))
WARM = 3
CHECKS = 100
PATIENCE = 60
# What is promised: (figure, most in ms, in words).
PROMISES = [
    ("ready_p95_ms", 1_000, "from passing to the sealed file, p95"),
    ("page_p95_ms", 50, "the page that shows a certificate, p95"),
    ("same_file_p95_ms", 300, "checking the file as issued, p95"),
    ("altered_file_p95_ms", 300, "checking an altered file, p95"),
]


def manage(*arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


def percentiles(name: str, waits: list[float]) -> dict[str, float]:
    return {
        f"{name}_p50_ms": round(statistics.median(waits), 1),
        f"{name}_p95_ms": round(statistics.quantiles(waits, n=20)[18], 1),
    }


def timed(act, certificate) -> float:
    began = time.perf_counter()
    act(certificate)
    return (time.perf_counter() - began) * 1000


def passed_one_by_one() -> tuple[list, list[float]]:
    """The certificates, and for each the milliseconds until its file was there."""
    from django.utils import timezone

    from certificates.models import Certificate
    from tests.factories.certificates import UnitLetterheadFactory
    from tests.factories.courses import published_course
    from tests.factories.enrolments import completed
    from tests.factories.organisation import OfficerFactory, UnitFactory

    unit, course, chance = UnitFactory(), published_course(), random.Random(7)
    UnitLetterheadFactory(unit=unit)
    certificates, waits = [], []
    for _ in range(WARM + COUNT):
        officer = OfficerFactory(posting__unit=unit)
        # Officers do not pass in step with the worker's looking.
        time.sleep(chance.random() / 2)
        began = timezone.now()
        certificate = Certificate.objects.get(completion=completed(officer, course, at=began))
        deadline = time.monotonic() + PATIENCE
        while certificate.rendered_at is None:
            if time.monotonic() > deadline:
                raise RuntimeError("the worker made no file")
            time.sleep(0.02)
            certificate.refresh_from_db(fields=["rendered_at"])
        certificates.append(certificate)
        waits.append((certificate.rendered_at - began).total_seconds() * 1000)
    return certificates[WARM:], waits[WARM:]


def asked(certificates: list) -> dict[str, float]:
    """What the public pages take."""
    from django.core.files.storage import storages
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.test import Client

    client, visitors = Client(headers={"host": "localhost"}, raise_request_exception=True), count(1)

    def show(certificate) -> None:
        assert client.get(f"/verifikasi/{certificate.shown_id}/", secure=True).status_code == 200

    def check(certificate, *, altered: bool) -> None:
        with storages["private"].open(certificate.files.get().storage_name) as stored:
            content = bytearray(stored.read())
        if altered:
            content[len(content) // 2] ^= 1
        file = SimpleUploadedFile("sertifikat.pdf", bytes(content), content_type="application/pdf")
        # Each from an address of its own: one address may send twenty files a minute.
        answer = client.post(
            f"/verifikasi/{certificate.shown_id}/berkas/",
            {"berkas": file},
            secure=True,
            REMOTE_ADDR=f"10.0.0.{next(visitors)}",
        )
        assert answer.status_code == 200, answer.status_code

    chosen = [certificates[number % len(certificates)] for number in range(CHECKS)]
    figures: dict[str, float] = {}
    for name, act in (
        ("page", show),
        ("same_file", lambda certificate: check(certificate, altered=False)),
        ("altered_file", lambda certificate: check(certificate, altered=True)),
    ):
        act(chosen[0])
        figures |= percentiles(name, [timed(act, one) for one in chosen])
    return figures


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="presisi-bench-") as folder:
        os.environ.update(environment(Path(folder)) | {"SEAL_SIGNER": "local"})
        for command in (
            ("migrate", "--no-input"),
            ("createcachetable",),
            ("collectstatic", "--no-input"),
            ("seal_key", "create", "--name", "Polres Uji"),
        ):
            manage(*command)
        django.setup()
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "db_worker", "--no-reload", "--interval", "0.25"],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            certificates, waits = passed_one_by_one()
        finally:
            worker.terminate()
            worker.wait()
        figures = {"count": COUNT, **percentiles("ready", waits), **asked(certificates)}
    missed = 0
    for name, most, words in PROMISES:
        missed += figures[name] > most
        print(f"{'kept  ' if figures[name] <= most else 'MISSED'} {words}: {figures[name]} ms (at most {most})")
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    report = {"machine": machine, "load": round(os.getloadavg()[0], 1), **figures}
    (ROOT / "benchmarks" / "results" / "ready.json").write_text(json.dumps(report, indent=1) + "\n")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
