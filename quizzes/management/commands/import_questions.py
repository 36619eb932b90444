"""Import questions at the server, with the same rules as the page /admin/soal/impor/; old results too."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from quizzes.exceptions import QuestionImportRefused
from quizzes.formats import FORMATS, Reading
from quizzes.models import QuizPage
from quizzes.services import store_reading
from quizzes.services.importing import reading_of


class Command(BaseCommand):
    help = "Impor soal sebagai draf, semua atau tidak sama sekali. Status keluar 1 bila ada yang ditolak."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", required=True, choices=list(FORMATS))
        parser.add_argument(
            "--quiz", default="", help="slug halaman kuis yang menerima soalnya; tanpa ini ke bank soal"
        )
        parser.add_argument("--topic", default="", help="topik untuk soal yang tidak membawa topik sendiri")
        parser.add_argument("--dry-run", action="store_true", help="hanya tunjukkan apa yang akan terjadi")
        parser.add_argument("--json", action="store_true", help="hasil sebagai JSON")

    def handle(self, *args, file: Path, dry_run: bool, **options):
        if len(options["topic"]) > 60:
            raise CommandError("Topik paling panjang 60 huruf.")
        try:
            content = file.read_bytes()
        except OSError as wrong:
            raise CommandError(f"Berkas tidak dapat dibuka: {wrong.strerror}.") from None
        reading = reading_of(content, options["format"])
        counts, message = dict(reading.counts), "Uji coba: tidak ada yang ditulis."
        if reading.refusals:
            message = f"Ditolak: {len(reading.refusals)} hal. Tidak ada yang diimpor."
        elif not dry_run:
            try:
                counts |= store_reading(
                    reading,
                    page=self._page(options["quiz"]),
                    topic=options["topic"],
                    actor=None,
                    at=timezone.now(),
                    with_history=True,
                )
            except QuestionImportRefused as refusal:
                raise CommandError(str(refusal)) from None
            message = "Diimpor sebagai draf."
        self._say(reading, counts, message, applied=not (dry_run or reading.refusals), as_json=options["json"])
        if reading.refusals:
            raise SystemExit(1)

    def _page(self, slug: str) -> QuizPage | None:
        """None without a slug: the bank."""
        if not slug:
            return None
        found = list(QuizPage.objects.filter(slug=slug)[:2])
        if len(found) == 1:
            return found[0]
        raise CommandError(
            f"Ada beberapa kuis dengan alamat “{slug}”. Ubah alamat salah satunya."
            if found
            else f"Kuis “{slug}” tidak ada."
        )

    def _say(self, reading: Reading, counts: dict, message: str, *, applied: bool, as_json: bool) -> None:
        if as_json:
            answer = {
                "applied": applied,
                "message": message,
                "counts": counts,
                "refusals": [{"line": row.line, "message": row.sentence} for row in reading.refusals],
                "notes": reading.notes,
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
            return
        self.stdout.write(message)
        for name, count in counts.items():
            self.stdout.write(f"  {name.replace('_', ' ')}: {count}")
        for note in reading.notes:
            self.stdout.write(f"  catatan: {note}")
        for question in reading.questions:
            for note in question.notes:
                self.stdout.write(f"  baris {question.line}, catatan: {note}")
        for refusal in reading.refusals:
            self.stdout.write(
                f"  baris {refusal.line}: {refusal.sentence}" if refusal.line else f"  {refusal.sentence}"
            )
