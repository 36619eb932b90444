"""Enrolments, duties and assignments. The services are the way to make a completion."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from courses.models import Course
from enrolments import models, services
from enrolments.assignment import AssignmentRule, Due
from organisation.models import Officer, Role, Unit, User
from tests.clock import NOON
from tests.factories.courses import published_course
from tests.factories.organisation import OfficerFactory, RoleGrantFactory


class EnrolmentFactory(DjangoModelFactory):
    """An officer who has begun a course: ``EnrolmentFactory(officer=…, course=…)``."""

    officer = factory.SubFactory(OfficerFactory)
    course = factory.LazyFunction(published_course)
    started_at = NOON - timedelta(days=7)

    class Meta:
        model = models.Enrolment


class DutyFactory(DjangoModelFactory):
    """An open duty without a reason, due in a week."""

    officer = factory.SubFactory(OfficerFactory)
    course = factory.LazyFunction(published_course)
    due_at = NOON + timedelta(days=7)
    valid_from = NOON - timedelta(days=14)
    recorded_at = factory.SelfAttribute("valid_from")

    class Meta:
        model = models.Duty


def assigned(course: Course, unit: Unit, *, actor: User | None = None, at=NOON, **answers) -> models.Assignment:
    """Assign ``course`` to everybody below ``unit`` (rule=… narrows it), by its SDM, due in a week."""
    actor = actor or RoleGrantFactory(role=Role.SDM, unit=unit).user
    answers = {
        "rule": AssignmentRule(unit=unit),
        "order_number": "Sprin/118/XI/2026",
        "issuer": "Kapolres Uji",
        "reason": "Quick Wins triwulan IV",
        "activity": None,
    } | answers
    # ``due_at=…`` is one date for everybody; ``due=Due(…)`` says it otherwise.
    answers.setdefault("due", Due(at=answers.pop("due_at", at + timedelta(days=7))))
    return services.assign_course(actor=actor, course=course, at=at, **answers)


def completed(officer: Officer, course: Course, *, at=NOON, grade=None) -> models.CourseCompletion:
    """Take ``officer`` through every item of ``course`` and return the ledger row."""
    begun = models.Enrolment.objects.filter(officer=officer, course=course, completed_at=None)
    enrolment = begun.order_by("cycle").last()
    enrolment = enrolment or EnrolmentFactory(officer=officer, course=course, started_at=at)
    for entry in course.current_version.version_items.select_related("item"):
        services.complete_item(
            enrolment=enrolment,
            item=entry.item,
            evidence=None,
            grade=grade if entry.decides_grade else None,
            at=at,
        )
    return models.CourseCompletion.objects.get(enrolment=enrolment)
