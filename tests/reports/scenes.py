"""What the stories about reports share: a small Polres with duties in every state."""

from dataclasses import dataclass, field
from datetime import timedelta

from courses.models import Course
from enrolments.models import Duty, DutyEnd
from organisation.models import Officer, Role, Unit, UnitLevel, User
from tests.clock import NOON
from tests.factories.courses import CourseFactory, published_course
from tests.factories.enrolments import DutyFactory
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, ServiceFunctionFactory, UnitFactory

YESTERDAY, NEXT_WEEK = NOON - timedelta(days=1), NOON + timedelta(days=7)


def course(code: str, title: str) -> Course:
    return published_course(course=CourseFactory(code=code, slug=code.lower(), title=title), pretest=True)


def owes(officer: Officer, course: Course, state: str = "open", **fields) -> Duty:
    """A duty in ``state``: open, late, done, withdrawn or exempt."""
    ends = {"done": DutyEnd.COMPLETED, "withdrawn": DutyEnd.WITHDRAWN, "exempt": DutyEnd.EXEMPT}
    fields = {"due_at": YESTERDAY if state == "late" else NEXT_WEEK} | fields
    if state in ends:
        fields = {"valid_to": YESTERDAY, "ended_as": ends[state]} | fields
    return DutyFactory(officer=officer, course=course, **fields)


@dataclass
class Polres:
    """Polres → Satlantas and Polsek; an SDM and a head over it; two courses."""

    unit: Unit
    satlantas: Unit
    polsek: Unit
    sdm: User
    head: User
    etika: Course
    komunikasi: Course
    officers: dict[str, Officer] = field(default_factory=dict)

    def officer(self, name: str, unit: Unit, *functions: str) -> Officer:
        officer = OfficerFactory(name=name, posting__unit=unit)
        officer.postings.get().functions.set([ServiceFunctionFactory(code=code) for code in functions])
        self.officers[name] = officer
        return officer


def staff(role: Role, unit: Unit) -> User:
    return RoleGrantFactory(role=role, unit=unit, user=OfficerFactory(posting__unit=unit).user).user


def polres(name: str = "Polres Uji") -> Polres:
    unit = UnitFactory(name=name, level=UnitLevel.RESORT)
    satlantas = UnitFactory(name=f"Satlantas {name}", short_name="Satlantas", level=UnitLevel.FUNCTION, parent=unit)
    polsek = UnitFactory(name=f"Polsek {name}", short_name="Polsek", level=UnitLevel.SECTOR, parent=unit)
    return Polres(
        unit=unit,
        satlantas=satlantas,
        polsek=polsek,
        sdm=staff(Role.SDM, unit),
        head=staff(Role.HEAD, unit),
        etika=Course.objects.filter(code="C1").first() or course("C1", "Etika Pelayanan Publik"),
        komunikasi=Course.objects.filter(code="C2").first() or course("C2", "Komunikasi Efektif"),
    )


def busy_polres() -> Polres:
    """Three done, two late and one open at C1; the Polsek is weaker than Satlantas."""
    here = polres()
    for name, unit, state, functions in (
        ("Andi", here.unit, "done", []),
        ("Budi", here.satlantas, "done", ["sim"]),
        ("Citra", here.satlantas, "done", ["sim", "skck"]),
        ("Dewi", here.satlantas, "late", ["sim"]),
        ("Eko", here.polsek, "late", ["spkt"]),
        ("Fitri", here.polsek, "open", []),
    ):
        owes(here.officer(name, unit, *functions), here.etika, state)
    return here
