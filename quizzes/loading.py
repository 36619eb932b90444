"""Quiz files → quiz pages. The key of a file is checked here too, so that a mistake names its file and line."""

from datetime import datetime, timedelta
from typing import Any

from wagtail.models import Page

from courses.loading import Entry, Outcome, block, find_topic, load_item_page, rich_text
from courses.loading.sources import find_source
from courses.models import CoursePage

from .choices import Difficulty, Layout, QuestionKind, QuizRole, ReviewSetting, ReviewWhat, ReviewWhen
from .loading_kinds import answers_of, refuse_unsound
from .models import QuizPage
from .models.rules import LONGEST_WAIT
from .openness import PRESETS, in_order

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
        "time_limit_minutes": limit,
        "minutes": limit or (drawn or len(questions)) * MINUTES_PER_QUESTION,
        "draw_count": drawn,
        "min_scenarios": entry.number("min_scenarios", 0),
        **_rules(entry),
        "questions": questions,
    }
    entry.yes("required", True)
    entry.finish()
    _refuse_repeated(entry, questions)
    return load_item_page(course_page, QuizPage, slug, fields, source_sha256=source_sha256, at=at, after=after)


def _rules(entry: Entry) -> dict[str, Any]:
    """How the quiz is given; what a file does not say is as on a new page, without a limit of attempts."""
    opens_at, closes_at = entry.moment("opens_at", None), entry.moment("closes_at", None)
    layout, forward_only = entry.one_of("layout", Layout.values, Layout.ONE.value), entry.yes("forward_only", False)
    wait_minutes, wrong_penalty = entry.number("wait_minutes", 0), entry.number("wrong_penalty", 0)
    if opens_at and closes_at and closes_at <= opens_at:
        raise entry.problem("harus sesudah opens_at.", "closes_at")
    if forward_only and layout == Layout.ALL:
        raise entry.problem("hanya berlaku untuk “layout: one”.", "forward_only")
    if wrong_penalty > 100:
        raise entry.problem("paling besar 100 (persen).", "wrong_penalty")
    if wait_minutes > LONGEST_WAIT // timedelta(minutes=1):
        raise entry.problem("paling lama 31 hari.", "wait_minutes")
    return {
        "opens_at": opens_at,
        "closes_at": closes_at,
        "max_attempts": entry.number("max_attempts", 0),
        "wait_minutes": wait_minutes,
        "shuffle_questions": entry.yes("shuffle_questions", True),
        "shuffle_options": entry.yes("shuffle_options", True),
        "layout": layout,
        "forward_only": forward_only,
        "wrong_penalty": wrong_penalty,
        "review_options": _review(entry),
        "pass_message": entry.text("pass_message", "", longest=600),
        "fail_message": entry.text("fail_message", "", longest=600),
    }


def _review(entry: Entry) -> list[str]:
    """One of the presets, or a mapping of moments to what they show: ``after: [marks, correctness]``."""
    if not isinstance(entry.data.get("review"), dict):
        return PRESETS[entry.one_of("review", ReviewSetting.values, ReviewSetting.AFTER_SUBMIT.value)]
    matrix = entry.entry("review")
    cells = []
    for when in ReviewWhen.values:
        for what in matrix.texts(when, []):
            if what not in ReviewWhat.values:
                raise matrix.problem(f"“{what}” tidak dikenal; pilih dari: {', '.join(ReviewWhat.values)}.", when)
            cells.append(f"{when}:{what}")
    matrix.finish()
    return in_order(cells)


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
        **answers_of(entry, kind, place),
    }
    entry.finish()
    refuse_unsound(entry, kind, value)
    return block(kind, value, *place)
