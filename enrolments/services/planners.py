"""Telling who set a date for a page of the CMS that it cannot be kept: once, though it is tried every minute."""

from datetime import datetime

from django.db import IntegrityError
from django.urls import reverse
from wagtail.admin.admin_url_finder import AdminURLFinder

from courses.exceptions import PageRefused
from enrolments.wording import MessageKind
from foundation.formats import datetime_zone, greeting
from organisation.models import User
from organisation.zones import place_of

from .notifying import Draft, write, written_keys
from .reminding import current_templates


def tell_planner(*, planner: User, refusal: PageRefused, planned_for: datetime, ends: bool, at: datetime) -> bool:
    """Say why the page was not published, or did not end, at ``planned_for``; whether that was news.

    Nobody is told who has an account no more or no place in the tree: it stays in the log of the server.
    """
    page, unit = refusal.page, place_of(planner)
    key = f"date-{page._meta.model_name}-{page.pk}-{planned_for.timestamp():.0f}"
    if unit is None or not planner.is_active or written_keys([key]):
        return False
    values = {
        "salam": greeting(at, unit.zone),
        "nama": planner.name,
        "kabar": "Tanggal berakhir tertunda" if ends else "Tanggal terbit tertunda",
        "halaman": page.title,
        "tanggal": datetime_zone(planned_for, unit.zone),
        "sebab": " ".join(refusal.problems),
    }
    draft = Draft(
        key=key,
        template=current_templates()[MessageKind.DATE_REFUSED],
        values=values,
        recipient=planner,
        unit=unit,
        url=AdminURLFinder(planner).get_edit_url(page) or reverse("wagtailadmin_home"),
    )
    try:
        write([draft], at=at)
    except IntegrityError:
        # Another tick was quicker.
        return False
    return True
