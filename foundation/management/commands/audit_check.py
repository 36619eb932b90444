"""Prove the audit: every seal recomputed, every append-only trigger in place. Exit status 1 when not."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from foundation import seals, triggers


class Command(BaseCommand):
    help = "Periksa rantai segel audit dan pemicu tabel yang hanya boleh ditambah."

    def handle(self, *args, **options):
        report = seals.check_chain()
        problems = [*report.problems, *(f"pemicu hilang: {name}" for name in triggers.missing(connection))]
        self.stdout.write(f"Segel: {report.seals} hari. Belum disegel: {report.unsealed} peristiwa.")
        self.stdout.write(f"Kepala rantai: {report.head}")
        if problems:
            raise CommandError("Audit TIDAK utuh:\n" + "\n".join(f"- {problem}" for problem in problems))
        self.stdout.write("Audit utuh.")
