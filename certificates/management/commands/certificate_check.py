"""``manage.py certificate_check``: does every completion, number and file of the certificates fit together?"""

from django.core.files.storage import storages
from django.core.management.base import BaseCommand
from django.utils import timezone

from certificates.invariants import files_without_row, problems


class Command(BaseCommand):
    help = "Periksa sertifikat: penyelesaian (I3), nomor (I4), berkas (I5, I9). Status keluar 1 bila ada yang salah."

    def add_arguments(self, parser):
        parser.add_argument(
            "--tidy", action="store_true", help="Hapus berkas tanpa catatan yang lebih tua dari sehari."
        )

    def handle(self, *args, tidy, **options):
        now = timezone.now()
        if tidy:
            for name in files_without_row(at=now):
                storages["private"].delete(name)
                self.stdout.write(f"dihapus: {name}")
        found = problems(at=now)
        for invariant, sentences in found.items():
            self.stdout.write(f"{invariant}: {'baik' if not sentences else f'{len(sentences)} masalah'}")
            for sentence in sentences:
                self.stdout.write(f"  {sentence}")
        if any(found.values()):
            raise SystemExit(1)
