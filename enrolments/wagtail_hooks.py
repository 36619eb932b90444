"""Where pages meet people: Wagtail asks before it serves a page or a document."""

from wagtail import hooks

from courses.models import CatalogPage, CoursePage, HomePage, LessonPage

from .views import learner


@hooks.register("before_serve_page")
def serve_personal_page(page, request, serve_args, serve_kwargs):
    """Render start page, catalogue, course and lesson with the officer's own part, behind the gate."""
    if isinstance(page, HomePage):
        return learner.serve_home(request)
    if isinstance(page, CatalogPage):
        return learner.serve_catalog(request)
    if isinstance(page, CoursePage):
        return learner.serve_course(request, page)
    if isinstance(page, LessonPage):
        return learner.serve_lesson(request, page)
    return None
