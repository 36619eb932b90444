"""Write a backup of database and files below a folder, while the platform runs."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from foundation import backups
from foundation.formats import byte_size, number


class Command(BaseCommand):
    help = "Buat cadangan basis data dan berkas ke dalam FOLDER, dengan manifes. Layanan boleh tetap berjalan."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path)
        parser.add_argument("--keep", type=int, help="Simpan hanya sekian cadangan terbaru di FOLDER.")

    def handle(self, *args, folder, keep, **options):
        if keep is not None and keep < 1:
            raise CommandError("--keep sekurang-kurangnya 1.")
        try:
            made = backups.make(folder, at=timezone.now(), keep=keep)
            manifest = backups.verified(made)
        except (backups.BackupRefused, OSError) as refusal:
            raise CommandError(str(refusal))
        size = sum(file["size"] for file in manifest["files"].values())
        rows = number(sum(manifest["rows"].values()))
        self.stdout.write(
            f"{made}: {rows} baris, {number(len(manifest['files']))} berkas, {byte_size(size)}. Terverifikasi."
        )
