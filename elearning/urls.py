"""Every address of the platform. Wagtail serves what is left: the pages that trainers write."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from . import views

urlpatterns = [
    # First: an exam asks for little else, and finding an address is a tenth of a save.
    path("", include("quizzes.urls")),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("gaya/", views.style_page, name="style-page"),
    path("bantuan/", views.help_page, name="help"),
    path("", include("organisation.urls")),
    path("", include("programmes.urls")),
    path("", include("enrolments.urls")),
    path("", include("certificates.urls")),
    path("", include("reports.urls")),
    path("", include("courses.urls")),
    # One sign-in only: every other door of the CMS that takes a password leads to it.
    path("admin/login/", RedirectView.as_view(url="/masuk/", query_string=True)),
    re_path(r"^admin/password_reset/", RedirectView.as_view(url="/masuk/")),
    re_path(r"^_util/", RedirectView.as_view(url="/masuk/")),
    re_path(r"^dokumen/authenticate_with_password/", RedirectView.as_view(url="/masuk/")),
    path("admin/", include(wagtailadmin_urls)),
    path("dokumen/", include(wagtaildocs_urls)),
    path("", include(wagtail_urls)),
]
