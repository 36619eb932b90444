"""What must hold between completions, certificates, numbers and files at any moment (TRUST.md §8).

Each check returns sentences that name what is wrong; an empty list means that it holds.
"""

import hashlib
from datetime import datetime, timedelta

from django.core.files.storage import storages
from django.db.models import Count, Exists, F, OuterRef, Q

from enrolments.models import CourseCompletion
from foundation.models import OutboxEntry

from .models import Certificate, CertificateFile, NumberSeries, SetAsideNumber
from .sealing.inspection import is_sealed_by
from .services import RENDER

GRACE = timedelta(hours=24)
FOLDER = "certificates"


def each_completion_has_its_certificate() -> list[str]:
    """I3: one certificate for each completion, and open work or a letterhead to come for each one without a file."""
    # A row that corrects another leans on the other's certificate, unless the other took the completion back.
    earned = Q(corrects=None) | Q(corrects__withdrawn=True)
    without = CourseCompletion.objects.filter(earned, certificate=None, recognition=None).values_list("uuid", flat=True)
    problems = [f"penyelesaian {uuid} tanpa sertifikat" for uuid in without.iterator()]
    # What waits for a letterhead, a number or a person's signature is not forgotten.
    waits = Q(letterhead=None) | Q(number="") | Q(signature_order__batch=None, signature_order__isnull=False)
    due = Certificate.objects.filter(rendered_at=None).exclude(waits)
    fileless = due.values_list("pk", "number")
    asked = set(OutboxEntry.objects.filter(kind=RENDER, done_at=None).values_list("key", flat=True))
    problems += [f"{number}: tanpa berkas dan tanpa antrean" for pk, number in fileless if str(pk) not in asked]
    return problems


def each_number_is_used_once() -> list[str]:
    """I4: every running number is used by one certificate, reserved or cancelled, and no cancelled one is used."""
    running = Q(sequence__gte=F("series__first_number"), sequence__lte=F("series__last_number"))

    def per_series(rows) -> dict[int, int]:
        return dict(rows.filter(running).order_by().values_list("series").annotate(Count("pk")))

    # A reserved number that a certificate then got is one number.
    used = Certificate.objects.filter(series=OuterRef("series"), sequence=OuterRef("sequence"))
    of_certificates = per_series(Certificate.objects.all())
    of_others = per_series(SetAsideNumber.objects.exclude(Exists(used)))
    found = []
    for series in NumberSeries.objects.select_related("unit"):
        numbers = series.last_number - series.first_number + 1
        counted = of_certificates.get(series.pk, 0) + of_others.get(series.pk, 0)
        if counted != numbers:
            found.append(f"{series}: {counted} dari {numbers} nomor terpakai, dipesan, atau dibatalkan")
    cancelled = SetAsideNumber.objects.exclude(cancelled_at=None).filter(Exists(used)).select_related("series__unit")
    return found + [f"{number}: dibatalkan, tetapi terpakai" for number in cancelled]


def each_file_is_what_was_issued() -> list[str]:
    """I5 and I9: stored bytes have the recorded hash, and rows and files go together."""
    storage, problems = storages["private"], []
    files = CertificateFile.objects.select_related("certificate", "sealed_with")
    for file in files.iterator(chunk_size=500):
        try:
            with storage.open(file.storage_name) as stored:
                content = stored.read()
        except OSError:
            problems.append(f"{file.certificate}: berkas {file.storage_name} hilang")
            continue
        digest = hashlib.sha256(content).hexdigest()
        if digest != file.sha256:
            problems.append(f"{file.certificate}: isi berkas {file.storage_name} berubah")
        elif file.sealed_with and not is_sealed_by(content, file.sealed_with.fingerprint):
            problems.append(f"{file.certificate}: segel pada {file.storage_name} tidak sah")
    halfway = Certificate.objects.filter(Q(files=None) & ~Q(rendered_at=None) | ~Q(files=None) & Q(rendered_at=None))
    problems += [f"{certificate}: berkas dan catatannya tidak sejalan" for certificate in halfway.distinct()]
    return problems


def files_without_row(*, at: datetime) -> list[str]:
    """I9: names of stored files that no row knows, a day after they were written (a worker was killed in between)."""
    storage = storages["private"]
    if not storage.exists(FOLDER):
        return []
    known = set(CertificateFile.objects.values_list("storage_name", flat=True))
    years, _files = storage.listdir(FOLDER)
    stored = [f"{FOLDER}/{year}/{name}" for year in years for name in storage.listdir(f"{FOLDER}/{year}")[1]]
    return [name for name in sorted(set(stored) - known) if storage.get_modified_time(name) < at - GRACE]


def problems(*, at: datetime) -> dict[str, list[str]]:
    """Every check by the invariant it holds."""
    return {
        "I3": each_completion_has_its_certificate(),
        "I4": each_number_is_used_once(),
        "I5": each_file_is_what_was_issued(),
        "I9": [f"berkas tanpa catatan: {name}" for name in files_without_row(at=at)],
    }
