"""Put a backup back. Stop the web server, the worker and the timers first."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from foundation import backups, seals, triggers
from foundation.formats import number


class Command(BaseCommand):
    help = "Pulihkan CADANGAN setelah manifesnya diperiksa. Hentikan semua layanan dahulu."
    # The database may be empty: nothing to check before it is filled.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("backup", type=Path)
        parser.add_argument("--force", action="store_true", help="Sisihkan data yang ada sekarang, lalu pulihkan.")

    def handle(self, *args, backup, force, **options):
        try:
            manifest = backups.restore(backup, at=timezone.now(), force=force)
        except (backups.BackupRefused, OSError) as refusal:
            raise CommandError(str(refusal))
        self.stdout.write(
            f"Dipulihkan dari {manifest['made_at']}: {number(sum(manifest['rows'].values()))} baris dan "
            f"{number(len(manifest['files']) - 1)} berkas, sama dengan manifes."
        )
        problems = [*seals.check_chain().problems, *triggers.missing(connection)]
        if problems:
            raise CommandError("Audit TIDAK utuh:\n" + "\n".join(f"- {problem}" for problem in problems))
        self.stdout.write("Audit utuh.")
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write(
                "Cadangan ini dari versi lebih lama: jalankan `manage.py migrate` sebelum layanan dinyalakan."
            )
