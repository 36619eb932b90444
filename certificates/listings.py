"""The lists of certificates and numbers as an actor asked for them: the same for the page, its file, and a worker."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from foundation.formats import date_medium
from foundation.paging import in_pieces
from organisation.listings import Listing
from organisation.permissions import READS_LEARNING, units_for_actor

from . import book, lists
from .asked import missing_asked, register_asked, zone_of
from .forms_filters import BookFilter, EndedFilter, ExpiringFilter
from .models import NumberSeries
from .permissions import certificates_for_actor, rulings_for_actor, series_for_actor
from .register import EXPORT_HEADER, export_row


def register_listed(actor, data: Mapping[str, Any], *, at: datetime) -> Listing:
    form, rows = register_asked(actor, data, at=at)
    day = form.cleaned_data.get("per")
    title = f"Sertifikat yang berlaku per {date_medium(day)}" if day else "Sertifikat"
    return _listed(title, form, rows.for_register(), EXPORT_HEADER, _at(export_row, at), actor, at)


def expiring_listed(actor, data: Mapping[str, Any], *, at: datetime) -> Listing:
    zone = zone_of(actor, at=at)
    units = units_for_actor(actor, at=at, roles=READS_LEARNING)
    form = ExpiringFilter({"masa": lists.NEXT} | dict(data.items()), units=units, at=at, zone=zone)
    form.is_valid()
    wanted = form.cleaned_data
    mine: Any = certificates_for_actor(actor, at=at)
    rows = lists.expiring(mine, wanted.get("masa") or lists.NEXT, at=at, zone=zone)
    if course := wanted.get("pelatihan"):
        rows = rows.filter(completion__course=course)
    if unit := wanted.get("satuan"):
        rows = rows.filter(unit.subtree_of("unit_"))
    title = "Sertifikat yang berakhir masa berlakunya"
    return _listed(title, form, rows, lists.EXPIRING_HEADER, lists.expiring_row, actor, at)


def ended_listed(actor, data: Mapping[str, Any], *, at: datetime) -> Listing:
    form = EndedFilter(data, units=units_for_actor(actor, at=at, roles=READS_LEARNING))
    form.is_valid()
    mine: Any = rulings_for_actor(actor, at=at)
    rows = lists.ended(mine, form.cleaned_data, zone=zone_of(actor, at=at))
    return _listed("Sertifikat dicabut dan diganti", form, rows, lists.ENDED_HEADER, lists.ended_row, actor, at)


def missing_listed(actor, data: Mapping[str, Any], *, at: datetime) -> Listing:
    form, rows = missing_asked(actor, data, at=at)
    rows = rows.select_related("rank", "unit", "course", "recognition").order_by("-completed_at", "-pk")
    title = "Penyelesaian tanpa sertifikat"
    return _listed(title, form, rows, lists.UNCERTIFIED_HEADER, lists.uncertified_row, actor, at)


def _at(row, at: datetime):
    return lambda found: row(found, at=at)


def _listed(title: str, form, rows: QuerySet[Any], header, row, actor, at: datetime) -> Listing:
    zone = zone_of(actor, at=at)
    unit = getattr(form, "cleaned_data", {}).get("satuan")
    name = f"{title} {date_medium(at, zone)}"
    return Listing(title, name, form, rows, header, lambda: map(row, in_pieces(rows)), unit, zone)


def book_listed(actor, data: Mapping[str, Any], *, at: datetime) -> Listing:
    """The book of the series ``data["seri"]``. Raises Http404 for one that ``actor`` does not read."""
    series = series_for_actor(actor, at=at).filter(pk=data["seri"]).first()
    if series is None:
        raise Http404
    form, numbers = book_asked(series, data)
    title = f"Buku nomor {series}"
    return Listing(
        title,
        f"{title} {date_medium(at, series.unit.zone)}",
        form,
        numbers,
        book.HEADER,
        lambda: map(book.export_row, book.all_entries(series, numbers, at=at)),
        series.unit,
        series.unit.zone,
    )


def book_asked(series: NumberSeries, data: Mapping[str, Any]) -> tuple[BookFilter, QuerySet[Any]]:
    """The filter of a book and the running numbers that it leaves."""
    form = BookFilter(data)
    wanted = form.cleaned_data if form.is_valid() else {}
    return form, book.sequences(series, text=wanted.get("cari", ""), state=wanted.get("keadaan", ""))
