"""Lesson files → lesson pages. A block's key in the file is its name in courses.blocks."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from wagtail.models import Page

from courses.blocks.practice import ChoiceQuality
from courses.models import CoursePage, LessonLegalBasis, LessonPage, Tariff

from .entries import Entry
from .pages import Outcome, load_item_page
from .sources import find_source
from .streams import block, listed, rich_text
from .topics import find_topic

CALLOUTS = ["hukum", "ingat", "hati", "verifikasi"]
QUALITIES = [value for value, _label in ChoiceQuality.choices]


def load_lesson_page(
    course_page: CoursePage, entry: Entry, *, source_sha256: str, at: datetime, after: Page | None = None
) -> Outcome:
    """Make or renew the lesson page of one file. Raises ContentFileError."""
    slug = entry.text("slug", longest=80)
    fields = {
        "title": entry.text("title", longest=200),
        "summary": entry.text("summary", "", longest=255),
        "minutes": entry.number("minutes", least=1),
        "required": entry.yes("required", True),
        "legal_bases": [
            LessonLegalBasis(source=find_source(entry, "legal_sources", code), sort_order=order)
            for order, code in enumerate(entry.texts("legal_sources", []))
        ],
        "topics": [find_topic(entry, "topics", slug) for slug in entry.texts("topics", [])],
        "body": [
            _block(part, (course_page.code, slug, number)) for number, part in enumerate(entry.entries("body"), start=1)
        ],
    }
    entry.finish()
    return load_item_page(course_page, LessonPage, slug, fields, source_sha256=source_sha256, at=at, after=after)


def _block(part: Entry, place: tuple) -> dict[str, Any]:
    if len(part.data) != 1 or (kind := next(iter(part.data))) not in _READERS:
        raise part.problem(f"setiap butir adalah satu blok: {', '.join(_READERS)}.")
    return block(kind, _READERS[kind](part, place), *place, kind)


def _heading(part: Entry, place: tuple) -> str:
    return part.text("heading", longest=120)


def _text(part: Entry, place: tuple) -> str:
    return rich_text(part.text("text"))


def _callout(part: Entry, place: tuple) -> dict[str, Any]:
    callout = part.entry("callout")
    source = callout.text("source", "")
    value = {
        "kind": callout.one_of("kind", CALLOUTS),
        "title": callout.text("title", "", longest=100),
        "text": rich_text(callout.text("text")),
        "source": find_source(callout, "source", source).pk if source else None,
    }
    callout.finish()
    return value


def _steps(part: Entry, place: tuple) -> dict[str, Any]:
    steps = part.entry("steps")
    items = [rich_text(step) for step in steps.texts("items")]
    value = {"title": steps.text("title", longest=100), "items": listed(items, *place, "steps")}
    steps.finish()
    return value


def _table(part: Entry, place: tuple) -> dict[str, Any]:
    table = part.entry("table")
    header = table.texts("header")
    value = {
        "caption": table.text("caption"),
        "columns": [{"type": "text", "heading": heading} for heading in header],
        "rows": [{"values": row} for row in table.rows("rows", width=len(header))],
    }
    table.finish()
    return value


def _case(part: Entry, place: tuple) -> dict[str, Any]:
    case = part.entry("case")
    choices = []
    for choice in case.entries("choices"):
        choices.append(
            {
                "text": choice.text("text"),
                "consequence": choice.text("consequence"),
                "quality": choice.one_of("quality", QUALITIES),
            }
        )
        choice.finish()
    if not any(choice["quality"] == ChoiceQuality.BEST for choice in choices):
        raise case.problem("sedikitnya satu pilihan harus “quality: best”.", "choices")
    value = {
        "title": case.text("title", longest=120),
        "setting": case.text("setting", longest=160),
        "situation": rich_text(case.text("situation")),
        "quote": case.text("quote", ""),
        "choices": listed(choices, *place, "choices"),
    }
    case.finish()
    return value


def _quick_check(part: Entry, place: tuple) -> dict[str, Any]:
    check = part.entry("quick_check")
    options = []
    for option in check.entries("options"):
        options.append(
            {
                "text": option.text("text"),
                "correct": option.yes("correct"),
                "feedback": option.text("feedback"),
            }
        )
        option.finish()
    if [option["correct"] for option in options].count(True) != 1:
        raise check.problem("tepat satu pilihan harus “correct: true”.", "options")
    value = {
        "question": check.text("question"),
        "options": listed(options, *place, "options"),
        "explanation": check.text("explanation", ""),
    }
    check.finish()
    return value


def _tariff(part: Entry, place: tuple) -> dict[str, Any]:
    tariff = part.entry("tariff")
    keys = []
    for code in tariff.texts("codes"):
        row = Tariff.objects.filter(code=code).first()
        if row is None:
            raise tariff.problem(f"tarif “{code}” tidak ada di tariffs.yaml; tambahkan di sana.", "codes")
        keys.append(row.pk)
    tariff.finish()
    return {"tariffs": listed(keys, *place, "tariffs")}


_READERS: dict[str, Callable[[Entry, tuple], Any]] = {
    "heading": _heading,
    "text": _text,
    "callout": _callout,
    "steps": _steps,
    "table": _table,
    "case": _case,
    "quick_check": _quick_check,
    "tariff": _tariff,
}
