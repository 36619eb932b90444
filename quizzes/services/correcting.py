"""A key found wrong: proposed by one person, weighed with its effect, approved by another, carried out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from foundation import approvals, audit, outbox
from foundation.models import Approval, ApprovalRequest
from organisation.models import Posting, User
from organisation.permissions import has_role
from quizzes.choices import Consequence, Treatment
from quizzes.corrections import effects_of
from quizzes.distribution import plain
from quizzes.effects import corrected, digest_of, key_digest_of
from quizzes.exceptions import CorrectionRefused
from quizzes.models import Attempt, KeyCorrection, Regrade, VersionQuestion
from quizzes.permissions import ANALYSES, APPROVES_CORRECTIONS

from .drafting import correct_draft
from .recounting import Recount, attempts_with, questions_of, recounted, with_people
from .regrading import REGRADE

CORRECT = "quiz.correct_key"
MOST_NAMES = 200


def proposed_correction(
    *, question: VersionQuestion, treatment: str, change: Mapping[str, Any] | None = None
) -> KeyCorrection:
    """The correction, not stored, of ``question`` in every version that asked it with the same key.

    ``change`` is what ``KeyCorrection.key`` holds. Raises CorrectionRefused for a key that nothing satisfies
    and for one that changes nothing.
    """
    item_id = question.version.item_id
    if treatment == Treatment.KEY:
        _refuse_useless(question, change or {})
    key_digest = key_digest_of(question)
    same = [other for other in questions_of(item_id).values() if other.uuid == question.uuid]
    digests = {digest_of(other) for other in same if key_digest_of(other) == key_digest}
    return KeyCorrection(
        item_id=item_id,
        question=question.uuid,
        digests=sorted(digests),
        treatment=treatment,
        key=dict(change or {}) if treatment == Treatment.KEY else {},
    )


def _refuse_useless(question: VersionQuestion, change: Mapping[str, Any]) -> None:
    if question.rules.by_hand:
        raise CorrectionRefused("Soal uraian dinilai orang, bukan kunci. Beri nilai penuh atau batalkan soalnya.")
    key = corrected(question.answer_key, change)
    try:
        best = question.rules.fraction(key, question.rules.best(key))
    except (StopIteration, ZeroDivisionError, IndexError):
        best = None
    if best != 1:
        raise CorrectionRefused("Dengan kunci ini tidak ada jawaban yang bernilai penuh. Tandai jawaban yang benar.")
    if key == effects_of(question.version.item_id).on(question).key:
        raise CorrectionRefused("Kunci ini sama dengan yang berlaku sekarang. Ubah dahulu kuncinya.")


def proposal_in(asked: ApprovalRequest) -> KeyCorrection:
    """The correction that a request asks for, not stored."""
    wanted = asked.payload
    return KeyCorrection(
        item_id=wanted["item"],
        question=UUID(wanted["question"]),
        digests=wanted["digests"],
        treatment=wanted["treatment"],
        key=wanted["key"],
    )


# --- what it would do -------------------------------------------------------


@dataclass
class Shifts:
    """How results move: ``gained`` did not pass and would, ``lost`` passed and would not."""

    changed: int = 0
    up: int = 0
    down: int = 0
    gained: int = 0
    lost: int = 0

    def add(self, recount: Recount) -> None:
        old, new = recount.attempt, recount.outcome
        self.changed += 1
        self.up += old.grade is None or recount.new_grade > old.grade
        self.down += old.grade is not None and recount.new_grade < old.grade
        self.gained += bool(new.passed) and not old.passed
        self.lost += bool(old.passed) and not new.passed


@dataclass
class Impact:
    """What a correction would change among ``checked`` attempts; ``names`` only of whom the reader may know."""

    checked: int = 0
    total: Shifts = field(default_factory=Shifts)
    units: dict[str, Shifts] = field(default_factory=dict)
    names: list[tuple[str, Recount]] = field(default_factory=list)
    more_names: int = 0

    @property
    def by_unit(self) -> list[tuple[str, Shifts]]:
        return sorted(self.units.items(), key=lambda pair: (-pair[1].changed, pair[0]))


def impact_of(correction: KeyCorrection, *, named: QuerySet[Attempt], at: datetime) -> Impact:
    """Grade every attempt as if ``correction`` stood, and write nothing. ``named`` may be shown with their officers."""
    impact = Impact()
    effects = effects_of(correction.item_id).with_proposed(correction)
    for batch in recounted(attempts_with(correction), item_id=correction.item_id, effects=effects):
        impact.checked += len(batch)
        changed = with_people([recount for recount in batch if recount.grade_changed])
        if not changed:
            continue
        officers = [recount.attempt.enrolment.officer_id for recount in changed]
        postings = Posting.objects.in_force(at=at).filter(officer__in=officers)
        units = dict(postings.values_list("officer_id", "unit__name"))
        visible = set(named.filter(pk__in=[recount.attempt.pk for recount in changed]).values_list("pk", flat=True))
        for recount in changed:
            unit = units.get(recount.attempt.enrolment.officer_id, "Tanpa satuan")
            impact.total.add(recount)
            impact.units.setdefault(unit, Shifts()).add(recount)
            if recount.attempt.pk in visible:
                _name(impact, unit, recount)
    return impact


def _name(impact: Impact, unit: str, recount: Recount) -> None:
    if len(impact.names) < MOST_NAMES:
        recount.responses.clear()
        impact.names.append((unit, recount))
    else:
        impact.more_names += 1


# --- ask, decide, carry out -------------------------------------------------


@transaction.atomic
def ask_correction(
    *, question: VersionQuestion, correction: KeyCorrection, reason: str, actor: User, at: datetime
) -> ApprovalRequest:
    """Ask that ``correction`` (of ``proposed_correction``) be carried out. Raises CorrectionRefused."""
    if not has_role(actor, ANALYSES, at=at):
        raise CorrectionRefused("Hanya tenaga pendidik dan pemeriksa yang dapat meminta perbaikan kunci.")
    item = question.version.item
    try:
        return approvals.ask(
            kind=CORRECT,
            object_id=f"{item.pk}:{question.uuid.hex}",
            # No unit: content is everybody's. Such a request waits under /analisis/, not with SDM.
            unit_path="",
            reason=reason,
            actor=actor,
            at=at,
            payload={
                "title": f"{Treatment(correction.treatment).label}: {question.version.title}, {item.course.title}",
                "about": plain(question.html),
                "url": reverse("analysis-question", args=[item.uuid, question.uuid]),
                "item": item.pk,
                "question": str(question.uuid),
                "digests": correction.digests,
                "treatment": correction.treatment,
                "key": correction.key,
            },
        )
    except approvals.ApprovalRefused as refusal:
        raise CorrectionRefused(str(refusal))


def decide_correction(
    *, asked: ApprovalRequest, approved: bool, consequence: str, note: str, actor: User, at: datetime
) -> Approval:
    """Approve, with what becomes of who would no longer pass, or refuse. Raises CorrectionRefused."""
    if not has_role(actor, APPROVES_CORRECTIONS, at=at):
        raise CorrectionRefused("Perbaikan kunci diputuskan oleh pemeriksa.")
    choices = {"consequence": consequence} if approved else {}
    try:
        return approvals.decide(request=asked, approved=approved, note=note, actor=actor, at=at, **choices)
    except approvals.ApprovalRefused as refusal:
        raise CorrectionRefused(str(refusal))


@approvals.carries_out(CORRECT)
def correct(request: ApprovalRequest, *, actor: User, at: datetime, consequence: str = Consequence.KEEP) -> None:
    """Let the correction count from now on, and ask for everybody to be graded anew."""
    correction = proposal_in(request)
    correction.consequence = consequence
    correction.reason = request.reason[:300]
    correction.request = request.uuid
    correction.asked_by_id = request.requested_by_id
    correction.approved_by = actor
    correction.at = at
    correction.save()
    regrade = Regrade.objects.create(correction=correction)
    audit.record(
        verb="quiz.key_corrected",
        actor=actor,
        at=at,
        obj=correction,
        detail={
            "question": str(correction.question),
            "treatment": correction.treatment,
            "consequence": correction.consequence,
            "asked_by": request.requested_by_name,
            "reason": request.reason,
        },
    )
    correct_draft(correction, actor=actor)
    outbox.put(kind=REGRADE, key=str(correction.pk), payload={"regrade": regrade.pk}, at=at)
