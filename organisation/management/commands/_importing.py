"""What the import commands share: read the file, preview or apply, say it in words or as JSON."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from organisation.exceptions import ImportRefused
from organisation.imports.uploads import APPLIERS, PLANNERS, roles_ended, table


class ImportCommand(BaseCommand):
    """Exit status 1, and the bad rows, when the file is refused; nothing is written then."""

    kind: str

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="XLSX atau CSV")
        parser.add_argument("--dry-run", action="store_true", help="hanya tunjukkan apa yang akan terjadi")
        parser.add_argument("--json", action="store_true", help="hasil sebagai JSON")

    def handle(self, *args, file: Path, dry_run: bool, **options):
        try:
            with file.open("rb") as opened:
                rows = table(opened, name=file.name)
            now = timezone.now()
            plan = (PLANNERS if dry_run else APPLIERS)[self.kind](rows, actor=None, at=now)
        except OSError as wrong:
            self._say(options, message=f"Berkas tidak dapat dibuka: {wrong.strerror}.", refused=True)
        except ImportRefused as refusal:
            self._say(options, message=str(refusal), counts=refusal.counts, problems=refusal.problems, refused=True)
        else:
            message = "Uji coba: tidak ada yang ditulis." if dry_run else "Diterapkan."
            message = f"{message} {roles_ended(plan)}".strip()
            if plan.problems:
                message = f"Ditolak: {plan.counts['bermasalah']} baris bermasalah."
            self._say(
                options,
                message=message,
                counts=plan.counts,
                problems=plan.problems,
                applied=not dry_run,
                refused=bool(plan.problems),
            )

    def _say(self, options, *, message, counts=None, problems=(), applied=False, refused=False) -> None:
        if options["json"]:
            answer = {
                "applied": applied,
                "message": message,
                "counts": counts or {},
                "problems": [problem.as_dict() for problem in problems],
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(message)
            for name, count in (counts or {}).items():
                self.stdout.write(f"  {name.replace('_', ' ')}: {count}")
            for problem in problems:
                self.stdout.write(f"  baris {problem.row}, kolom {problem.column}: {problem.message}")
        if refused:
            raise SystemExit(1)
