"""Stories of a wrong key: a quiz, people who answered it, and its correction."""

from datetime import timedelta

from foundation.models import ApprovalRequest
from organisation.models import Role, User
from quizzes.choices import Consequence, Treatment
from quizzes.models import Attempt, KeyCorrection, QuizVersion, VersionQuestion
from quizzes.services import ask_correction, decide_correction, proposed_correction, submit_attempt
from quizzes.services.regrading import continue_regrade
from tests.clock import NOON
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.organisation import RoleGrantFactory, UserFactory
from tests.factories.quizzes import AttemptFactory, options_of

LATER = NOON + timedelta(days=2)


def staff(role: Role) -> User:
    user = UserFactory()
    RoleGrantFactory(user=user, role=role)
    return user


def answered(version: QuizVersion, *picks: int, officer=None) -> Attempt:
    """A submitted attempt that picks the n-th best option of each question in turn, 0 the one the key names."""
    fields = {"officer": officer} if officer else {}
    enrolment = EnrolmentFactory(course=version.item.course, **fields)
    attempt = AttemptFactory(version=version, enrolment=enrolment)
    for response, pick in zip(attempt.responses.all(), picks, strict=True):
        response.answer = [options_of(response)[pick]]
        response.epoch, response.sequence, response.saved_at = 1, 1, NOON + timedelta(minutes=response.position)
        response.save()
    return submit_attempt(attempt=attempt, at=NOON + timedelta(minutes=20))


def right_is(question: VersionQuestion, pick: int) -> dict:
    """The change that makes the n-th option right and no other."""
    return {
        "fractions": {str(option.uuid): str(int(place == pick)) for place, option in enumerate(question.options.all())}
    }


def first_question(version: QuizVersion) -> VersionQuestion:
    return version.questions.prefetch_related("options").first()


def asked(question: VersionQuestion, change=None, *, treatment=Treatment.KEY, actor=None) -> ApprovalRequest:
    return ask_correction(
        question=question,
        correction=proposed_correction(question=question, treatment=treatment, change=change),
        reason="Pilihan kedua yang sesuai aturan.",
        actor=actor or staff(Role.TRAINER),
        at=LATER,
    )


def corrected(question, change=None, *, treatment=Treatment.KEY, consequence=Consequence.KEEP) -> KeyCorrection:
    """Ask, approve and grade everybody anew."""
    request = asked(question, change, treatment=treatment)
    decide_correction(
        asked=request, approved=True, consequence=consequence, note="", actor=staff(Role.REVIEWER), at=LATER
    )
    correction = KeyCorrection.objects.latest("pk")
    continue_regrade(regrade=correction.regrade, at=LATER)
    return correction
