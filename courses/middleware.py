"""A refused publish, withdrawal or deletion becomes a sentence for its author, whichever way it was tried."""

from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Page

from .exceptions import DeletionRefused, PageRefused


class RefusalMiddleware:
    """Services refuse by raising inside their transaction; this only tells the person in the CMS."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, PageRefused) or not request.user.is_authenticated:
            return None
        edit = AdminURLFinder(request.user).get_edit_url(exception.page) or reverse("wagtailadmin_home")
        is_page = isinstance(exception.page, Page)
        buttons = [messages.button(edit, "Buka halaman")] if is_page else []
        if isinstance(exception, DeletionRefused) and is_page and exception.page.live:
            buttons = [messages.button(reverse("courses-archive", args=[exception.page.pk]), "Arsipkan")]
        messages.error(request, str(exception), buttons=buttons)
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            # The workflow dialog follows "redirect" when a step says success.
            return JsonResponse({"step": "success", "redirect": edit})
        return redirect(edit)
