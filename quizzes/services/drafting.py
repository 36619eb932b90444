"""A corrected key written back to the page it came from, as a draft: versions never change, pages do."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from organisation.models import User
from quizzes.choices import QuestionKind, Treatment
from quizzes.content import question_of
from quizzes.models import KeyCorrection, QuizPage


def _choices(value: Any, fractions: dict[str, str], _question: dict) -> None:
    for bound in value["options"].bound_blocks:
        fraction = Decimal(fractions.get(str(bound.id), 0))
        if "right" in bound.value:
            bound.value["right"] = fraction > 0
        if bound.value.get("fraction") is not None:
            bound.value["fraction"] = fraction


def _true_false(value: Any, fractions: dict[str, str], question: dict) -> None:
    yes, _no = question["options"]
    value["answer"] = "benar" if Decimal(fractions.get(yes["uuid"], 0)) > 0 else "salah"


_WRITES: dict[str, Callable[[Any, dict[str, str], dict], None]] = {
    QuestionKind.SINGLE: _choices,
    QuestionKind.MULTIPLE: _choices,
    QuestionKind.SITUATIONAL: _choices,
    QuestionKind.TRUE_FALSE: _true_false,
}


def correct_draft(correction: KeyCorrection, *, actor: User) -> bool:
    """Save a draft of the quiz page with the corrected key; say whether there is one.

    Kinds answered by choosing are written; of all others, of questions from the bank and of a question that
    cannot stay as it is, the screen tells the author what to change.
    """
    page, child = _block_of(correction)
    if page is None or child is None or correction.treatment != Treatment.KEY or child.block_type not in _WRITES:
        return False
    before = question_of(child.block_type, str(child.id), child.value, order=1)
    _WRITES[child.block_type](child.value, correction.key.get("fractions", {}), before)
    page.save_revision(user=actor, log_action=True)
    return True


def draft_holds(correction: KeyCorrection) -> bool:
    """Whether the newest draft of the page asks the question with the corrected key, or no longer asks it."""
    page, child = _block_of(correction)
    if page is None or child is None:
        return page is not None
    now = question_of(child.block_type, str(child.id), child.value, order=1)
    fractions = {option["uuid"]: Decimal(option["fraction"]) for option in now["options"]}
    wanted = {uuid: Decimal(fraction) for uuid, fraction in correction.key.get("fractions", {}).items()}
    return correction.treatment == Treatment.KEY and (
        all(fractions.get(uuid) == fraction for uuid, fraction in wanted.items())
        and [*fractions] == correction.key.get("order", [*fractions])
        and now["key"] == correction.key.get("key", now["key"])
    )


def page_of(correction: KeyCorrection) -> QuizPage | None:
    return QuizPage.objects.filter(item=correction.item_id).first()


def _block_of(correction: KeyCorrection) -> tuple[QuizPage | None, Any]:
    """The newest draft of the page and the question's block in it; None where there is none."""
    page = page_of(correction)
    if page is None:
        return None, None
    draft = page.get_latest_revision_as_object()
    found = (child for child in draft.questions if str(child.id) == str(correction.question))
    return draft, next(found, None)
