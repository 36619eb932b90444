"""Exemptions, deferrals and pauses, asked for and approved as people do."""

from datetime import date, datetime

from enrolments import services
from enrolments.models import Relief, ReliefKind
from foundation import approvals
from organisation.models import Officer, Role, User
from tests.clock import NOON
from tests.factories.organisation import RoleGrantFactory


def sdm_of(officer: Officer) -> User:
    return RoleGrantFactory(role=Role.SDM, unit=officer.postings.get(valid_to=None).unit).user


def approver_of(officer: Officer) -> User:
    """Somebody else who may decide about the officer: the unit's head."""
    return RoleGrantFactory(role=Role.HEAD, unit=officer.postings.get(valid_to=None).unit).user


def asked(officer: Officer, kind: str, *, at: datetime = NOON, actor: User | None = None, document=None, **wish):
    wish = {"code": "leave", "document_number": "SC/12/XI/2026"} | wish
    return services.ask_relief(
        officer=officer,
        wish=services.Wish(kind=kind, **wish),
        document=document,
        actor=actor or sdm_of(officer),
        at=at,
    )


def relieved(officer: Officer, kind: str, *, at: datetime = NOON, **wish) -> Relief:
    """Asked for and approved at ``at``."""
    request = asked(officer, kind, at=at, **wish)
    approvals.decide(request=request, approved=True, note="", actor=approver_of(officer), at=at)
    return Relief.objects.get(request=request.uuid)


def paused(officer: Officer, first: date, last: date | None = None, **wish) -> Relief:
    return relieved(officer, ReliefKind.PAUSE, first=first, last=last, **wish)


def exempted(officer: Officer, course, last: date | None = None, **wish) -> Relief:
    return relieved(officer, ReliefKind.EXEMPTION, course=course, last=last, **wish)


def deferred(officer: Officer, course, last: date, **wish) -> Relief:
    return relieved(officer, ReliefKind.DEFERRAL, course=course, last=last, **wish)
