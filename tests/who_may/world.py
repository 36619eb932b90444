"""The small world in which the who-may tables ask: one Polda, two Polres, one person per role, one course begun."""

from dataclasses import dataclass

from django.test import Client

from courses.models import Course, CourseItem, ItemKind
from enrolments.models import Enrolment
from organisation.models import Officer, Role, Unit, UnitLevel, User
from tests.clock import LONG_AGO
from tests.factories.courses import published_course
from tests.factories.enrolments import EnrolmentFactory
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory, UserFactory
from tests.signing_in import sign_in

from . import ROLES


@dataclass
class World:
    polda: Unit
    polres: Unit
    polsek: Unit
    other_polsek: Unit
    foreign_polres: Unit
    foreign_polsek: Unit
    people: dict[str, User]
    cookies: dict[str, dict[str, str]]
    officer: Officer
    colleague: Officer
    foreign_officer: Officer
    course: Course
    lesson: CourseItem
    enrolment: Enrolment

    def person(self, role: str) -> User | None:
        """The account that asks as ``role``; None for a visitor."""
        return self.people.get(role)


def _staff(role: Role, *, over: Unit, at: Unit) -> User:
    user = OfficerFactory(posting__unit=at).user
    RoleGrantFactory(user=user, role=role, unit=over)
    return user


def _cookies(person: User) -> dict[str, str]:
    client = sign_in(Client(), person)
    return {name: cookie.value for name, cookie in client.cookies.items()}


def build() -> World:
    """Make the world; call it inside a transaction that is rolled back."""
    polda = UnitFactory(level=UnitLevel.PROVINCE, name="Polda Uji")
    polres = UnitFactory(level=UnitLevel.RESORT, name="Polres Uji", parent=polda)
    polsek = UnitFactory(level=UnitLevel.SECTOR, name="Polsek Uji", parent=polres)
    other_polsek = UnitFactory(level=UnitLevel.SECTOR, name="Polsek Uji Lain", parent=polres)
    foreign_polres = UnitFactory(level=UnitLevel.RESORT, name="Polres Tetangga", parent=polda)
    foreign_polsek = UnitFactory(level=UnitLevel.SECTOR, name="Polsek Tetangga", parent=foreign_polres)

    officer = OfficerFactory(posting__unit=polsek)
    colleague = OfficerFactory(posting__unit=polsek)
    foreign_officer = OfficerFactory(posting__unit=foreign_polsek)
    administrator = UserFactory(login="administrator-uji", name="Administrator Uji")
    RoleGrantFactory(user=administrator, role=Role.ADMINISTRATOR, unit=polda)
    people = {
        "officer": officer.user,
        "colleague": colleague.user,
        "foreign_officer": foreign_officer.user,
        "head": _staff(Role.HEAD, over=polres, at=polres),
        "trainer": _staff(Role.TRAINER, over=polda, at=polda),
        "reviewer": _staff(Role.REVIEWER, over=polda, at=polda),
        "sdm": _staff(Role.SDM, over=polres, at=polres),
        "upper_sdm": _staff(Role.SDM, over=polda, at=polda),
        "foreign_sdm": _staff(Role.SDM, over=foreign_polres, at=foreign_polres),
        "administrator": administrator,
    }
    assert {"visitor", *people} == set(ROLES)

    course = published_course(self_enrolment=True)
    enrolment = EnrolmentFactory(officer=officer, course=course, started_at=LONG_AGO)
    return World(
        polda=polda,
        polres=polres,
        polsek=polsek,
        other_polsek=other_polsek,
        foreign_polres=foreign_polres,
        foreign_polsek=foreign_polsek,
        people=people,
        # Signed in once: sessions live as long as the world does.
        cookies={role: _cookies(person) for role, person in people.items()},
        officer=officer,
        colleague=colleague,
        foreign_officer=foreign_officer,
        course=course,
        lesson=course.items.filter(kind=ItemKind.LESSON).first(),
        enrolment=enrolment,
    )
