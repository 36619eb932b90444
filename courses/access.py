"""Who may open a picture or document of a lesson. Nothing has a public address; rooms above register their gates.

    @courses.access.gate
    def _enrolled(request, obj) -> bool: ...   # obj: Wagtail's Image or Document

One gate that says yes is enough. Without any, only authors and officers looking at a published cover pass.
"""

from collections.abc import Callable

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from wagtail.models import Page, ReferenceIndex

from .models import Course, CoursePage

Gate = Callable[[HttpRequest, Model], bool]
_gates: list[Gate] = []

# Root, home, catalogue, course: what lies below a course page begins with its path.
COURSE_DEPTH = 4


def gate(function: Gate) -> Gate:
    """Register a gate."""
    _gates.append(function)
    return function


def may_open(request: HttpRequest, obj: Model) -> bool:
    """Say whether the asker may open ``obj``; a visitor never may."""
    return request.user.is_authenticated and any(opens(request, obj) for opens in _gates)


def courses_using(obj: Model) -> QuerySet[Course]:
    """Courses, archived ones too, whose published pages show ``obj``. For the gates of higher rooms."""
    used_by = ReferenceIndex.get_references_to(obj).values_list("object_id", flat=True)
    paths = (
        Page.objects.live().filter(pk__in=[int(pk) for pk in used_by if pk.isdigit()]).values_list("path", flat=True)
    )
    tops = {path[: COURSE_DEPTH * Page.steplen] for path in paths}
    return Course.objects.filter(page__in=CoursePage.objects.filter(path__in=tops))


@gate
def authors(request: HttpRequest, obj: Model) -> bool:
    return request.user.has_perm("wagtailadmin.access_admin")


@gate
def published_covers(request: HttpRequest, obj: Model) -> bool:
    return CoursePage.objects.live().filter(cover=obj.pk).exists() if obj._meta.model_name == "image" else False
