"""Prove what was counted beforehand, of now and of past days: count it anew and compare. Nothing is changed."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from foundation.formats import date_long
from reports.proving import day_differences, differences


class Command(BaseCommand):
    help = "Bandingkan angka yang dihitung lebih dahulu dengan hitungan ulang, satuan demi satuan."

    def handle(self, *args, **options):
        units = days = wrong = 0
        for unit, words in differences(at=timezone.now()):
            units += 1
            wrong += self._is_wrong(unit.name, words)
        for day, words in day_differences():
            days += 1
            wrong += self._is_wrong(f"{day.unit.name}, {date_long(day.at, day.unit.zone)}", words)
        if wrong:
            raise CommandError(
                f"{wrong} dari {units} satuan dan {days} hari lampau berbeda; "
                "`manage.py tick` tidak akan memperbaikinya sendiri."
            )
        self.stdout.write(f"{units} satuan dan {days} hari lampau sama dengan hitungan ulangnya.")

    def _is_wrong(self, what: str, words: str) -> bool:
        if words:
            self.stderr.write(f"{what}: {words}")
        return bool(words)
