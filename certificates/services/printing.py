"""Binding certificates for the printer, part by part; the files go after some days."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import storages

from certificates.exceptions import WorkRefused
from certificates.models import Certificate, CertificateWork, PrintFile
from certificates.permissions import units_read_by
from foundation import audit, retention
from foundation.backups import FLEETING
from organisation.models import User


@dataclass(frozen=True)
class Part:
    """A bound file that is stored and not yet claimed; without a ``name`` where nothing could be bound."""

    work: CertificateWork
    certificates: int
    pages: int
    size: int
    name: str
    units: list[int]
    why: str

    def save(self) -> None:
        if not self.name:
            return
        PrintFile.objects.create(
            work=self.work,
            number=self.work.files.count() + 1,
            certificates=self.certificates,
            pages=self.pages,
            size=self.size,
            storage_name=self.name,
            units=self.units,
        )

    def forget(self) -> None:
        if self.name:
            storages["private"].delete(self.name)


def bind_part(work: CertificateWork, certificates: Sequence[Certificate]) -> Part:
    """Bind the newest file of each, in the order of the chunk; what is not on the disk is named instead."""
    # Loaded by whoever binds, and by nobody else: web processes do without it.
    from certificates.rendering.binding import bind

    found = Certificate.objects.filter(pk__in=[row.pk for row in certificates]).with_file().order_by("pk")
    contents, units, missing = [], set(), []
    for certificate in found:
        try:
            with storages["private"].open(certificate.file.storage_name) as stored:
                contents.append(stored.read())
            units.add(certificate.unit_id)
        except (OSError, AttributeError):
            missing.append(str(certificate))
    why = f"Tanpa berkas: {', '.join(missing)}" if missing else ""
    if not contents:
        return Part(work, 0, 0, 0, "", [], why)
    # In the name is who writes, so that two workers at once never write into one file.
    name = f"{FLEETING}/{work.uuid}-{uuid4().hex[:8]}.pdf"
    with tempfile.TemporaryFile() as file:
        pages = bind(contents, file)
        size = file.seek(0, 2)
        file.seek(0)
        name = storages["private"].save(name, File(file))
    return Part(work, len(contents), pages, size, name, sorted(units), why)


def is_fetchable(file: PrintFile, *, at: datetime) -> bool:
    until = file.work.kept_until
    return bool(file.storage_name) and (until is None or at < until)


def fetch_part(*, file: PrintFile, actor: User, at: datetime) -> IO[bytes]:
    """The bytes, for whoever asked and may still see all that is in them. Raises WorkRefused."""
    if not (is_fetchable(file, at=at) and storages["private"].exists(file.storage_name)):
        raise WorkRefused("Berkas ini tidak ada lagi. Minta susunan baru dari daftar sertifikat.")
    mine = set(units_read_by(actor, at=at).filter(pk__in=file.units).values_list("pk", flat=True))
    if not set(file.units) <= mine:
        raise WorkRefused("Wewenang Anda atas sebagian satuan di dalamnya sudah berakhir. Minta susunan baru.")
    audit.record(
        verb="certificate.print_fetched",
        actor=actor,
        at=at,
        obj=file.work,
        unit_path=file.work.unit.path if file.work.unit else "",
        detail={"part": file.number, "certificates": file.certificates},
    )
    return storages["private"].open(file.storage_name)


@retention.removes("certificate_prints")
def remove_prints(*, at: datetime, dry_run: bool) -> int:
    """Delete print files past their days; the row stays for whoever comes back to the page."""
    kept = PrintFile.objects.exclude(storage_name="").select_related("work")
    old = [file for file in kept if file.work.kept_until and file.work.kept_until <= at]
    if not dry_run:
        for file in old:
            # The file first: a row without it is looked at again.
            storages["private"].delete(file.storage_name)
            PrintFile.objects.filter(pk=file.pk).update(storage_name="", units=[])
    return len(old)
