"""Print the demonstration's logins as a table, or as JSON for scripts."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from elearning.demo.loading import accounts


class Command(BaseCommand):
    help = "Daftar akun peragaan (hanya di peragaan)."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="sebagai JSON: role, login, password, unit")

    def handle(self, *args, **options):
        if not getattr(settings, "DEMO", False):
            raise CommandError("Akun contoh hanya ada di peragaan.")
        rows = accounts()
        if options["json"]:
            documented = [{key: row[key] for key in ("role", "login", "password", "unit")} for row in rows]
            self.stdout.write(json.dumps(documented, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"Kata sandi semua akun: {rows[0]['password']}\n")
        width = max(len(row["role"]) for row in rows)
        for row in rows:
            self.stdout.write(f"  {row['role']:<{width}}  {row['login']:<14}  {row['unit']:<24}  {row['about']}")
