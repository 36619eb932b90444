"""Say what the outbox gave up, and why; with ``--retry`` try it again."""

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Min
from django.utils import timezone

from foundation import outbox


class Command(BaseCommand):
    help = "Tampilkan surat dan pekerjaan yang menyerah setelah berkali-kali gagal; --retry mengulanginya."

    def add_arguments(self, parser):
        parser.add_argument("--retry", action="store_true", help="Coba lagi, sesudah sebabnya diperbaiki.")
        parser.add_argument("--kind", help="Hanya jenis ini.")

    def handle(self, *args, retry, kind, **options):
        entries = outbox.given_up(at=timezone.now())
        if kind:
            entries = entries.filter(kind=kind)
        kinds = (
            entries.values("kind", "last_error").annotate(Count("pk"), Min("created_at")).order_by("kind", "-pk__count")
        )
        for found in kinds:
            since = timezone.localtime(found["created_at__min"])
            self.stdout.write(
                f"{found['kind']}: {found['pk__count']} menyerah, tertua {since:%Y-%m-%d %H:%M}. "
                f"Sebab: {found['last_error'] or 'tidak tercatat'}"
            )
        if not kinds:
            if kind:
                raise CommandError(f"Tidak ada {kind} yang menyerah. Jalankan tanpa --kind untuk melihat semuanya.")
            self.stdout.write("Tidak ada yang menyerah.")
        elif retry:
            freed = outbox.try_again(entries, at=timezone.now())
            self.stdout.write(f"{freed} dicoba lagi oleh tick berikutnya.")
        else:
            self.stdout.write("Perbaiki sebabnya, lalu jalankan dengan --retry.")
