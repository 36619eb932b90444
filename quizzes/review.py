"""What an officer learns once review opens: key, feedback and explanation of each question, topics to reread."""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe

from courses.models import LegalSource
from foundation.formats import number

from .choices import QuestionKind, ReviewSetting, Treatment
from .effects import Effects
from .grading import rounded
from .kinds import Key, Line, Option
from .models import Attempt, Response, VersionQuestion
from .services.effects import effects_of


@dataclass(frozen=True)
class ReviewedOption:
    """``result`` is ``correct``, ``wrong`` or empty: a wrong option nobody chose stays plain."""

    value: str
    text: SafeString
    checked: bool
    result: str
    hint: str


@dataclass(frozen=True)
class ReviewedQuestion:
    """A question with its key: ``options`` for kinds answered by choosing, ``lines`` for all others.

    ``fraction`` is None while a person must still mark it.
    """

    number: int
    html: SafeString
    multiple: bool
    answered: bool
    fraction: Decimal | None
    options: list[ReviewedOption]
    lines: list[Line]
    feedback: str
    explanation: str
    legal_source: LegalSource | None
    needs_verification: bool
    topic: str
    # What a correction did with the question, in words; ``dropped`` when it is out of the total.
    effect: str = ""
    dropped: bool = False

    @property
    def state(self) -> str:
        """``correct``, ``partial``, ``wrong``, ``unanswered``, ``waiting`` or ``dropped``."""
        if self.dropped:
            return "dropped"
        if self.fraction is None:
            return "waiting"
        if not self.answered:
            return "unanswered"
        if self.fraction == 1:
            return "correct"
        return "partial" if self.fraction > 0 else "wrong"

    @property
    def words(self) -> str:
        if self.state == "partial":
            return f"Bernilai {number(self.fraction * 100, 0)}%"
        return {
            "correct": "Tepat",
            "wrong": "Belum tepat",
            "unanswered": "Tidak dijawab",
            "waiting": "Menunggu penilaian",
            "dropped": "Tidak dihitung",
        }[self.state]


@dataclass(frozen=True)
class Review:
    """All questions of a submitted attempt; without questions where the quiz never shows them."""

    questions: list[ReviewedQuestion]

    @property
    def topics(self) -> list[str]:
        """Topics in which something was missed, most missed first, in words."""
        missed: dict[str, Decimal] = {}
        for question in self.questions:
            if question.dropped or not question.topic or question.fraction is None:
                continue
            if question.fraction < 1:
                missed[question.topic] = missed.get(question.topic, Decimal(0)) + 1 - question.fraction
        worst_first = sorted(missed, key=lambda topic: (-missed[topic], topic))
        return [topic.replace("-", " ").capitalize() for topic in worst_first]


def review_of(attempt: Attempt) -> Review:
    """Read the review of a submitted attempt in three queries. Raises ValueError while it still runs."""
    if attempt.submitted_at is None:
        raise ValueError("keys stay on the server until the attempt is submitted")
    if attempt.version.review == ReviewSetting.NEVER or attempt.answers_purged_at:
        return Review([])
    responses = attempt.responses.select_related("question__legal_source").prefetch_related("question__options")
    effects = effects_of(attempt.item_id)
    return Review([reviewed(response, effects) for response in responses])


def reviewed(response: Response, effects: Effects, *, for_author: bool = False) -> ReviewedQuestion:
    """One question with what counts for it, for an answer that can no longer change.

    An officer reads the feedback of what was chosen, an author that of every option.
    """
    question = response.question
    effect = effects.on(question)
    shown = reviewed_question(question, effect.key, response, for_author=for_author)
    fraction = Decimal(1) if effect.treatment == Treatment.FULL else shown.fraction
    return replace(shown, fraction=fraction, effect=effect.words, dropped=effect.treatment == Treatment.DROP)


def reviewed_question(
    question: VersionQuestion, key: Key, response: Response, *, for_author: bool = False
) -> ReviewedQuestion:
    """As ``reviewed``, for a question that need not be stored yet: its key comes beside it."""
    lines = question.rules.lines(key, response.answer)
    by_uuid = {option.uuid: option for option in key.options}
    fraction = response.fraction
    if fraction is None and (exact := question.rules.fraction(key, response.answer)) is not None:
        fraction = rounded(exact, places=5)
    return ReviewedQuestion(
        number=response.position,
        html=mark_safe(question.html),
        multiple=question.kind == QuestionKind.MULTIPLE,
        answered=response.answered,
        fraction=fraction,
        options=[]
        if lines
        else [
            _option(by_uuid[uuid], question.kind, uuid in response.answer, for_author) for uuid in response.option_order
        ],
        lines=lines,
        feedback=question.feedback,
        explanation=question.explanation,
        legal_source=question.legal_source,
        needs_verification=question.needs_verification,
        topic=question.topic,
    )


def _option(option: Option, kind: str, chosen: bool, for_author: bool) -> ReviewedOption:
    partial = kind == QuestionKind.SITUATIONAL and 0 < option.fraction < 1
    result = ""
    if option.fraction > 0 and not partial:
        result = "correct"
    elif chosen and not partial:
        result = "wrong"
    hints = []
    if (chosen and partial) or (for_author and kind == QuestionKind.SITUATIONAL):
        hints.append(f"Bernilai {number(option.fraction * 100, 0)}%.")
    if (chosen or for_author) and option.feedback:
        hints.append(option.feedback)
    return ReviewedOption(option.uuid, mark_safe(option.html), chosen, result, " ".join(hints))
