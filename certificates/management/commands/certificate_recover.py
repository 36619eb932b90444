"""``manage.py certificate_recover FOLDER``: which sealed files in a folder does the register not know?

For the day after an old backup was restored (docs/keys.md): files that were issued after that backup
still prove by their seal that they are ours, and name the numbers that must not be given again.
"""

import re
from io import BytesIO
from pathlib import Path

import pikepdf
from django.core.management.base import BaseCommand, CommandError

from certificates.exceptions import MistypedIdentifier
from certificates.identifiers import normalise
from certificates.models import Certificate, SealKind
from certificates.rendering.store import keep_version
from certificates.sealing.inspection import Inspection, Verdict, inspect
from certificates.sealing.signers import Signed

# The address that checks the certificate stands in the middle of what a file says of itself.
ADDRESS = re.compile(r"/verifikasi/([^/\s]+)/")


class Command(BaseCommand):
    help = "Cari berkas bersegel kita yang hilang dari register, dan sebut nomornya."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument(
            "--keep", action="store_true", help="Simpan lagi berkas yang sertifikatnya masih ada di register."
        )

    def handle(self, *args, folder, keep, **options):
        if not folder.is_dir():
            raise CommandError(f"{folder} bukan folder.")
        seen = dict.fromkeys(Verdict, 0)
        for path in sorted(folder.rglob("*.pdf")):
            content = path.read_bytes()
            found = inspect(content)
            if found.verdict == Verdict.LOST and keep and kept_again(content, found):
                found = inspect(content)
            seen[found.verdict] += 1
            if found.verdict == Verdict.LOST:
                self.stdout.write(f"{path}: {subject_of(content)}")
        others = sum(seen.values()) - seen[Verdict.GENUINE] - seen[Verdict.LOST]
        self.stdout.write(
            f"{seen[Verdict.GENUINE]} berkas dikenal, {seen[Verdict.LOST]} asli tetapi hilang dari register, "
            f"{others} bukan berkas kita atau berubah."
        )
        if seen[Verdict.LOST]:
            self.stdout.write("Cadangkan nomor-nomor itu di buku nomor sebelum menerbitkan sertifikat baru.")
            raise SystemExit(1)


def subject_of(content: bytes) -> str:
    """Number and code as the file itself names them; believed only because the seal holds."""
    with pikepdf.open(BytesIO(content)) as pdf:
        return str(pdf.docinfo.get("/Subject", "tanpa keterangan"))


def kept_again(content: bytes, found: Inspection) -> bool:
    """Record the bytes once more as a version of the certificate they name, where that is still in the register."""
    named = ADDRESS.search(subject_of(content))
    try:
        public_id = normalise(named[1] if named else "")
    except MistypedIdentifier:
        return False
    certificate = Certificate.objects.filter(public_id=public_id).exclude(letterhead=None).first()
    if certificate is None:
        return False
    newest = certificate.files.order_by("-version").values_list("version", flat=True).first() or 0
    return keep_version(certificate, Signed(content, SealKind.LOCAL, found.seal), version=newest + 1)
