"""Quiz files → quiz pages. The key of a file is checked here too, so that a mistake names its file and line."""

from datetime import datetime
from typing import Any

from wagtail.models import Page

from courses.loading import Entry, Outcome, block, load_item_page, rich_text
from courses.loading.sources import find_source
from courses.models import CoursePage

from .choices import Difficulty, QuestionKind, QuizRole, ReviewSetting
from .loading_kinds import answers_of, refuse_unsound
from .models import QuizPage

MINUTES_PER_QUESTION = 1


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
    kind = entry.one_of("kind", QuestionKind.values)
    place = (course, quiz, entry.text("id", longest=60))
    source = entry.text("legal_source", "")
    value = {
        "text": rich_text(entry.text("text")),
        "image": None,
        "image_alt": "",
        "feedback": entry.text("feedback", ""),
        "explanation": entry.text("explanation", ""),
        "topic": entry.text("topic", "", longest=60),
        "difficulty": entry.one_of("difficulty", Difficulty.values, Difficulty.MEDIUM.value),
        "marks": entry.number("marks", 1, least=1),
        "legal_source": find_source(entry, "legal_source", source).pk if source else None,
        "needs_verification": entry.yes("needs_verification", False),
        **answers_of(entry, kind, place),
    }
    entry.finish()
    refuse_unsound(entry, kind, value)
    return block(kind, value, *place)
