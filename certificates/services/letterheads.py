"""Keeping letterheads: a new one closes the old one and sets free what waited for it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from certificates.crests import clean_crest, kept
from certificates.exceptions import LetterheadRefused
from certificates.models import Certificate, UnitLetterhead
from certificates.models.letterhead import PRINTED_COLUMNS
from certificates.permissions import units_with_letterhead_for_actor
from foundation import audit
from organisation.models import Unit, User

from .issuing import ask_for_file, head


@transaction.atomic
def save_letterhead(
    *,
    unit: Unit,
    values: dict[str, Any],
    crest: bytes | None,
    drop_crest: bool = False,
    until: datetime | None = None,
    actor: User,
    at: datetime,
) -> UnitLetterhead:
    """Give ``unit`` a new letterhead from ``at`` on and set what waited for one. Raises LetterheadRefused.

    ``values`` are the columns of UnitLetterhead; ``crest`` the bytes of an uploaded picture, None to keep the old one.
    With ``until`` (a deputy signs) the letterhead that stands now comes back at that moment by itself.
    """
    if not units_with_letterhead_for_actor(actor, at=at).filter(pk=unit.pk).exists():
        raise LetterheadRefused("Satuan ini di luar kewenangan Anda.")
    # Lock first: two people saving at once must not both close the same row.
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    # The one that stays: under a deputy's that is the one to return.
    before = UnitLetterhead.objects.filter(unit=unit, valid_to=None).first()
    if until and (until <= at or not before):
        raise LetterheadRefused(
            "Hari terakhir harus sesudah hari ini."
            if before
            else "Satuan ini belum punya kop tetap untuk sesudahnya. Kosongkan hari terakhirnya."
        )
    letterhead = UnitLetterhead(unit=unit, valid_from=at, valid_to=until, **values)
    if before and not drop_crest:
        letterhead.crest = before.crest.name
    if crest is not None:
        letterhead.crest = kept(*clean_crest(crest))
    own = UnitLetterhead.objects.filter(unit=unit)
    # What was planned for later never comes into force: it ends as it begins.
    own.filter(valid_from__gt=at).update(valid_to=F("valid_from"))
    own.in_force(at=at).update(valid_to=at)
    letterhead.save()
    if until and before:
        _returns(before, at=until)
    set_free = _head_waiting(letterhead, at=at)
    audit.record(
        verb="letterhead.saved",
        actor=actor,
        at=at,
        obj=letterhead,
        unit_path=unit.path or "",
        detail={"signer": letterhead.signer_name, "certificates_set_free": set_free},
    )
    return letterhead


def _returns(letterhead: UnitLetterhead, *, at: datetime) -> None:
    letterhead.pk, letterhead.valid_from, letterhead.valid_to = None, at, None
    letterhead._state.adding = True
    letterhead.save()


def _head_waiting(letterhead: UnitLetterhead, *, at: datetime) -> int:
    """Give the new letterhead to every standing certificate below that waited for one; numbers and days stay."""
    waiting = Certificate.objects.standing().filter(letterhead.unit.subtree_of("unit__"), letterhead=None)
    count = 0
    for certificate in waiting.select_for_update(of=("self",)).iterator(chunk_size=500):
        head(certificate, letterhead)
        certificate.save(update_fields=["letterhead", "crest", *PRINTED_COLUMNS])
        ask_for_file(certificate, at=at)
        count += 1
    return count
