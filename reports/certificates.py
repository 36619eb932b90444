"""How many certificates stand behind the figures."""

from django.db.models import Q

from certificates.models import Certificate

from .core import Wanted, postings_wanted
from .scope import Scope


def valid_certificates(scope: Scope, wanted: Wanted) -> int:
    """Certificates in force today of the officers who stand below the unit looked at."""
    held = Certificate.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=scope.at),
        officer__in=postings_wanted(scope, wanted).values("officer"),
        revoked_at=None,
        replaced_by=None,
    )
    if wanted.course:
        held = held.filter(completion__course=wanted.course)
    return held.count()
