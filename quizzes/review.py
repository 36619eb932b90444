"""What an officer learns once review opens: as much of key, feedback and marks as the quiz shows at that moment."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.utils.safestring import SafeString

from courses.models import LegalSource
from foundation.formats import number

from .answers import responses_of
from .choices import QuestionKind, ReviewWhat, Treatment
from .corrections import effects_of
from .effects import Effects
from .grading import after_penalty, rounded
from .kinds import Key, Line, Option
from .marks_shown import MarkShown, marks_of
from .models import Attempt, Response, VersionQuestion
from .openness import EVERYTHING, moment_of, opened


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
    marks: int
    options: list[ReviewedOption]
    lines: list[Line]
    lines_template: str
    feedback: str
    explanation: str
    legal_source: LegalSource | None
    needs_verification: bool
    topic: str
    what: frozenset[str] = EVERYTHING
    # What a person gave for it (marks_shown.py); None for what no person marked.
    given_marks: MarkShown | None = None
    # What a correction did with the question, in words; ``dropped`` when it is out of the total.
    effect: str = ""
    dropped: bool = False

    @property
    def tells_result(self) -> bool:
        """Whether the officer may know by now how good the answer was."""
        return ReviewWhat.CORRECTNESS in self.what

    @property
    def mark_words(self) -> str:
        """``0,5 dari 2 poin``, where marks are shown, given and counted."""
        fraction = self.fraction
        if ReviewWhat.MARKS not in self.what or fraction is None or self.dropped:
            return ""
        return f"{number(rounded(Fraction(fraction) * self.marks, places=2))} dari {self.marks} poin"

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
        if self.fraction is not None and self.state == "partial":
            return f"Bernilai {number(self.fraction * 100, 0)}%" if ReviewWhat.MARKS in self.what else "Tepat sebagian"
        return {
            "correct": "Tepat",
            "wrong": "Belum tepat",
            "unanswered": "Tidak dijawab",
            "waiting": "Menunggu penilaian",
            "dropped": "Tidak dihitung",
        }[self.state]


@dataclass(frozen=True)
class Review:
    """What a submitted attempt shows at one moment; without questions where only the grade, or nothing, is open."""

    what: frozenset[str]
    questions: list[ReviewedQuestion]

    @property
    def shows_marks(self) -> bool:
        return ReviewWhat.MARKS in self.what

    @property
    def missed_topics(self) -> list[str]:
        """Slugs of the topics in which something was missed, most missed first, as far as results are shown."""
        missed: dict[str, Fraction] = {}
        for question in self.questions:
            if question.dropped or not question.tells_result or not question.topic or question.fraction is None:
                continue
            if question.fraction < 1:
                missed[question.topic] = missed.get(question.topic, Fraction(0)) + 1 - Fraction(question.fraction)
        return sorted(missed, key=lambda topic: (-missed[topic], topic))


def review_of(attempt: Attempt, *, closes_at: datetime | None, at: datetime) -> Review:
    """Read what a submitted attempt shows at ``at``, in few queries. Raises ValueError while it still runs.

    ``closes_at`` is when the quiz closes for this officer, if ever.
    """
    if attempt.submitted_at is None:
        raise ValueError("keys stay on the server until the attempt is submitted")
    moment = moment_of(submitted_at=attempt.submitted_at, closes_at=closes_at, at=at)
    what = opened(attempt.version.review_options, moment)
    if what <= {ReviewWhat.MARKS} or attempt.answers_purged_at:
        return Review(what, [])
    return Review(what, reviewed_all(attempt, responses_of(attempt, legal_sources=True), what=what))


def reviewed_all(
    attempt: Attempt, responses: list[Response], *, what: frozenset[str] = EVERYTHING
) -> list[ReviewedQuestion]:
    """Every answer with what of its key is open, and with the marks where a person gave them."""
    by_hand = any(response.question.rules.by_hand for response in responses)
    marks = marks_of(attempt) if by_hand else {}
    effects = effects_of(attempt.item_id)
    # Without a fraction the marks were of an answer that another one took the place of.
    return [
        reviewed(
            response, effects, what=what, given_marks=None if response.fraction is None else marks.get(response.pk)
        )
        for response in responses
    ]


def reviewed(
    response: Response,
    effects: Effects,
    *,
    for_author: bool = False,
    what: frozenset[str] = EVERYTHING,
    penalty: int = 0,
    given_marks: MarkShown | None = None,
) -> ReviewedQuestion:
    """One question with what counts for it and is open, for an answer that can no longer change.

    An officer reads the feedback of what was chosen, an author that of every option. ``penalty`` is the
    version's ``wrong_penalty``, for an answer that is not graded yet.
    """
    question = response.question
    effect = effects.on(question)
    shown = reviewed_question(
        question,
        effect.key,
        response,
        for_author=for_author,
        what=what,
        penalty=penalty,
        given_marks=given_marks,
    )
    fraction = Decimal(1) if effect.treatment == Treatment.FULL else shown.fraction
    return replace(shown, fraction=fraction, effect=effect.words, dropped=effect.treatment == Treatment.DROP)


def reviewed_question(
    question: VersionQuestion,
    key: Key,
    response: Response,
    *,
    for_author: bool = False,
    what: frozenset[str] = EVERYTHING,
    penalty: int = 0,
    given_marks: MarkShown | None = None,
) -> ReviewedQuestion:
    """As ``reviewed``, for a question that need not be stored yet: its key comes beside it."""
    lines = question.rules.lines(key, response.answer)
    by_uuid = {option.uuid: option for option in key.options}
    fraction = response.fraction
    if fraction is None:
        exact = question.rules.fraction(key, response.answer)
        exact = after_penalty(exact, kind=question.kind, answered=response.answered, percent=penalty)
        fraction = None if exact is None else rounded(exact, places=5)
    feedback_open = ReviewWhat.FEEDBACK in what
    return ReviewedQuestion(
        number=response.position,
        html=question.rules.read(question.html),
        multiple=question.kind == QuestionKind.MULTIPLE,
        answered=response.answered,
        fraction=fraction,
        marks=question.marks,
        options=[]
        if lines
        else [
            _option(by_uuid[uuid], question.kind, uuid in response.answer, for_author, what)
            for uuid in response.option_order
        ],
        lines=[_open_part(line, what) for line in lines],
        lines_template=question.rules.lines_template,
        feedback=question.feedback if feedback_open else "",
        explanation=question.explanation if feedback_open else "",
        legal_source=question.legal_source if feedback_open or ReviewWhat.CORRECTNESS in what else None,
        needs_verification=question.needs_verification and feedback_open,
        topic=question.topic,
        what=what,
        given_marks=given_marks,
    )


def _open_part(line: Line, what: frozenset[str]) -> Line:
    return replace(
        line,
        right=line.right if ReviewWhat.ANSWER in what else "",
        result=line.result if ReviewWhat.CORRECTNESS in what else "",
        hint=line.hint if ReviewWhat.FEEDBACK in what else "",
    )


def _option(option: Option, kind: str, chosen: bool, for_author: bool, what: frozenset[str]) -> ReviewedOption:
    partial = kind == QuestionKind.SITUATIONAL and 0 < option.fraction < 1
    told = ReviewWhat.CORRECTNESS in what
    result = ""
    if option.fraction > 0 and not partial:
        # A right option that was not chosen is the right answer; a right one that was chosen is good news.
        result = "correct" if ReviewWhat.ANSWER in what or (chosen and told) else ""
    elif chosen and not partial and told:
        result = "wrong"
    hints = []
    if ((chosen and partial) or (for_author and kind == QuestionKind.SITUATIONAL)) and ReviewWhat.MARKS in what:
        hints.append(f"Bernilai {number(option.fraction * 100, 0)}%.")
    if (chosen or for_author) and option.feedback and ReviewWhat.FEEDBACK in what:
        hints.append(option.feedback)
    return ReviewedOption(option.uuid, option.html, chosen, result, " ".join(hints))
