"""Views of the CMS that Wagtail has not: archiving a course, and Indonesian words for its scripts."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.i18n import JavaScriptCatalog
from wagtail.admin import messages

from . import services, usage
from .models import CoursePage


def archive(request, page_id: int):
    """Ask, then take the course out of the catalogue."""
    page = get_object_or_404(CoursePage, pk=page_id)
    if not page.permissions_for_user(request.user).can_unpublish():
        raise PermissionDenied
    if request.method == "POST":
        services.archive_course(page=page, actor=request.user, at=timezone.now())
        messages.success(request, f"Pelatihan “{page.title}” diarsipkan. Terbitkan lagi untuk membukanya kembali.")
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    context: dict = {"page": page}
    if course := page.course:
        context |= {"takers": usage.takers(course), "refusal": usage.why_not_archived(course)}
    return render(request, "courses/admin/archive.html", context)


class ScriptCatalog(JavaScriptCatalog):
    def get_paths(self, packages):
        return [*super().get_paths(packages), *settings.LOCALE_PATHS]
