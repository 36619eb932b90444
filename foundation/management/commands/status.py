"""Say whether the platform is well. Exit status 1 when somebody should act."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from foundation.status import findings


class Command(BaseCommand):
    help = "Periksa antrean, tugas terdampar, disk, cadangan terakhir, jam dan kotak keluar."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="Untuk pemantau.")

    def handle(self, *args, **options):
        found = findings(at=timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps([finding.as_dict() for finding in found], ensure_ascii=False))
        else:
            for finding in found:
                self.stdout.write(f"{'baik ' if finding.ok else 'PERLU'}  {finding.name}: {finding.text}")
        wrong = [finding.name for finding in found if not finding.ok]
        if wrong:
            raise CommandError(f"Perlu ditangani: {', '.join(wrong)}")
