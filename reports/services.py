"""What reading leaves behind: who looked at whose learning, and who took a list away."""

from foundation import audit
from organisation.models import Officer, Unit

from .core import Wanted
from .files import File
from .lists import path_of, verb_of
from .models.files import CSV
from .scope import Scope


def _filter_of(wanted: Wanted) -> dict[str, str]:
    # The name somebody searched for is personal; that they searched is enough.
    return {**wanted.but(search="").parameters(), **({"q": "…"} if wanted.search else {})}


def record_list_view(*, scope: Scope, report: str, wanted: Wanted, unit: Unit | None) -> None:
    """A list of names was shown: one event, with the filter and without the names."""
    detail = {"report": report, "filter": _filter_of(wanted)}
    audit.record(
        verb="report.viewed", actor=scope.actor, at=scope.now, unit_path=unit.path if unit else "", detail=detail
    )


def record_file(made: File, *, report: str, kind: str) -> None:
    """``made`` left the platform."""
    scope, wanted = made.scope, made.wanted
    # What begins to flow before it was counted is noted without a number; the event must not come after the rows.
    flows = kind == CSV and callable(made.length)
    detail = {
        "report": report,
        "title": made.title,
        "kind": kind,
        "rows": None if flows else made.count,
        "filter": {**_filter_of(wanted), **made.noted},
    }
    verb, path = verb_of(report, "report.exported"), path_of(report, wanted.unit, scope.roots)
    audit.record(verb=verb, actor=scope.actor, at=scope.now, unit_path=path, detail=detail)


def record_rows_export(*, scope: Scope, report: str, wanted: Wanted, kind: str, rows: int) -> None:
    """A list left the platform as a file that is none of reports.files."""
    detail = {"report": report, "kind": kind, "rows": rows, "filter": _filter_of(wanted)}
    path = wanted.unit.path if wanted.unit else ""
    audit.record(verb="report.exported", actor=scope.actor, at=scope.now, unit_path=path, detail=detail)


def record_transcript_export(*, scope: Scope, officer: Officer, unit: Unit, rows: int) -> None:
    """The ledger of another person left the platform as a file."""
    audit.record(
        verb="report.exported",
        actor=scope.actor,
        at=scope.now,
        obj=officer,
        subject_id=officer.pk,
        unit_path=unit.path,
        detail={"report": "transcript", "kind": "pdf", "rows": rows},
    )


def record_learning_view(*, scope: Scope, officer: Officer, unit: Unit) -> None:
    """Somebody opened the learning record of another person."""
    audit.record(
        verb="learning.viewed", actor=scope.actor, at=scope.now, obj=officer, subject_id=officer.pk, unit_path=unit.path
    )
