"""Fill an empty demonstration with invented units, people and history. Does nothing when it is filled."""

from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from elearning.demo.certificates import build_seal
from elearning.demo.loading import is_loaded, load


class Command(BaseCommand):
    help = "Isi peragaan dengan satuan, personel, dan riwayat rekaan."

    def handle(self, *args, **options):
        if not getattr(settings, "DEMO", False):
            raise CommandError("Data contoh hanya untuk peragaan: jalankan dengan elearning.settings.demo.")
        if settings.SEAL_SIGNER == "local":
            build_seal(at=timezone.now())
        if is_loaded():
            self.stdout.write("Data contoh sudah ada.")
            return
        took = load()
        self.stdout.write(f"Data contoh dimuat dalam {took / timedelta(seconds=1):.0f} detik.")
