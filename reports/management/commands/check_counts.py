"""Prove the figures that were counted beforehand: count every unit anew and compare. Nothing is changed."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.counting import differences


class Command(BaseCommand):
    help = "Bandingkan angka yang dihitung lebih dahulu dengan hitungan ulang, satuan demi satuan."

    def handle(self, *args, **options):
        units = wrong = 0
        for unit, words in differences(at=timezone.now()):
            units += 1
            if words:
                wrong += 1
                self.stderr.write(f"{unit.name}: {words}")
        if wrong:
            raise CommandError(
                f"{wrong} dari {units} satuan berbeda; `manage.py tick` tidak akan memperbaikinya sendiri."
            )
        self.stdout.write(f"{units} satuan sama dengan hitungan ulangnya.")
