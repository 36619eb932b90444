"""The CMS asks the author who must take a changed quiz or course again."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from wagtail.admin import messages

from courses.models import CourseVersion
from organisation.permissions import has_role
from quizzes import services
from quizzes.choices import RedoScope
from quizzes.exceptions import RedoRefused
from quizzes.forms import RedoScopeForm
from quizzes.models import QuizVersion
from quizzes.permissions import ASKS_REDO
from quizzes.redo import reach_of, redo_of

UNITS_SHOWN = 20


def redo(request, uuid):
    version = get_object_or_404(QuizVersion.objects.select_related("item__course", "redo_request__asked_by"), uuid=uuid)
    return _ask(request, version, version.item.course)


def redo_course(request, uuid):
    version = get_object_or_404(CourseVersion.objects.select_related("course", "redo_request__asked_by"), uuid=uuid)
    return _ask(request, version, version.course)


def _ask(request, version, course):
    """Ask the author who must take the new version again: count first, then confirm. Nobody, unless they say so."""
    now = timezone.now()
    if not has_role(request.user, ASKS_REDO, at=now):
        raise PermissionDenied
    of_course = isinstance(version, CourseVersion)
    answered = getattr(version, "redo_request", None)
    form = RedoScopeForm(request.POST or None, of_course=of_course)
    context = {"version": version, "course": course, "of_course": of_course, "answered": answered, "form": form}
    if request.method == "POST" and not answered and form.is_valid():
        scope, since, before = form.cleaned_data["scope"], form.moment("since"), form.moment("before")
        reach = reach_of(redo_of(version, scope, since=since, before=before), at=now)
        if scope != RedoScope.NOBODY and "pasti" not in request.POST:
            shown = reach.per_unit[:UNITS_SHOWN]
            context |= {"reach": reach, "units": shown, "more_units": len(reach.per_unit) - len(shown)}
            return render(request, "quizzes/admin/redo.html", context)
        try:
            services.request_redo(
                version=version,
                scope=scope,
                since=since,
                before=before,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=now,
            )
        except RedoRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request,
                "Tercatat: tidak ada yang harus mengulang."
                if scope == RedoScope.NOBODY
                else "Permintaan diteruskan kepada Bag SDM. Mereka yang memerintahkannya di satuan masing-masing.",
            )
            return redirect("wagtailadmin_home")
    return render(request, "quizzes/admin/redo.html", context)
