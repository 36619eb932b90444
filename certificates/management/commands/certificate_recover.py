"""``manage.py certificate_recover FOLDER``: which sealed files in a folder does the register not know?

For the day after an old backup was restored (docs/keys.md): files that were issued after that backup
still prove by their seal that they are ours, and name the numbers that must not be given again.
"""

from io import BytesIO
from pathlib import Path

import pikepdf
from django.core.management.base import BaseCommand, CommandError

from certificates.sealing.inspection import Verdict, inspect


class Command(BaseCommand):
    help = "Cari berkas bersegel kita yang hilang dari register, dan sebut nomornya."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)

    def handle(self, *args, folder, **options):
        if not folder.is_dir():
            raise CommandError(f"{folder} bukan folder.")
        seen = dict.fromkeys(Verdict, 0)
        for path in sorted(folder.rglob("*.pdf")):
            content = path.read_bytes()
            verdict = inspect(content).verdict
            seen[verdict] += 1
            if verdict == Verdict.LOST:
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
