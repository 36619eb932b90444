"""``manage.py check_certificate FILE [--json]``: is this file one that we issued, and does its certificate stand?

Exit status 0 for genuine bytes, whatever the state of the certificate, which is printed; 1 for
everything else. The keys of ``--json`` are documented in docs/check-a-certificate.md and stay.
"""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from certificates import checking
from certificates.exceptions import FileRefused
from certificates.sealing.inspection import inspect


class Command(BaseCommand):
    help = "Periksa satu berkas sertifikat: asli atau tidak (status keluar 0 atau 1), dan keadaannya."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="Satu objek JSON dengan kunci yang tetap.")

    def handle(self, *args, file, **options):
        now = timezone.now()
        try:
            with file.open("rb") as opened:
                content = checking.content_of(opened)
        except OSError as problem:
            raise CommandError(f"{file} tidak dapat dibaca: {problem.strerror}.") from problem
        except FileRefused as refusal:
            self._tell(checking.refused(refusal), options["json"])
            raise SystemExit(1)
        found = checking.report(inspect(content), size=len(content), at=now)
        self._tell(found, options["json"])
        if not found["genuine"]:
            raise SystemExit(1)

    def _tell(self, found: dict, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        self.stdout.write("ASLI" if found["genuine"] else "TIDAK ASLI")
        self.stdout.write(found["explanation"])
        if found["certificate"]:
            self.stdout.write(f"Sertifikat {found['certificate']['number']}, kode {found['certificate']['code']}")
        self.stdout.write(f"SHA-256 {found['sha256'] or '-'}")
