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
    held,
)
from programmes.permissions import MANAGES_PROGRAMMES

register = template.Library()

SDM = (Role.SDM,)
HEAD = (Role.HEAD,)
Entry = tuple[str, str, tuple[Role, ...]]
# (word, entries of (address, word, who sees it)). A group leads to the first of its entries that a person sees; an
# entry is current on every page below its address, and its group with it.
GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("Ringkasan", (("/sdm/", "Ringkasan", SDM), ("/satuan/", "Ringkasan", HEAD))),
    (
        "Penyelesaian",
        (
            ("/sdm/penyelesaian/", "Satuan dan pelatihan", READS_LEARNING),
            ("/sdm/penyelesaian/target/", "Terhadap target", READS_LEARNING),
            ("/sdm/penyelesaian/dampak/", "Dampak pelatihan", READS_LEARNING),
            ("/sdm/kesiapan/", "Kesiapan loket", READS_LEARNING),
            ("/sdm/matriks/", "Matriks", READS_LEARNING),
            ("/sdm/kedaluwarsa/", "Masa berlaku", READS_LEARNING),
            ("/sdm/jp/", "JP", READS_LEARNING),
            ("/sdm/laporan/", "Laporan saya", READS_LEARNING),
            ("/sdm/jp/target/", "Target JP", GRANTS_ROLES),
        ),
    ),
    (
        "Penagihan",
        (
            ("/sdm/penagihan/", "Lewat batas waktu", READS_LEARNING),
            ("/sdm/pengingat/", "Pengingat", READS_LEARNING),
            ("/sdm/pengingat/templat/", "Templat pengingat", GRANTS_ROLES),
        ),
    ),
    (
        "Penugasan",
        (
            ("/sdm/penugasan/", "Penugasan", SDM),
            ("/sdm/pengecualian/", "Pengecualian", APPROVES),
            ("/sdm/pengakuan/", "Pengakuan", APPROVES),
        ),
    ),
    (
        "Quick Wins",
        (
            ("/sdm/quick-wins/", "Angka", READS_LEARNING),
            ("/sdm/quick-wins/laporan/", "Laporan", READS_LEARNING),
            ("/sdm/program/", "Program", MANAGES_PROGRAMMES),
        ),
    ),
    (
        "Kuis dan sertifikat",
        (
            ("/sdm/sertifikat/", "Sertifikat", READS_LEARNING),
            ("/sdm/sertifikat/berakhir/", "Berakhir", READS_LEARNING),
            ("/sdm/sertifikat/dicabut/", "Dicabut, diganti", READS_LEARNING),
            ("/sdm/sertifikat/belum/", "Belum terbit", READS_LEARNING),
            ("/sdm/sertifikat/massal/", "ZIP, cetak, kirim", READS_LEARNING),
            ("/sdm/sertifikat/nomor/", "Nomor", READS_LEARNING),
            ("/sdm/percobaan/", "Percobaan", SDM),
            ("/sdm/percobaan/riwayat/", "Percobaan", HEAD),
            ("/sdm/hasil-lama/", "Hasil lama", GRANTS_ROLES),
        ),
    ),
    (
        "Personel",
        (
            ("/sdm/personel/", "Personel", READS_PEOPLE),
            ("/sdm/satuan/", "Satuan", MANAGES_UNITS),
            ("/sdm/slip/", "Slip aktivasi", MANAGES_PEOPLE),
            ("/sdm/peran/", "Peran", GRANTS_ROLES),
        ),
    ),
    ("Persetujuan", (("/sdm/persetujuan/", "Persetujuan", APPROVES), ("/sdm/audit/", "Audit", AUDITS))),
)
# Who is SDM and head reads SDM's larger pages; the head's phone page stays in the main navigation.
OF_HEADS_ALONE = ("/satuan/", "/sdm/percobaan/riwayat/")


@register.inclusion_tag("sdm/_tabs.html", takes_context=True)
def workspace_tabs(context: dict[str, Any]) -> dict[str, Any]:
    """{% workspace_tabs %}: what the roles of the signed-in person open: groups, and the entries of the current one."""
    request = context["request"]
    roles: set[str] = {grant.role for grant in held(request.user, Role, at=timezone.now())}
    shown = {word: [entry for entry in entries if _sees(roles, entry)] for word, entries in GROUPS}
    below = [url for entries in shown.values() for url, _word, _who in entries if request.path.startswith(url)]
    current = max(below, key=len, default="")
    tabs, second = [], []
    for word, entries in shown.items():
        if not entries:
            continue
        here = any(url == current for url, _word, _who in entries)
        # A group of one entry is called what it opens.
        label = entries[0][1] if len(entries) == 1 else word
        tabs.append({"url": entries[0][0], "label": label, "current": here})
        if here and len(entries) > 1:
            second = [{"url": url, "label": name, "current": url == current} for url, name, _who in entries]
    return {"tabs": tabs, "second": second, "group": next((tab["label"] for tab in tabs if tab["current"]), "")}


def _sees(roles: set[str], entry: Entry) -> bool:
    url, _word, who = entry
    return bool(roles & set(who)) and not (Role.SDM in roles and url in OF_HEADS_ALONE)
