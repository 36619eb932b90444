"""Export questions of a quiz or of the bank at the server; what the format cannot hold goes to standard error."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from quizzes.formats import FORMATS
from quizzes.models import QuizPage
from quizzes.services import export_questions, record_export


class Command(BaseCommand):
    help = "Ekspor soal dari draf terbaru sebuah kuis, atau yang disetujui di bank soal."

    def add_arguments(self, parser):
        writable = [code for code, entry in FORMATS.items() if entry.write]
        parser.add_argument("--format", required=True, choices=writable)
        parser.add_argument("--quiz", default="", help="slug halaman kuis; tanpa ini bank soal")
        parser.add_argument("--topic", default="", help="hanya soal dengan topik ini")
        parser.add_argument("-o", "--output", type=Path, help="berkas; tanpa ini ke keluaran baku")

    def handle(self, *args, format: str, quiz: str, topic: str, output: Path | None, **options):
        try:
            page = QuizPage.objects.get(slug=quiz) if quiz else None
        except (QuizPage.DoesNotExist, QuizPage.MultipleObjectsReturned):
            raise CommandError(f"Kuis “{quiz}” tidak ada, atau ada beberapa.") from None
        written = export_questions(page=page, format=format, topic=topic)
        record_export(page=page, format=format, actor=None, at=timezone.now())
        if output:
            output.write_bytes(written.content)
        else:
            sys.stdout.buffer.write(written.content)
        for unheld in written.unheld:
            kind = "tidak terbawa" if unheld.omitted else "sebagian"
            self.stderr.write(f"soal {unheld.number} ({unheld.title}), {kind}: {unheld.sentence}")
