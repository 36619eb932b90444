"""Do everything that is due. Run it every minute from a timer; running it twice changes nothing."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from foundation.due import StepsFailed, run_all


class Command(BaseCommand):
    help = "Kerjakan semua yang jatuh tempo (dijalankan timer setiap menit)."

    def handle(self, *args, **options):
        try:
            done, failed = run_all(at=timezone.now()), []
        except StepsFailed as failure:
            done, failed = failure.done, failure.failed
        for name, count in done.items():
            self.stdout.write(f"{name}: {count}")
        if failed:
            raise CommandError(f"Gagal: {', '.join(failed)}. Lihat catatan galat; langkah lain sudah dikerjakan.")
