"""Load the content files into the CMS: ``manage.py load_courses [DIR]``. Running it again changes nothing."""

from collections import Counter
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from courses import loading
from courses.exceptions import ContentFileError, PageRefused
from courses.loading import Did, Entry, Outcome
from quizzes.loading import load_quiz_page

LOADERS = {"lessons": loading.load_lesson_page, "quizzes": load_quiz_page}


class Command(BaseCommand):
    help = (
        "Muat dasar hukum, tarif, dan pelatihan dari berkas YAML. Halaman yang disunting di CMS sejak dimuat "
        "tidak pernah disentuh; bila satu berkas salah, tidak ada yang dimuat."
    )

    def add_arguments(self, parser):
        parser.add_argument("directory", nargs="?", type=Path, default=settings.BASE_DIR / "content")

    def handle(self, *args, directory: Path, **options):
        if not directory.is_dir():
            raise CommandError(f"Folder {directory} tidak ada. Sebutkan folder yang berisi course.yaml.")
        self.problems: list[str] = []
        self.counts: Counter[Did] = Counter()
        at = timezone.now()
        with transaction.atomic():
            self.load(directory, at)
            if self.problems:
                raise CommandError("Tidak ada yang dimuat. Perbaiki dahulu:\n  " + "\n  ".join(self.problems))
        summary = ", ".join(f"{count} {did}" for did, count in self.counts.items())
        self.stdout.write(f"Selesai: {summary or 'tidak ada berkas'}.")
        if self.counts[Did.REFUSED]:
            raise CommandError("Ada halaman yang ditolak; lihat alasannya di atas.")

    def load(self, directory: Path, at: datetime) -> None:
        for name, load in (
            ("legal_sources.yaml", loading.load_legal_sources),
            ("tariffs.yaml", loading.load_tariffs),
            ("topics.yaml", loading.load_topics),
        ):
            if (directory / name).exists():
                try:
                    for outcome in load(loading.read_entries(directory / name, root=directory)):
                        self.tell(name, outcome)
                except ContentFileError as error:
                    self.problems.append(str(error))
        catalog = loading.load_site()
        for file in sorted(directory.glob("*/course.yaml")):
            try:
                self.load_course(catalog, file, directory, at)
            except ContentFileError as error:
                self.problems.append(str(error))

    def load_course(self, catalog, file: Path, root: Path, at: datetime) -> None:
        course = loading.read_entry(file, root=root)
        outcome = loading.load_course_page(catalog, course, source_sha256=course.sha256, at=at)
        course_page, previous = outcome.page, None
        for name in course.texts("items"):
            try:
                item = self.load_item(course, course_page, file.parent / name, root, at, after=previous)
            except ContentFileError as error:
                self.problems.append(str(error))
            else:
                previous = item or previous
        if outcome.did == Did.CREATED and not self.problems:
            try:
                with transaction.atomic():
                    loading.publish_page(course_page)
            except PageRefused as refusal:
                outcome = Outcome(outcome.name, Did.REFUSED, " ".join(refusal.problems))
        self.tell(str(file.relative_to(root)), outcome)

    def load_item(self, course: Entry, course_page, file: Path, root: Path, at: datetime, *, after):
        load = LOADERS.get(file.parent.name)
        if load is None or not file.is_file():
            raise course.problem(f"berkas {file.relative_to(root)} tidak ada.", "items")
        entry = loading.read_entry(file, root=root)
        outcome = load(course_page, entry, source_sha256=entry.sha256, at=at, after=after)
        self.tell(entry.file, outcome)
        return outcome.page

    def tell(self, file: str, outcome: Outcome) -> None:
        self.counts[outcome.did] += 1
        if outcome.did != Did.UNCHANGED:
            self.stdout.write(f"{outcome.did:<14} {file}: {outcome.name}{f'. {outcome.why}' if outcome.why else ''}")
