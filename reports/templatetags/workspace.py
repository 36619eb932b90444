"""The sub-navigation of the staff pages: every room's templates under /sdm/ extend sdm/base.html, which draws it."""

from typing import Any

from django import template
from django.utils import timezone

from organisation.models import Role
from organisation.permissions import (
    APPROVES,
    AUDITS,
    GRANTS_ROLES,
    MANAGES_PEOPLE,
    MANAGES_UNITS,
    READS_LEARNING,
    READS_PEOPLE,
    grants_of,
)
from programmes.permissions import MANAGES_PROGRAMMES

register = template.Library()

SDM = (Role.SDM,)
# (address, word, who sees it). A tab is current on every page below its address.
TABS = (
    ("/sdm/", "Ringkasan", SDM),
    ("/satuan/", "Ringkasan", (Role.HEAD,)),
    ("/sdm/penagihan/", "Penagihan", READS_LEARNING),
    ("/sdm/pengingat/", "Pengingat", READS_LEARNING),
    ("/sdm/penyelesaian/", "Penyelesaian", READS_LEARNING),
    ("/sdm/matriks/", "Matriks", READS_LEARNING),
    ("/sdm/jp/", "JP", READS_LEARNING),
    ("/sdm/jp/target/", "Target JP", GRANTS_ROLES),
    ("/sdm/penugasan/", "Penugasan", SDM),
    ("/sdm/pengecualian/", "Pengecualian", APPROVES),
    ("/sdm/pengakuan/", "Pengakuan", APPROVES),
    ("/sdm/personel/", "Personel", READS_PEOPLE),
    ("/sdm/satuan/", "Satuan", MANAGES_UNITS),
    ("/sdm/sertifikat/", "Sertifikat", READS_LEARNING),
    ("/sdm/percobaan/", "Percobaan", SDM),
    ("/sdm/percobaan/riwayat/", "Percobaan", (Role.HEAD,)),
    ("/sdm/persetujuan/", "Persetujuan", APPROVES),
    ("/sdm/quick-wins/", "Quick Wins", READS_LEARNING),
    ("/sdm/slip/", "Slip aktivasi", MANAGES_PEOPLE),
    ("/sdm/audit/", "Audit", AUDITS),
    ("/sdm/peran/", "Peran", GRANTS_ROLES),
    ("/sdm/hasil-lama/", "Hasil lama", GRANTS_ROLES),
    ("/sdm/pengingat/templat/", "Pengingat", GRANTS_ROLES),
    ("/sdm/program/", "Program", MANAGES_PROGRAMMES),
)


@register.inclusion_tag("sdm/_tabs.html", takes_context=True)
def workspace_tabs(context: dict[str, Any]) -> dict[str, Any]:
    """{% workspace_tabs %}: the tabs that the roles of the signed-in person open."""
    request = context["request"]
    roles = set(grants_of(request.user, Role, at=timezone.now()).values_list("role", flat=True))
    shown = [(url, word) for url, word, who in TABS if roles & set(who)]
    if Role.SDM in roles:
        # Who is both reads the larger page; the head's phone page stays in the main navigation.
        shown = [(url, word) for url, word in shown if url not in ("/satuan/", "/sdm/percobaan/riwayat/")]
    longest = max((url for url, _word in shown if request.path.startswith(url)), key=len, default="")
    return {"tabs": [{"url": url, "label": word, "current": url == longest} for url, word in shown]}
