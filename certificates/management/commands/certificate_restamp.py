"""``manage.py certificate_restamp``: a further time stamp for files whose last one soon proves nothing."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from certificates.exceptions import SealUnavailable
from certificates.sealing.renewal import ends_before, restamp_one


class Command(BaseCommand):
    help = "Perbarui cap waktu berkas sertifikat sebelum sertifikat otoritasnya berakhir."

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=365, help="Yang berakhir dalam sekian hari (baku: 365).")
        parser.add_argument("--limit", type=int, default=1000, help="Paling banyak sekian berkas sekali jalan.")
        parser.add_argument("--dry-run", action="store_true", help="Hanya hitung.")

    def handle(self, *args, days, limit, dry_run, **options):
        now = timezone.now()
        ending = ends_before(now + timedelta(days=days))
        if dry_run:
            self.stdout.write(f"{ending.count()} berkas perlu cap waktu baru.")
            return
        done = 0
        for file in ending[:limit]:
            try:
                done += restamp_one(file, at=timezone.now())
            except SealUnavailable as problem:
                raise CommandError(f"{problem} Sudah diperbarui: {done}.") from problem
        self.stdout.write(f"{done} berkas diperbarui, {ends_before(now + timedelta(days=days)).count()} tersisa.")
