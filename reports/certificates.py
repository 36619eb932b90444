"""How many certificates stand behind the figures, counted as the register counts them."""

from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlencode

from certificates.models import CertificateState
from certificates.models.rows import CertificateQuerySet
from certificates.permissions import certificates_for_actor

from .core import Wanted
from .counting import Counted
from .scope import Scope

REGISTER = "/sdm/sertifikat/"


def valid_certificates(scope: Scope, wanted: Wanted, counts: Counted | None = None) -> tuple[int, str]:
    """How many are, or were on the scope's day, in force of those earned in the unit looked at, and their register.

    The register knows unit and course; a filter by counter, rank or programme leaves this figure as it is. Of a whole
    unit only those that end this month are looked at one by one.
    """
    held = cast(CertificateQuerySet, certificates_for_actor(scope.actor, at=scope.now))
    if scope.day:
        held, query = held.in_force_on(scope.at), {"per": scope.day.isoformat()}
    else:
        held, query = held.in_state(CertificateState.VALID, at=scope.at), {"keadaan": CertificateState.VALID.value}
    if wanted.unit:
        held = held.filter(wanted.unit.subtree_of("unit_"))
        query["satuan"] = str(wanted.unit.pk)
    if wanted.course:
        held = held.filter(completion__course=wanted.course)
        query["pelatihan"] = str(wanted.course.pk)
    whole = 0
    if counts and not (counts.since or scope.day):
        now = scope.at.astimezone(UTC)
        later = datetime(now.year + now.month // 12, now.month % 12 + 1, 1, tzinfo=UTC)
        whole, held = counts.held_from(later.date()), held.filter(expires_at__lt=later)
    return whole + held.count(), f"{REGISTER}?{urlencode(query)}"
