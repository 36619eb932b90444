"""The site itself and the course pages."""

from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.conf import settings
from wagtail.models import Page, Site

from courses.models import CatalogPage, CoursePage, HomePage
from courses.models.validity import RENEWAL_DAYS

from .entries import Entry
from .pages import Outcome, load_page
from .streams import block


def load_site() -> CatalogPage:
    """Make home at "/" and the catalogue at "/pelatihan/" where they are missing; return the catalogue."""
    root = Page.get_first_root_node()
    home = HomePage.objects.first()
    if home is None:
        home = root.add_child(instance=HomePage(title="Beranda", slug="beranda", live=True))
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "root_page": home, "site_name": settings.WAGTAIL_SITE_NAME},
    )
    # Wagtail's own welcome page: nobody wrote it, nobody needs it.
    for page in root.get_children().exact_type(Page):
        page.delete()
    catalog = CatalogPage.objects.first()
    if catalog is None:
        home.refresh_from_db()
        catalog = home.add_child(instance=CatalogPage(title="Katalog pelatihan", slug="pelatihan", live=True))
    return catalog


def load_course_page(catalog: CatalogPage, entry: Entry, *, source_sha256: str, at: datetime) -> Outcome:
    """Make or renew a course page. A new one stays a draft until its items are there (``publish_page``)."""
    code = entry.text("code", longest=20)
    slug = entry.text("slug", longest=80)
    fields = {
        "code": code,
        "title": entry.text("title", longest=200),
        "summary": entry.text("summary"),
        "audience": entry.text("audience", longest=255),
        "objectives": [
            block("objective", text, code, "objectives", number)
            for number, text in enumerate(entry.texts("objectives"), start=1)
        ],
        "jp": _decimal(entry, "jp"),
        "minutes": entry.number("minutes", least=1),
        "validity_months": entry.number("validity_months", 0),
        "cycle_ends_on": entry.day("cycle_ends_on") if "cycle_ends_on" in entry.data else None,
        "cycle_years": entry.number("cycle_years", 1, least=1),
        "renewal_days": entry.number("renewal_days", RENEWAL_DAYS, least=1),
        "self_enrolment": entry.yes("self_enrolment", False),
    }
    entry.texts("items")
    entry.finish()
    return load_page(catalog, CoursePage, slug, fields, source_sha256=source_sha256, at=at, publish=False)


def _decimal(entry: Entry, key: str) -> Decimal:
    try:
        return Decimal(entry.text(key))
    except InvalidOperation:
        raise entry.problem('harus bilangan dalam tanda kutip, misalnya "4" atau "2.5".', key) from None
