"""An uploaded file between its preview and its confirmation: kept privately, applied once, then forgotten."""

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Q

from foundation.due import due
from foundation.spreadsheets import SpreadsheetRefused, read_rows

from ..exceptions import ImportRefused
from ..models import ImportKind, Posting, RosterImport
from ..services import told
from .columns import Problem
from .officers import OfficerPlan, import_officers, plan_officers
from .units import import_units, plan_units

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(hours=24)


class Plan(Protocol):
    """What a file would do: counts for the tiles, bad rows, and rows by what happens to them."""

    problems: list[Problem]
    missing: list

    @property
    def counts(self) -> dict[str, int]: ...

    @property
    def does_something(self) -> bool: ...


# A room above adds its own kinds.
PLANNERS: dict[str, Callable[..., Plan]] = {ImportKind.OFFICERS: plan_officers, ImportKind.UNITS: plan_units}
APPLIERS: dict[str, Callable[..., Plan]] = {ImportKind.OFFICERS: import_officers, ImportKind.UNITS: import_units}


def table(file, *, name: str) -> list[list[str]]:
    """Read a file's rows. Raises ImportRefused with a sentence when it is not a readable table."""
    try:
        return read_rows(file, name=name)
    except SpreadsheetRefused as refusal:
        raise ImportRefused(str(refusal))


def stage_upload(*, file, kind: ImportKind, actor, at: datetime) -> RosterImport:
    """Keep an uploaded file for its preview. Raises ImportRefused when it cannot be read or has no header."""
    plan = PLANNERS[kind](table(file, name=file.name), actor=actor, at=at)
    file.seek(0)
    content = file.read()
    row = RosterImport(
        kind=kind,
        file_name=file.name[:255],
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=actor,
        uploaded_at=at,
        counts=plan.counts,
    )
    row.storage_name = storages["private"].save(f"imports/{row.uuid}", ContentFile(content))
    row.save()
    return row


def first_missing(plan: Plan, most: int) -> list:
    """The first of what stands in the units of the file and is not in the file."""
    if isinstance(plan, OfficerPlan):
        return list(Posting.objects.filter(pk__in=plan.missing[:most]).for_officer_list())
    return plan.missing[:most]


def roles_ended(plan: Plan) -> str:
    """Which roles ended with the moves of a roster, in a sentence; empty where none did."""
    rows = plan.roles if isinstance(plan, OfficerPlan) else []
    return told([f"{row.does} ({row.name})" for row in rows])


def preview(*, upload: RosterImport, at: datetime) -> Plan:
    """What the file would do now. Raises ImportRefused when the file is gone or was altered."""
    return PLANNERS[upload.kind](_rows(upload), actor=upload.uploaded_by, at=at)


def confirm(*, upload: RosterImport, at: datetime, **given: Any) -> Plan:
    """Apply exactly the file that was previewed, once. Raises ImportRefused, and then nothing is written.

    ``given`` is what the kind of file asks for besides, when it is confirmed.
    """
    rows = _rows(upload)
    with transaction.atomic():
        # The first confirmation takes the row; a second click finds it taken.
        if not RosterImport.objects.filter(pk=upload.pk, applied_at=None).update(applied_at=at):
            raise ImportRefused("Berkas ini sudah diterapkan.")
        plan = APPLIERS[upload.kind](rows, actor=upload.uploaded_by, at=at, **given)
        RosterImport.objects.filter(pk=upload.pk).update(counts=plan.counts, storage_name="")
    storages["private"].delete(upload.storage_name)
    return plan


@due("organisation.uploads")
def forget_uploads(*, at: datetime) -> int:
    """Delete files that nobody confirmed within a day; the row stays as the record."""
    stale = RosterImport.objects.filter(~Q(storage_name=""), uploaded_at__lt=at - KEPT_FOR)
    for upload in stale:
        storages["private"].delete(upload.storage_name)
    return stale.update(storage_name="")


def _rows(upload: RosterImport) -> list[list[str]]:
    if not upload.storage_name:
        raise ImportRefused("Berkas ini sudah tidak disimpan. Unggah lagi berkasnya.")
    with storages["private"].open(upload.storage_name) as file:
        content = file.read()
        if hashlib.sha256(content).hexdigest() != upload.sha256:
            logger.error("import %s: the stored file differs from the uploaded one", upload.pk)
            raise ImportRefused("Berkas yang disimpan rusak. Unggah lagi berkasnya.")
        file.seek(0)
        return table(file, name=upload.file_name)
