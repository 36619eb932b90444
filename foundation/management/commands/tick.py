"""Do everything that is due. Run it every minute from a timer; running it twice changes nothing."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from foundation.due import run_all


class Command(BaseCommand):
    help = "Kerjakan semua yang jatuh tempo (dijalankan timer setiap menit)."

    def handle(self, *args, **options):
        for name, done in run_all(at=timezone.now()).items():
            self.stdout.write(f"{name}: {done}")
