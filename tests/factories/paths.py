"""Learning paths, published and ordered."""

from courses.models import Course, LearningPath, PathVersion
from courses.models.paths import compile_path
from enrolments import services
from enrolments.assignment import AssignmentRule, Due
from enrolments.models import PathOrder
from organisation.models import Role, Unit, User
from tests.clock import NOON
from tests.factories.courses import PUBLISHED_AT
from tests.factories.organisation import RoleGrantFactory


def step(course: Course, *, required: bool = True, after: tuple[Course, ...] = ()) -> dict:
    value = {"course": course.code, "required": required, "after": [first.code for first in after]}
    return {"type": "step", "value": value}


def path_draft(*steps: dict, options_needed: int = 0, title: str = "Pelayanan SPKT", **fields) -> LearningPath:
    """A path as its author left it, not published."""
    return LearningPath.objects.create(
        title=title,
        summary="Dari salam sampai laporan.",
        steps=list(steps),
        options_needed=options_needed,
        live=False,
        **fields,
    )


def published_path(*steps: dict, options_needed: int = 0, **fields) -> PathVersion:
    path = path_draft(*steps, options_needed=options_needed, **fields)
    LearningPath.objects.filter(pk=path.pk).update(live=True)
    path.refresh_from_db()
    return compile_path(path, actor=None, at=PUBLISHED_AT)


def path_assigned(version: PathVersion, unit: Unit, *, actor: User | None = None, at=NOON, **answers) -> PathOrder:
    actor = actor or RoleGrantFactory(role=Role.SDM, unit=unit).user
    answers = {
        "rule": AssignmentRule(unit=unit),
        "order_number": "Sprin/119/XI/2026",
        "issuer": "Kapolres Uji",
        "reason": "Pelayanan loket",
        "activity": None,
        "due": Due(at=at.replace(day=28)),
    } | answers
    return services.assign_path(actor=actor, version=version, at=at, **answers)
