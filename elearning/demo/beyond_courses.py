"""A learning path with people on it, trainings done elsewhere, and a deputy of the Kapolresta."""

from datetime import datetime, timedelta

from courses.models import Course, LearningPath
from enrolments import services
from enrolments.assignment import AssignmentRule, Due
from enrolments.models import CourseCompletion, Enrolment
from enrolments.recognition import Past
from foundation import approvals
from foundation.formats import day_of, roman_month
from organisation.models import Capacity, Officer, Posting, Unit
from organisation.services import name_deputy

from .people import POLRESTA
from .scans import scan

ZONE = "Asia/Jayapura"


def build(units: dict[str, Unit], people: dict[str, Officer], *, now: datetime) -> None:
    _assign_path(units, people, now=now)
    _recognise(units, people, now=now)
    _stand_in(units, people, now=now)


def _assign_path(units: dict[str, Unit], people: dict[str, Officer], *, now: datetime) -> None:
    """Ethics first, then talking: for the unit of the officer of the tour, who is half way."""
    path = LearningPath(
        title="Dasar pelayanan loket",
        summary="Dari sikap yang melayani sampai percakapan yang tuntas di loket.",
        steps=[
            {"type": "step", "value": {"course": "C1", "required": True, "after": []}},
            {"type": "step", "value": {"course": "C2", "required": True, "after": ["C1"]}},
        ],
        live=False,
    )
    path.save()
    path.save_revision(user=people["trainer"].user).publish(user=people["reviewer"].user, skip_permission_checks=True)
    at = now - timedelta(days=2)
    unit = Posting.objects.get(officer=people["officer"], valid_to=None).unit
    services.assign_path(
        actor=people["sdm"].user,
        version=path.versions.get(),
        rule=AssignmentRule(unit=unit),
        due=Due(at=(now + timedelta(days=28)).replace(hour=14, minute=59, second=59, microsecond=0)),
        order_number=f"Sprin/152/{roman_month(at, ZONE)}/DIK.2.6./{at.year}",
        issuer="Kapolresta Contoh",
        reason="Setiap petugas loket menguasai dasar pelayanan",
        activity=None,
        at=at,
        follows=True,
    )


def _recognise(units: dict[str, Unit], people: dict[str, Officer], *, now: datetime) -> None:
    """One who learned to talk with people at another school; one more waits for the decision."""
    course = Course.objects.select_related("current_version").get(code="C2")
    known = [officer.pk for officer in people.values()]
    begun = Enrolment.objects.filter(course=course).values("officer")
    done = CourseCompletion.objects.filter(course=course).values("officer")
    first, second = (
        Officer.objects.filter(posting__in=Posting.objects.in_force(at=now).below(units[POLRESTA]))
        .exclude(pk__in=known)
        .exclude(pk__in=begun)
        .exclude(pk__in=done)
        .order_by("number")[:2]
    )
    for officer, number, decided in ((first, 41, True), (second, 57, False)):
        at = now - timedelta(days=5 if decided else 1)
        request = services.ask_recognition(
            past=Past(
                officer=officer,
                course=course,
                day=day_of(now - timedelta(days=160), ZONE),
                organiser="Pusdik Contoh",
                document_number=f"SERT/{number}/{at.year}",
            ),
            document=scan(
                "SERTIFIKAT (CONTOH)", "Pusdik Contoh", "Komunikasi Pelayanan Publik", name="sertifikat-pusdik.png"
            ),
            actor=people["sdm"].user,
            at=at,
        )
        if decided:
            approvals.decide(
                request=request, approved=True, note="", actor=people["head"].user, at=at + timedelta(hours=3)
            )


def _stand_in(units: dict[str, Unit], people: dict[str, Officer], *, now: datetime) -> None:
    """The Kapolresta is away for a week; the highest in rank after him stands in."""
    known = [officer.pk for officer in people.values()]
    here = Posting.objects.in_force(at=now).below(units[POLRESTA]).exclude(officer__in=known)
    deputy = here.select_related("officer__user").order_by("rank__order", "officer__number")[0].officer
    head = people["head"].user
    today = day_of(now, ZONE)
    name_deputy(
        grant=head.role_grants.get(unit=units[POLRESTA]),
        deputy=deputy.user,
        capacity=Capacity.DAILY,
        first=today,
        last=today + timedelta(days=6),
        order_number=f"Sprin/160/{roman_month(now, ZONE)}/KEP./{now.year}",
        with_tasks=True,
        actor=head,
        at=now,
    )
