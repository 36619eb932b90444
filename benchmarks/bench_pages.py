"""The pages that people open most, on the data of ``make demo``: queries, gz bytes of HTML, time against /healthz.

Milliseconds depend on the machine; the ratio to a page that does nothing compares between machines. Everything
happens in one transaction that is taken back. ``make bench-pages`` runs it.
"""

import gzip
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearning.settings.demo")

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from courses.models import ItemKind  # noqa: E402
from elearning.demo.loading import accounts, is_loaded  # noqa: E402
from enrolments.models import Duty  # noqa: E402
from organisation.models import User  # noqa: E402

RESULT = Path(__file__).parent / "results" / "pages.json"
ROUNDS = 15


def signed_in(user: User) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def account(role: str) -> User:
    return User.objects.get(login=next(row["login"] for row in accounts() if row["role"] == role))


def learner() -> tuple[Client, Duty]:
    """Somebody who opens an assigned course for the first time."""
    untouched = Duty.objects.open().filter(course__current_version__isnull=False, officer__enrolment=None)
    duty = untouched.select_related("officer__user", "course__current_version").first()
    client = signed_in(duty.officer.user)
    client.post(f"{duty.course.url}mulai/")
    return client, duty


def pages() -> list[tuple[str, Client, str]]:
    """(name, who asks, address) of every page that is measured."""
    client, duty = learner()
    items = list(duty.course.current_version.version_items.select_related("item"))
    lesson = next(entry for entry in items if entry.item.kind == ItemKind.LESSON)
    quiz = next(entry for entry in items if entry.item.kind == ItemKind.QUIZ)
    attempt = client.post(f"/kuis/mulai/{quiz.item.uuid}/").headers["Location"]
    sdm, head = signed_in(account("sdm")), signed_in(account("head"))
    late = Duty.objects.open().select_related("officer").order_by("due_at").first().officer
    return [
        ("home", client, "/"),
        ("lesson", client, f"{duty.course.url}{lesson.slug}/"),
        ("quiz question", client, f"{attempt}1/"),
        ("certificates", client, "/sertifikat/"),
        ("head", head, "/satuan/"),
        ("sdm overview", sdm, "/sdm/"),
        ("sdm chase list", sdm, "/sdm/penagihan/"),
        ("sdm completion", sdm, "/sdm/penyelesaian/"),
        ("sdm names", sdm, "/sdm/penyelesaian/nama/"),
        ("sdm learning record", sdm, f"/sdm/personel/{late.uuid}/pelatihan/"),
    ]


def seconds(client: Client, path: str) -> float:
    began = time.perf_counter()
    answer = client.get(path)
    taken = time.perf_counter() - began
    assert answer.status_code == 200, f"{path} answers {answer.status_code}"
    return taken


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def measured(client: Client, path: str) -> dict[str, float]:
    seconds(client, path)
    with CaptureQueriesContext(connection) as queries:
        body = client.get(path).content
    asked = len(queries)
    # Side by side, so that a busy moment slows both.
    pairs = [(seconds(client, path), seconds(client, "/healthz")) for _ in range(ROUNDS)]
    page, nothing = median([pair[0] for pair in pairs]), median([pair[1] for pair in pairs])
    return {
        "queries": asked,
        "gz bytes": len(gzip.compress(body, 6)),
        "ms": round(page * 1000, 1),
        "times /healthz": round(page / nothing, 1),
    }


def main() -> int:
    if not is_loaded():
        print("No demonstration data here. Run “make demo” once, then “make bench-pages”.")
        return 1
    with transaction.atomic():
        figures = {name: measured(client, path) for name, client, path in pages()}
        transaction.set_rollback(True)
    columns = list(next(iter(figures.values())))
    print(f"{'page':22}" + "".join(f"{column:>16}" for column in columns))
    for name, row in figures.items():
        print(f"{name:22}" + "".join(f"{value:>16}" for value in row.values()))
    cores = subprocess.run(["nproc"], capture_output=True, text=True).stdout.strip()
    machine = {"python": platform.python_version(), "cores": cores, "load": os.getloadavg()[0]}
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({"machine": machine, "pages": figures}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
