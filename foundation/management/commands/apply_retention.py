"""Remove what is older than its period. Run it once a day; ``--dry-run`` first shows what would go."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from foundation import retention


class Command(BaseCommand):
    help = (
        "Hapus data yang lewat masa simpannya (jejak audit: AUDIT_RETENTION_DAYS, jawaban kuis: "
        "ANSWER_RETENTION_DAYS, pindaian dokumen permintaan yang tidak disetujui: UNAPPROVED_DOCUMENT_RETENTION_DAYS, "
        "pemberitahuan: NOTICE_RETENTION_DAYS, bukti pengingat: MESSAGE_RETENTION_DAYS)."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Hitung saja, jangan hapus.")

    def handle(self, *args, dry_run, **options):
        for kind, count in retention.apply(at=timezone.now(), dry_run=dry_run).items():
            self.stdout.write(f"{kind}: {count} {'akan dihapus' if dry_run else 'dihapus'}")
