"""A corrected key written back to where the question stands, as a draft: versions never change, pages do."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from organisation.models import User
from quizzes.choices import QuestionKind, Treatment
from quizzes.content import question_of
from quizzes.models import BankQuestion, KeyCorrection, QuizPage, VersionQuestion


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


@dataclass(frozen=True)
class Source:
    """Where authors change a question: its ``owner``, the newest ``draft`` of it, and the ``block`` in it, if any."""

    owner: QuizPage | BankQuestion
    draft: QuizPage | BankQuestion
    block: Any

    @property
    def in_bank(self) -> bool:
        return isinstance(self.owner, BankQuestion)


def source_of(correction: KeyCorrection) -> Source | None:
    """The bank question that the item last asked, else the quiz page; None when both are gone."""
    asked = VersionQuestion.objects.filter(version__item=correction.item_id, uuid=correction.question)
    newest = asked.select_related("bank").order_by("-version__number").first()
    if newest and newest.bank:
        draft = newest.bank.get_latest_revision_as_object()
        return Source(newest.bank, draft, draft.block)
    page = QuizPage.objects.filter(item=correction.item_id).first()
    if page is None:
        return None
    draft = page.get_latest_revision_as_object()
    found = (child for child in draft.questions if str(child.id) == str(correction.question))
    return Source(page, draft, next(found, None))


def correct_draft(correction: KeyCorrection, *, actor: User) -> bool:
    """Save a draft with the corrected key where the question is written; say whether there is one.

    Kinds answered by choosing are written; of all others, and of a question that cannot stay as it is, the
    screen tells the author what to change.
    """
    source = source_of(correction)
    if source is None or source.block is None or correction.treatment != Treatment.KEY:
        return False
    block = source.block
    if block.block_type not in _WRITES:
        return False
    _WRITES[block.block_type](block.value, correction.key.get("fractions", {}), _as_compiled(correction, block))
    source.draft.save_revision(user=actor, log_action=True)
    return True


def draft_holds(correction: KeyCorrection, source: Source | None) -> bool:
    """Whether the newest draft asks the question with the corrected key, or no longer asks it."""
    if source is None or source.block is None:
        return source is not None
    now = _as_compiled(correction, source.block)
    fractions = {option["uuid"]: Decimal(option["fraction"]) for option in now["options"]}
    wanted = {uuid: Decimal(fraction) for uuid, fraction in correction.key.get("fractions", {}).items()}
    return correction.treatment == Treatment.KEY and (
        all(fractions.get(uuid) == fraction for uuid, fraction in wanted.items())
        and [*fractions] == correction.key.get("order", [*fractions])
        and now["key"] == correction.key.get("key", now["key"])
    )


def _as_compiled(correction: KeyCorrection, block: Any) -> dict[str, Any]:
    return question_of(block.block_type, str(correction.question), block.value, order=1)
