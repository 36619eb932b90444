"""``manage.py check_attempts``: is every grade what its stored answers give, and did none count that came late?"""

import json

from django.core.management.base import BaseCommand

from quizzes.invariants import check_attempts


class Command(BaseCommand):
    help = "Periksa percobaan kuis: nilai (I2) dan jawaban terlambat (I10). Status keluar 1 bila ada yang salah."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="Tulis hasilnya sebagai JSON.")

    def handle(self, *args, **options):
        report = check_attempts()
        if options["json"]:
            figures = {"checked": report.checked, "responses": report.responses, "regrading": report.regrading}
            self.stdout.write(json.dumps(figures | {"broken": report.broken, "problems": report.problems}))
        else:
            self.stdout.write(f"{report.checked} percobaan, {report.responses} jawaban diperiksa.")
            if report.regrading:
                self.stdout.write(f"{report.regrading} kuis sedang dihitung ulang; nilainya belum diperiksa.")
            for invariant, count in report.broken.items():
                self.stdout.write(f"{invariant}: {f'{count} masalah' if count else 'baik'}")
                for sentence in report.problems[invariant]:
                    self.stdout.write(f"  {sentence}")
        if not report.holds:
            raise SystemExit(1)
