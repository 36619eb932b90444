"""Where the journeys play: two Polres that must not see each other, and the courses that officers take."""

from dataclasses import dataclass
from pathlib import Path

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.management import call_command

from courses.models import Course, CoursePage
from organisation.models import Role, Unit, UnitLevel, User
from tests.courses.helpers import lesson_draft, publish
from tests.factories.certificates import UnitLetterheadFactory
from tests.factories.courses import CoursePageFactory
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory
from tests.factories.quizzes import QuizPageFactory


@dataclass(frozen=True)
class Staff:
    """Somebody with a role: the login, and the secret that their phone's app makes codes from."""

    user: User
    secret: str


@dataclass(frozen=True)
class Scene:
    polres: Unit
    polsek: Unit
    sdm: Staff
    neighbour: Staff


def staff(name: str, role: Role, unit: Unit) -> Staff:
    officer = OfficerFactory(name=name, posting__unit=unit)
    RoleGrantFactory(user=officer.user, role=role, unit=unit)
    secret = generate_totp_secret()
    TOTP.activate(officer.user, secret)
    return Staff(officer.user, secret)


# As it stands in a choice of units, below its Polres.
POLSEK = "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}Polsek Tanjung Contoh"


def two_polres() -> Scene:
    """A Polres with one polsek, its letterhead and its SDM; and a neighbour with an SDM of its own."""
    polres = UnitFactory(code="RESTA", name="Polresta Contoh", level=UnitLevel.RESORT)
    polsek = UnitFactory(
        code="SEK-1",
        name="Polsek Kawasan Pelabuhan Tanjung Contoh",
        short_name="Polsek Tanjung Contoh",
        level=UnitLevel.SECTOR,
        parent=polres,
    )
    UnitLetterheadFactory(unit=polres)
    neighbour = UnitFactory(code="TETANGGA", name="Polres Tetangga", level=UnitLevel.RESORT)
    return Scene(
        polres=polres,
        polsek=polsek,
        sdm=staff("Sri Wahyuni", Role.SDM, polres),
        neighbour=staff("Made Arta", Role.SDM, neighbour),
    )


def load_c1(folder: Path) -> Course:
    """Load C1 with its legal sources and tariffs through the loader, and nothing else, from ``folder``."""
    for name in ("legal_sources.yaml", "tariffs.yaml", "C1"):
        (folder / name).symlink_to(settings.BASE_DIR / "content" / name)
    call_command("load_courses", folder, verbosity=0)
    return Course.objects.get(code="C1")


def short_course() -> Course:
    """A published course that anybody may begin: one lesson, then a post-test with one question of each kind."""
    page = CoursePageFactory(title="Antrean di loket", slug="antrean", self_enrolment=True)
    publish(lesson_draft(page, title="Menyapa pemohon", slug="menyapa"))
    publish(QuizPageFactory(parent=page, title="Pos-tes", slug="pos-tes"))
    publish(CoursePage.objects.get(pk=page.pk))
    return Course.objects.get(slug="antrean")
