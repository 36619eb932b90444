"""The preview of a quiz page: its questions as an officer meets them, or with the key. Drafts may have holes."""

from dataclasses import dataclass
from decimal import Decimal

from courses.models import Topic

from .blocks import DRAW, FROM_BANK
from .content import problem_of, question_of, settings_of
from .kinds import NO_ANSWER, Asked, Key, Option
from .models import QuizVersion, Response, VersionQuestion
from .review import ReviewedQuestion, reviewed_question
from .sheets import ShownQuestion, shown_question


@dataclass(frozen=True)
class PreviewedQuestion:
    """``anchor`` is the id of its text on the page; with a ``problem`` or a ``note`` there is nothing else to show."""

    number: int
    anchor: str
    problem: str = ""
    note: str = ""
    shown: ShownQuestion | None = None
    key: ReviewedQuestion | None = None


@dataclass(frozen=True)
class Preview:
    version: QuizVersion
    questions: list[PreviewedQuestion]


def preview_of(page) -> Preview:
    """Build the version that publishing would write, unsaved. The key shows every option's feedback."""
    settings = settings_of(page)
    pass_fraction = settings.pop("pass_fraction")
    version = QuizVersion(**settings, pass_fraction=pass_fraction and Decimal(pass_fraction))
    return Preview(version, [_entry(child, order) for order, child in enumerate(page.questions, start=1)])


def _entry(child, order: int) -> PreviewedQuestion:
    anchor = f"soal-{order}"
    if problem := problem_of(child):
        return PreviewedQuestion(order, anchor, problem)
    if child.block_type == DRAW:
        topic = Topic.objects.tree().name_of(child.value["topic"])
        return PreviewedQuestion(
            order, anchor, note=f"Setiap peserta mendapat {child.value['count']} soal acak dari topik “{topic}”."
        )
    return previewed(child.value.block if child.block_type == FROM_BANK else child, order)


def previewed(child, order: int) -> PreviewedQuestion:
    """One question block as an officer meets it, and with its key."""
    anchor = f"soal-{order}"
    if problem := problem_of(child):
        return PreviewedQuestion(order, anchor, problem)
    values = question_of(child.block_type, str(child.id), child.value, order=order)
    options = [
        Option(option["uuid"], option["html"], Decimal(option["fraction"]), option["feedback"])
        for option in values.pop("options")
    ]
    row = VersionQuestion(**values)
    row.legal_source = child.value["legal_source"]
    key = Key(options, row.shape, row.key)
    asked = Asked(row.html, options, row.shape, row.key if row.rules.is_story else {})
    option_order = [option.uuid for option in options]
    response = Response(question=row, position=row.order, option_order=option_order, answer=row.rules.best(key))
    return PreviewedQuestion(
        number=order,
        anchor=anchor,
        shown=shown_question(row.kind, asked, NO_ANSWER),
        key=reviewed_question(row, key, response, for_author=True),
    )
