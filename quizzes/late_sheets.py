"""A late answer beside the one that stands: what was given and how late, never whether it is right.

Whoever decides judges the lateness; the key would judge the answer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from .kinds import Answer
from .models import LateAnswer, VersionQuestion
from .sittings import code_of


@dataclass(frozen=True)
class LateSheet:
    """``stored`` and ``came`` are the two answers line by line; ``seen_before`` whether the result was open by then."""

    late: LateAnswer
    code: str
    html: SafeString
    stored: list[str]
    came: list[str]
    by: str
    after: datetime
    seen_before: bool


def late_sheet(late: LateAnswer) -> LateSheet:
    """Build from a row of ``for_late_list``."""
    response, attempt = late.response, late.response.attempt
    ended = attempt.submitted_at or attempt.closes_at or late.received_at
    return LateSheet(
        late=late,
        code=code_of(attempt),
        html=mark_safe(response.question.html),
        stored=given(response.question, response.answer),
        came=given(response.question, late.answer),
        by=lateness(late.received_at - ended),
        after=ended,
        seen_before=attempt.result_seen_at is not None and attempt.result_seen_at <= late.received_at,
    )


def lateness(delay: timedelta) -> str:
    """``45 detik``, ``12 menit``, ``3 jam 5 menit``, ``2 hari``."""
    seconds = max(int(delay.total_seconds()), 0)
    if seconds < 60:
        return f"{seconds} detik"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} menit"
    if minutes < 24 * 60:
        return f"{minutes // 60} jam {minutes % 60} menit"
    return f"{minutes // (24 * 60)} hari"


def given(question: VersionQuestion, answer: Answer) -> list[str]:
    """What was answered, in plain words; empty for no answer."""
    if not answer:
        return []
    key = question.answer_key
    if lines := question.rules.lines(key, answer):
        return [_line(line.label, line.given) for line in lines if line.given]
    return [_plain(option.html) for option in key.options if option.uuid in answer]


def _line(label: str, text: str) -> str:
    return _plain(text) if label == "Jawaban" else f"{_plain(label)}: {_plain(text)}"


def _plain(html: str) -> str:
    return unescape(strip_tags(html))
