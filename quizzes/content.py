"""What a quiz page says, as plain values: the one reading of its blocks, for compiling and for the preview."""

import hashlib
import json
import uuid
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html

from courses.rich_text import sanitised

from .choices import QuestionKind, QuizRole

SETTINGS = (
    "title",
    "intro",
    "role",
    "max_attempts",
    "time_limit_minutes",
    "min_scenarios",
    "shuffle_questions",
    "shuffle_options",
    "review",
)


def settings_of(page) -> dict[str, Any]:
    """The rules of the quiz; ``draw_count`` 0 means every question, a pre-test has no pass mark."""
    settings = {name: getattr(page, name) for name in SETTINGS}
    settings["draw_count"] = page.draw_count or len(page.questions)
    settings["pass_fraction"] = f"{page.pass_mark / 100:.3f}" if page.role == QuizRole.POSTTEST else None
    return settings


def questions_of(page) -> list[dict[str, Any]]:
    """One dict per question with its options, in the author's order. Drafts may have holes; nothing is checked."""
    return [_question(child, order) for order, child in enumerate(page.questions, start=1)]


def digest(settings: dict[str, Any], questions: list[dict[str, Any]]) -> str:
    """The same content gives the same SHA-256, whatever the order of keys."""
    text = json.dumps([settings, questions], sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def _question(child, order: int) -> dict[str, Any]:
    value = child.value
    return {
        "uuid": str(child.id),
        "kind": child.block_type,
        "order": order,
        "html": _text(value) + _image(value),
        "marks": value["marks"] or 1,
        "topic": value["topic"] or "",
        "difficulty": value["difficulty"] or "",
        "explanation": value["explanation"] or "",
        "legal_source_id": value["legal_source"].pk if value["legal_source"] else None,
        "needs_verification": bool(value["needs_verification"]),
        "options": _options(child),
    }


def _text(value) -> SafeString:
    return mark_safe(expand_db_html(sanitised(value["text"].source))) if value["text"] else mark_safe("")


def _image(value) -> SafeString:
    if not value["image"]:
        return mark_safe("")
    picture = value["image"].get_rendition("max-720x720|format-webp")
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}" loading="lazy">',
        picture.url,
        picture.width,
        picture.height,
        value["image_alt"] or "",
    )


def _options(child) -> list[dict[str, Any]]:
    if child.block_type == QuestionKind.TRUE_FALSE:
        answer = child.value["answer"]
        return [
            # Two fixed options need no author: their ids follow from the question's.
            _option(
                uuid.uuid5(uuid.UUID(child.id), "benar"), 1, "Benar", answer == "benar", child.value["feedback_true"]
            ),
            _option(
                uuid.uuid5(uuid.UUID(child.id), "salah"), 2, "Salah", answer == "salah", child.value["feedback_false"]
            ),
        ]
    rated = child.block_type == QuestionKind.SITUATIONAL
    return [
        _option(
            bound.id,
            order,
            bound.value["text"],
            bound.value["fraction"] if rated else bound.value["right"],
            bound.value["feedback"],
        )
        for order, bound in enumerate(child.value["options"].bound_blocks, start=1)
    ]


def _option(option_id, order: int, text: str, fraction, feedback: str) -> dict[str, Any]:
    return {
        "uuid": str(option_id),
        "order": order,
        "html": escape(text or ""),
        "fraction": f"{fraction or 0:.5f}",
        "feedback": feedback or "",
    }
