"""Keeping letterheads: a new one closes the old one and sets free what waited for it."""

from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction

from certificates.crests import clean_crest
from certificates.exceptions import LetterheadRefused
from certificates.models import Certificate, UnitLetterhead
from certificates.models.letterhead import PRINTED_COLUMNS
from certificates.permissions import units_with_letterhead_for_actor
from foundation import audit
from organisation.models import Unit, User

from .issuing import ask_for_file, head


@transaction.atomic
def save_letterhead(
    *, unit: Unit, values: dict[str, str], crest: bytes | None, drop_crest: bool = False, actor: User, at: datetime
) -> UnitLetterhead:
    """Give ``unit`` a new letterhead from ``at`` on and set what waited for one. Raises LetterheadRefused.

    ``values`` are the columns of UnitLetterhead; ``crest`` the bytes of an uploaded picture, None to keep the old one.
    """
    if not units_with_letterhead_for_actor(actor, at=at).filter(pk=unit.pk).exists():
        raise LetterheadRefused("Satuan ini di luar kewenangan Anda.")
    # Lock first: two people saving at once must not both close the same row.
    Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    before = UnitLetterhead.objects.filter(unit=unit, valid_to=None).first()
    letterhead = UnitLetterhead(unit=unit, valid_from=at, **values)
    if before and not drop_crest:
        letterhead.crest = before.crest.name
    if crest is not None:
        name, content = clean_crest(crest)
        storage = UnitLetterhead._meta.get_field("crest").storage
        path = f"crests/{name}"
        # Named by its content: certificates already issued keep pointing at the picture they were printed with.
        letterhead.crest = path if storage.exists(path) else storage.save(path, ContentFile(content))
    if before:
        UnitLetterhead.objects.filter(pk=before.pk).update(valid_to=at)
    letterhead.save()
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


def _head_waiting(letterhead: UnitLetterhead, *, at: datetime) -> int:
    """Give the new letterhead to every certificate below that waited for one; numbers and days stay."""
    waiting = Certificate.objects.filter(letterhead.unit.subtree_of("unit__"), letterhead=None)
    count = 0
    for certificate in waiting.select_for_update(of=("self",)).iterator(chunk_size=500):
        head(certificate, letterhead)
        certificate.save(update_fields=["letterhead", "crest", *PRINTED_COLUMNS])
        ask_for_file(certificate, at=at)
        count += 1
    return count
