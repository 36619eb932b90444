"""How long a list may be to leave as an XLSX while a person waits for it."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# A second or two of writing; a CSV flows at any length.
XLSX_AT_ONCE = 2000


def too_long(request: HttpRequest, kind: str, rows: QuerySet) -> HttpResponse | None:
    """The refusal of an XLSX of more than ``XLSX_AT_ONCE`` rows, with the way to the CSV; None where it may be written.

    ``kind`` is the ending of the address: ``xlsx`` or ``csv``. No more rows are counted than it takes to know.
    """
    if kind != "xlsx" or rows[: XLSX_AT_ONCE + 1].count() <= XLSX_AT_ONCE:
        return None
    context = {"most": XLSX_AT_ONCE, "csv": request.get_full_path().replace(".xlsx", ".csv", 1)}
    return render(request, "sdm/too_long.html", context, status=422)
