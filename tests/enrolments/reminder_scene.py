"""What the stories about reminders share: a Polda with a Polres and a Polsek, their leaders, and duties at any day."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from courses.models import Course
from enrolments.models import Duty, Message, Way
from foundation.formats import day_of
from organisation.models import Officer, Role, Unit, UnitLevel, User, Zone
from tests.clock import NOON
from tests.factories.courses import published_course
from tests.factories.enrolments import DutyFactory
from tests.factories.organisation import OfficerFactory, RoleGrantFactory, UnitFactory

# 23.59.59 WIB of NOON's day.
TONIGHT = NOON.replace(hour=16, minute=59, second=59)
DAY = timedelta(days=1)


@dataclass
class Scene:
    polda: Unit
    polres: Unit
    polsek: Unit
    upper_sdm: User
    sdm: User
    head: User
    sector_head: User
    course: Course

    def officer(self, name: str = "Andi", *, unit: Unit | None = None, email: str = "") -> Officer:
        officer = OfficerFactory(name=name, posting__unit=unit or self.polsek)
        if email:
            officer.user.email = email
            officer.user.save()
        return officer

    def owes(self, officer: Officer, days: int, **fields) -> Duty:
        """A duty due ``days`` after today (negative: before it), given half a year ago."""
        fields = {"course": self.course, "valid_from": NOON - timedelta(days=180)} | fields
        tonight = datetime.combine(day_of(NOON, self.polda.zone), time(23, 59, 59), tzinfo=ZoneInfo(self.polda.zone))
        return DutyFactory(officer=officer, due_at=tonight + days * DAY, **fields)


def leader(role: Role, unit: Unit, name: str) -> User:
    return RoleGrantFactory(role=role, unit=unit, user=OfficerFactory(posting__unit=unit, name=name).user).user


def scene(zone: Zone = Zone.WIB) -> Scene:
    polda = UnitFactory(level=UnitLevel.PROVINCE, name="Polda Uji", zone=zone)
    polres = UnitFactory(level=UnitLevel.RESORT, name="Polres Uji", parent=polda, zone=zone)
    polsek = UnitFactory(level=UnitLevel.SECTOR, name="Polsek Uji", parent=polres, zone=zone)
    return Scene(
        polda=polda,
        polres=polres,
        polsek=polsek,
        upper_sdm=leader(Role.SDM, polda, "SDM Polda"),
        sdm=leader(Role.SDM, polres, "SDM Polres"),
        head=leader(Role.HEAD, polres, "Kapolres"),
        sector_head=leader(Role.HEAD, polsek, "Kapolsek"),
        course=published_course(),
    )


def texts_to(user: User) -> list[str]:
    return list(Message.objects.filter(recipient=user).order_by("pk").values_list("text", flat=True))


def mail_states(message: Message) -> list[str]:
    return list(message.deliveries.filter(way=Way.MAIL).order_by("number").values_list("state", flat=True))


def at_local(hour: int, *, days: int = 0, zone_hours: int = 7) -> datetime:
    """``hour`` o'clock on NOON's day plus ``days`` where the clock is ``zone_hours`` ahead of UTC."""
    return NOON.replace(hour=0, minute=0) + timedelta(days=days, hours=hour - zone_hours)
