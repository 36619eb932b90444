"""The preview of a quiz page: its questions as an officer meets them, or with the key. Drafts may have holes."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from courses.models import LegalSource

from .choices import QuestionKind
from .content import questions_of, settings_of
from .models import QuizVersion, Response, VersionOption, VersionQuestion
from .review import ReviewedQuestion, reviewed
from .sheets import Choice


@dataclass(frozen=True)
class PreviewedQuestion:
    """``anchor`` is the id of its text on the page."""

    number: int
    anchor: str
    html: SafeString
    multiple: bool
    choices: list[Choice]
    key: ReviewedQuestion


@dataclass(frozen=True)
class Preview:
    version: QuizVersion
    questions: list[PreviewedQuestion]


def preview_of(page) -> Preview:
    """Build the version that publishing would write, unsaved. The key shows every option's feedback."""
    settings = settings_of(page)
    pass_fraction = settings.pop("pass_fraction")
    version = QuizVersion(**settings, pass_fraction=pass_fraction and Decimal(pass_fraction))
    sources = LegalSource.objects.in_bulk({question["legal_source_id"] for question in questions_of(page)} - {None})
    return Preview(version, [_question(values, sources) for values in questions_of(page)])


def _question(values: dict[str, Any], sources: dict[int, LegalSource]) -> PreviewedQuestion:
    values = dict(values)
    options = [VersionOption(**{**option, "fraction": Decimal(option["fraction"])}) for option in values.pop("options")]
    row = VersionQuestion(**values)
    row.legal_source = sources.get(values["legal_source_id"])
    # The review of the best answer is the key; where several are right, all of them are chosen.
    best = max((option.fraction for option in options), default=Decimal(0))
    response = Response(
        question=row,
        position=row.order,
        option_order=[str(option.uuid) for option in options],
        chosen=[str(option.uuid) for option in options if option.fraction == best],
    )
    return PreviewedQuestion(
        number=row.order,
        anchor=f"soal-{row.order}",
        html=mark_safe(row.html),
        multiple=row.kind == QuestionKind.MULTIPLE,
        choices=[Choice(str(option.uuid), mark_safe(option.html), False) for option in options],
        key=reviewed(response, options, for_author=True),
    )
