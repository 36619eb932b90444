"""{% attempt_lists as lists %}: the pages about attempts that the roles of the signed-in person open."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone

from organisation.permissions import grants_of
from quizzes.permissions import ACCOMMODATES, DECIDES_LATE, GRANTS_ATTEMPTS, ORDERS_REDO, RECORDS_OUTAGES, SEES_SITTINGS

register = template.Library()

LISTS = (
    ("habis", "used-up-attempts", "Percobaan habis", GRANTS_ATTEMPTS),
    ("riwayat", "sittings", "Semua percobaan", SEES_SITTINGS),
    ("terlambat", "late-answers", "Jawaban terlambat", DECIDES_LATE),
    ("akomodasi", "accommodations", "Akomodasi", ACCOMMODATES),
    ("gangguan", "outages", "Gangguan", RECORDS_OUTAGES),
    ("ulang", "redo-requests", "Mengulang", ORDERS_REDO),
)


@register.simple_tag(takes_context=True)
def attempt_lists(context: dict[str, Any]) -> list[dict[str, str]]:
    wanted = {role for _key, _name, _label, roles in LISTS for role in roles}
    grants = grants_of(context["request"].user, wanted, at=timezone.now())
    held = set(grants.values_list("role", flat=True))
    return [
        {"key": key, "url": reverse(name), "label": label}
        for key, name, label, roles in LISTS
        if held.intersection(roles)
    ]
