"""A late answer beside the one that stands: what was given and how late, never whether it is right.

Whoever decides judges the lateness; the key would judge the answer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape

from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from .kinds import Answer
from .models import Attempt, LateAnswer, VersionQuestion
from .sittings import code_of


@dataclass(frozen=True)
class LateRow:
    """One row of ``for_late_list``: ``by`` says how long ``after`` the end of the attempt it came."""

    late: LateAnswer

    @property
    def attempt(self) -> Attempt:
        return self.late.response.attempt

    @property
    def code(self) -> str:
        return code_of(self.attempt)

    @property
    def after(self) -> datetime:
        return self.attempt.submitted_at or self.late.received_at

    @property
    def by(self) -> str:
        return lateness(self.late.received_at - self.after)


@dataclass(frozen=True)
class LateSheet(LateRow):
    """The page of one: both answers line by line, without saying which is right."""

    @property
    def html(self) -> SafeString:
        return mark_safe(self.late.response.question.html)

    @property
    def stored(self) -> list[str]:
        return given(self.late.response.question, self.late.response.answer)

    @property
    def came(self) -> list[str]:
        return given(self.late.response.question, self.late.answer)

    @property
    def seen_before(self) -> bool:
        """Whether the officer had opened the result, and maybe the key, before the answer came."""
        seen = self.attempt.result_seen_at
        return seen is not None and seen <= self.late.received_at


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
