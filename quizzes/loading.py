"""Quiz files → quiz pages. The key of a file is checked here too, so that a mistake names its file and line."""

from datetime import datetime
from typing import Any

from wagtail.models import Page

from courses.loading import Entry, Outcome, block, block_id, find_topic, load_item_page, rich_text
from courses.loading.sources import find_source
from courses.models import CoursePage

from .choices import Difficulty, QuestionKind, QuizRole, ReviewSetting
from .models import QuizPage

MINUTES_PER_QUESTION = 1
CHOICE_KINDS = [QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE, QuestionKind.SITUATIONAL]


def load_quiz_page(
    course_page: CoursePage, entry: Entry, *, source_sha256: str, at: datetime, after: Page | None = None
) -> Outcome:
    """Make or renew the quiz page of one file. Raises ContentFileError."""
    slug = entry.text("slug", longest=80)
    role = entry.one_of("role", QuizRole.values)
    limit, drawn = entry.number("minutes", 0), entry.number("draw", 0)
    questions = [_question(question, course_page.code, slug) for question in entry.entries("questions")]
    fields = {
        "title": entry.text("title", longest=200),
        "role": role,
        "intro": entry.text("intro", ""),
        "pass_mark": entry.number("pass_mark", least=1) if role == QuizRole.POSTTEST else 70,
        "max_attempts": entry.number("max_attempts", 0),
        "time_limit_minutes": limit,
        "minutes": limit or (drawn or len(questions)) * MINUTES_PER_QUESTION,
        "draw_count": drawn,
        "min_scenarios": entry.number("min_scenarios", 0),
        "shuffle_questions": entry.yes("shuffle_questions", True),
        "shuffle_options": entry.yes("shuffle_options", True),
        "review": entry.one_of("review", ReviewSetting.values, ReviewSetting.AFTER_SUBMIT.value),
        "questions": questions,
    }
    entry.yes("required", True)
    entry.finish()
    _refuse_repeated(entry, questions)
    return load_item_page(course_page, QuizPage, slug, fields, source_sha256=source_sha256, at=at, after=after)


def _refuse_repeated(entry: Entry, questions: list[dict[str, Any]]) -> None:
    seen: set[str] = set()
    for number, question in enumerate(questions, start=1):
        if question["id"] in seen:
            raise entry.problem("id soal ini sudah dipakai; setiap soal punya id sendiri.", f"questions[{number}]")
        seen.add(question["id"])


def _question(entry: Entry, course: str, quiz: str) -> dict[str, Any]:
    kind = entry.one_of("kind", CHOICE_KINDS)
    place = (course, quiz, entry.text("id", longest=60))
    source = entry.text("legal_source", "")
    topic = entry.text("topic", "", longest=60)
    value = {
        "text": rich_text(entry.text("text")),
        "image": None,
        "image_alt": "",
        "feedback": entry.text("feedback", ""),
        "explanation": entry.text("explanation", ""),
        "topic": find_topic(entry, "topic", topic).slug if topic else "",
        "difficulty": entry.one_of("difficulty", Difficulty.values, Difficulty.MEDIUM.value),
        "marks": entry.number("marks", 1, least=1),
        "legal_source": find_source(entry, "legal_source", source).pk if source else None,
        "needs_verification": entry.yes("needs_verification", False),
        **_answers(entry, kind, place),
    }
    entry.finish()
    return block(kind, value, *place)


def _answers(entry: Entry, kind: str, place: tuple) -> dict[str, Any]:
    key = "fraction" if kind == QuestionKind.SITUATIONAL else "correct"
    options = [_option(option, key) for option in entry.entries("options")]
    best = sum(option[key] == 1 for option in options)
    if kind == QuestionKind.MULTIPLE and best < 2:
        raise entry.problem("paling sedikit dua pilihan harus “correct: true”.", "options")
    if kind != QuestionKind.MULTIPLE and best != 1:
        raise entry.problem(f"tepat satu pilihan harus “{key}: {'1' if key == 'fraction' else 'true'}”.", "options")
    if len({option["text"].casefold() for option in options}) < len(options):
        raise entry.problem("ada dua pilihan yang sama bunyinya.", "options")
    if kind == QuestionKind.TRUE_FALSE:
        return _true_false(entry, options)
    name = "fraction" if kind == QuestionKind.SITUATIONAL else "right"
    items = [{"text": option["text"], name: option[key], "feedback": option["feedback"]} for option in options]
    # An option is known by its words: moved up or down it stays the same option.
    return {
        "options": [
            {"type": "item", "value": item, "id": block_id(*place, "options", item["text"].casefold())}
            for item in items
        ]
    }


def _option(entry: Entry, key: str) -> dict[str, Any]:
    option = {
        "text": entry.text("text", longest=500),
        "feedback": entry.text("feedback", ""),
        key: entry.yes("correct") if key == "correct" else entry.fraction("fraction"),
    }
    entry.finish()
    return option


def _true_false(entry: Entry, options: list[dict[str, Any]]) -> dict[str, Any]:
    by_text = {option["text"].casefold(): option for option in options}
    if by_text.keys() != {"benar", "salah"}:
        raise entry.problem("pilihannya harus “Benar” dan “Salah”.", "options")
    return {
        "answer": "benar" if by_text["benar"]["correct"] else "salah",
        "feedback_true": by_text["benar"]["feedback"],
        "feedback_false": by_text["salah"]["feedback"],
    }
