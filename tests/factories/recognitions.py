"""Training done elsewhere, asked for and approved as people do."""

from datetime import date, datetime

from courses.models import Course
from enrolments import services
from enrolments.models import Recognition
from enrolments.recognition import Past
from foundation import approvals
from organisation.models import Officer
from tests.clock import NOON
from tests.factories.reliefs import approver_of, sdm_of


def past(officer: Officer, course: Course, day: date = date(2026, 3, 10), **fields) -> Past:
    return Past(officer, course, day, **{"organiser": "Pusdik Uji", "document_number": "SERT/7/2026"} | fields)


def recognised(officer: Officer, course: Course, *, at: datetime = NOON, actor=None, document=None, **fields):
    """Asked for by SDM of the officer's unit and approved by somebody else at ``at``."""
    asked = services.ask_recognition(
        past=past(officer, course, **fields), document=document, actor=actor or sdm_of(officer), at=at
    )
    approvals.decide(request=asked, approved=True, note="", actor=approver_of(officer), at=at)
    return Recognition.objects.get(request=asked.uuid)
