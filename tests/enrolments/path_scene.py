"""What the stories about learning paths ask and do."""

from enrolments.corrections import correct_completion
from enrolments.models import Duty, Enrolment, PathCompletion
from tests.factories.enrolments import completed
from tests.factories.organisation import UserFactory


def owed(officer) -> set:
    return {duty.course for duty in Duty.objects.open().filter(officer=officer)}


def through(officer) -> bool:
    return PathCompletion.objects.standing().filter(officer=officer).exists()


def learn(officer, *courses, **moment):
    for course in courses:
        completed(officer, course, **moment)


def taken_back(officer, course, *, at):
    fact = Enrolment.objects.get(officer=officer, course=course).item_completions.filter(reopening=None).get()
    correct_completion(
        enrolment=fact.enrolment,
        item=fact.item,
        evidence=None,
        grade=None,
        withdrawn=True,
        actor=UserFactory(),
        reason="kunci keliru",
        at=at,
    )
