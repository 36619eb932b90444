"""The PDF of a report, set by the limited press after each step of its way and kept as bytes."""

import hashlib
from itertools import islice

from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from certificates.models import UnitLetterhead
from certificates.rendering import store
from certificates.rendering.press import print_sheet
from certificates.services import neutral_heading
from foundation import outbox
from foundation.formats import number
from reports.models import ReportFile, ReportState, ReportStep

from .sheet import STATE_LABELS, amount_words, kept_sheet, target_words
from .submitting import PRINT

# More than these stand in the XLSX alone: a page holds about forty.
NAMES_PRINTED = 1000


def html_of(step: ReportStep) -> str:
    """The report as it stands after ``step``: figures and names of the newest submission, and who verified it."""
    report = step.report
    way = [one for one in report.steps.order_by("number") if one.number <= step.number]
    submitted = [one for one in way if one.state == ReportState.SUBMITTED][-1]
    submission = submitted.submission
    sheet = kept_sheet(submission)
    letterhead = UnitLetterhead.nearest_to(report.unit, at=submission.data_at)
    names = list(islice(sheet.names(None), NAMES_PRINTED + 1))
    for name in names:
        name.state_words = STATE_LABELS[name.state]  # type: ignore[attr-defined]
    rows = [
        {
            "line": line,
            "gain": amount_words_of_gain(line.figures),
            "targets": [
                {
                    "name": target.measure.label,
                    "target": target_words(target),
                    "value": amount_words(target.measure, target.value),
                    "met": {True: "tercapai", False: "belum tercapai", None: "belum ada data"}[target.met],
                }
                for target in line.targets
            ],
        }
        for line in [*sheet.activities, sheet.whole]
    ]
    context = {
        "heading": letterhead.heading if letterhead else neutral_heading(report.unit),
        "report": report,
        "step": step,
        "state": ReportState(step.state).label,
        "way": [one for one in way if one.number >= submitted.number],
        "submission": submission,
        "sheet": sheet,
        "rows": rows,
        "counters": sheet.counters_of(None),
        "names": names[:NAMES_PRINTED],
        "more_names": len(names) > NAMES_PRINTED,
        "names_printed": number(NAMES_PRINTED),
    }
    return render_to_string("reports/pdf/period_report.html", context)


def amount_words_of_gain(figures) -> str:
    """``54,2 ke 81,7``: the mean grades before and after; empty without both. (The fonts know no arrow.)"""
    if not figures.both:
        return ""
    return f"{number(figures.mean_before, 1)} ke {number(figures.mean_after, 1)}"


@outbox.handles(PRINT)
def print_report(payload: dict) -> None:
    """Set, store and record the PDF of one step. Doing it twice, or twice at once, leaves one file and one row."""
    step = ReportStep.objects.select_related("report__unit", "report__period__programme").get(pk=payload["step"])
    if ReportFile.objects.filter(step=step).exists():
        return
    sheet = print_sheet(html_of(step), crest=None, at=step.at, style="document")
    if sheet.refused:
        raise store.UnknownAddress(f"{len(sheet.refused)} alamat ditolak")
    digest = hashlib.sha256(sheet.pdf).hexdigest()
    stored = store.keep(f"reports/{step.at:%Y}/{step.report.uuid}-{step.number}-{digest[:12]}.pdf", sheet.pdf)
    row = {"sha256": digest, "size": len(sheet.pdf), "storage_name": stored, "created_at": timezone.now()}
    try:
        with transaction.atomic():
            ReportFile.objects.create(step=step, **row)
    except IntegrityError:
        # Another worker was quicker: its row stands, our copy of the bytes goes.
        storages["private"].delete(stored)
