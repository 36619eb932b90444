"""Lists beside the register, each with its file: what ends when, what ended and by whom, what has no certificate."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from certificates import lists
from certificates.asked import missing_asked, zone_of
from certificates.forms_life import EndedFilter, ExpiringFilter, UnitFilter
from certificates.models import WorkKind
from certificates.permissions import (
    ASKS,
    certificates_for_actor,
    rulings_for_actor,
)
from certificates.services.working import rows_of
from foundation import audit
from foundation.downloads import too_long
from foundation.formats import date_medium
from foundation.spreadsheets import Cell, csv_response, xlsx_response
from organisation.decorators import fresh_login_required, role_required
from organisation.permissions import READS_LEARNING, has_role, units_for_actor

PAGE_SIZE = 50
ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class Listed:
    """What was asked for: the rows with their filter, and how they stand in a file."""

    key: str
    title: str
    form: UnitFilter
    rows: QuerySet[Any]
    header: Sequence[str]
    row: Callable[[Any], Sequence[Cell]]
    zone: str

    @property
    def file_rows(self) -> Iterable[Sequence[Cell]]:
        return (self.row(found) for found in self.rows.iterator(chunk_size=ROWS_AT_ONCE))


def _expiring(request, at) -> Listed:
    zone = zone_of(request.user, at=at)
    units = units_for_actor(request.user, at=at, roles=READS_LEARNING)
    form = ExpiringFilter({"masa": lists.NEXT} | request.GET.dict(), units=units, at=at, zone=zone)
    form.is_valid()
    wanted = form.cleaned_data
    rows = certificates_for_actor(request.user, at=at)
    rows = lists.expiring(rows, wanted.get("masa") or lists.NEXT, at=at, zone=zone)
    if course := wanted.get("pelatihan"):
        rows = rows.filter(completion__course=course)
    if unit := wanted.get("satuan"):
        rows = rows.filter(unit.subtree_of("unit_"))
    title = "Sertifikat yang berakhir masa berlakunya"
    return Listed("expiring", title, form, rows, lists.EXPIRING_HEADER, lists.expiring_row, zone)


def _ended(request, at) -> Listed:
    zone = zone_of(request.user, at=at)
    form = EndedFilter(request.GET, units=units_for_actor(request.user, at=at, roles=READS_LEARNING))
    form.is_valid()
    rows = lists.ended(rulings_for_actor(request.user, at=at), form.cleaned_data, zone=zone)
    title = "Sertifikat dicabut dan diganti"
    return Listed("ended", title, form, rows, lists.ENDED_HEADER, lists.ended_row, zone)


def _missing(request, at) -> Listed:
    form, rows = missing_asked(request.user, request.GET, at=at)
    rows = rows.select_related("rank", "unit", "course", "recognition").order_by("-completed_at", "-pk")
    title, zone = "Penyelesaian tanpa sertifikat", zone_of(request.user, at=at)
    return Listed("missing", title, form, rows, lists.UNCERTIFIED_HEADER, lists.uncertified_row, zone)


def _page(request, listed: Listed, template: str, *, at, **more):
    page = Paginator(listed.rows, PAGE_SIZE).get_page(request.GET.get("page"))
    audit.record(
        verb=f"certificate.{listed.key}_viewed", actor=request.user, at=at, detail={"count": page.paginator.count}
    )
    is_filtered = any(request.GET.get(name) for name in listed.form.fields)
    context = {"title": listed.title, "form": listed.form, "page": page, "is_filtered": is_filtered, **more}
    return render(request, template, context)


def _file(request, listed: Listed, kind: str, *, at):
    if kind not in ("xlsx", "csv"):
        raise Http404
    if refusal := too_long(request, kind, listed.rows):
        return refusal
    count = listed.rows.count()
    audit.record(
        verb=f"certificate.{listed.key}_exported", actor=request.user, at=at, detail={"kind": kind, "count": count}
    )
    name = f"{listed.title} {date_medium(at, listed.zone)}.{kind}"
    if kind == "csv":
        return csv_response(name, listed.header, listed.file_rows)
    about = {"Laporan": listed.title, "Keadaan": date_medium(at, listed.zone), "Diunduh oleh": request.user.name}
    return xlsx_response(name, listed.header, listed.file_rows, about=about)


@role_required(READS_LEARNING)
def expiring_list(request):
    now = timezone.now()
    return _page(request, _expiring(request, now), "certificates/expiring.html", at=now, now=now)


@role_required(READS_LEARNING)
@fresh_login_required
def expiring_export(request, kind):
    now = timezone.now()
    return _file(request, _expiring(request, now), kind, at=now)


@role_required(READS_LEARNING)
def ended_list(request):
    now = timezone.now()
    return _page(request, _ended(request, now), "certificates/ended.html", at=now)


@role_required(READS_LEARNING)
@fresh_login_required
def ended_export(request, kind):
    now = timezone.now()
    return _file(request, _ended(request, now), kind, at=now)


@role_required(READS_LEARNING)
def missing_list(request):
    now = timezone.now()
    listed = _missing(request, now)
    may_issue = has_role(request.user, ASKS, at=now)
    issuable = rows_of(WorkKind.ISSUE, request.user, request.GET, at=now).count() if may_issue else 0
    return _page(
        request,
        listed,
        "certificates/missing.html",
        at=now,
        may_issue=may_issue,
        issuable=issuable,
    )


@role_required(READS_LEARNING)
@fresh_login_required
def missing_export(request, kind):
    now = timezone.now()
    return _file(request, _missing(request, now), kind, at=now)
