"""Questions in and out: foreign files to plain values and back. Nothing here touches the database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from foundation.spreadsheets import XLSX_TYPE

from . import aiken, django_quiz_app, gift, gift_writing, moodle_xml, moodle_xml_writing, xlsx, xlsx_writing
from .model import ImportedQuestion, OldSitting, Picture, Reading, Refusal, Unheld, Unreadable, Written


@dataclass(frozen=True)
class Format:
    """A file format by its code: how people call it, its usual file name ending, its reader and its writer."""

    code: str
    label: str
    suffix: str
    content_type: str
    reader: Callable[[bytes, Reading], None]
    write: Callable[[Sequence[ImportedQuestion]], Written] | None
    is_text: bool = True

    def read(self, content: bytes) -> Reading:
        """Read a file whole. Whatever it holds, the answer is a reading: questions, and refusals with their lines."""
        reading = Reading()
        try:
            self.reader(content, reading)
        except Unreadable as problem:
            reading.refusals.append(Refusal(problem.line, str(problem)))
        if not reading.questions and not reading.refusals and not reading.sittings:
            reading.refusals.append(Refusal(0, "Tidak ada soal di dalamnya. Periksa apakah format yang dipilih benar."))
        return reading


FORMATS = {
    entry.code: entry
    for entry in (
        Format("gift", "GIFT (Moodle)", ".gift.txt", "text/plain; charset=utf-8", gift.read, gift_writing.write),
        Format("aiken", "Aiken", ".aiken.txt", "text/plain; charset=utf-8", aiken.read, aiken.write),
        Format("xlsx", "Templat XLSX", ".xlsx", XLSX_TYPE, xlsx.read, xlsx_writing.write, is_text=False),
        Format("moodle-xml", "Moodle XML", ".xml", "application/xml", moodle_xml.read, moodle_xml_writing.write),
        Format(
            "django-quiz-app", "django-quiz-app 0.5.1 (JSON)", ".json", "application/json", django_quiz_app.read, None
        ),
    )
}

__all__ = [
    "FORMATS",
    "Format",
    "ImportedQuestion",
    "OldSitting",
    "Picture",
    "Reading",
    "Refusal",
    "Unheld",
    "Unreadable",
    "Written",
]
