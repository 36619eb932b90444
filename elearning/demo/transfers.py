"""Transfers of last week: whoever came to a counter owes what is ordered there, whoever left it does not any more."""

from datetime import datetime, timedelta

from enrolments import services
from organisation.models import Officer, Posting, ServiceFunction, Unit
from organisation.services import change_posting

# From where, to where, to which counter (none: away from the counters), how many.
MOVES = [
    ("PC-SATBINMAS", "PC-SPKT", "spkt", 3),
    ("PC-SATRESKRIM", "POLSEK-UTARA", "skck", 2),
    ("POLSEK-BARAT", "PC-SATBINMAS", "", 4),
]


def move_some(units: dict[str, Unit], people: dict[str, Officer], *, now: datetime) -> None:
    at = now - timedelta(days=6)
    standing = Posting.objects.filter(valid_to=None).exclude(officer__in=[officer.pk for officer in people.values()])
    for origin, goal, counter, number in MOVES:
        # Whoever comes to a counter did not serve at one, whoever leaves one did.
        those = standing.filter(unit=units[origin], functions__isnull=bool(counter)).distinct().order_by("officer")
        for posting in those.select_related("officer", "rank")[:number]:
            change_posting(
                officer=posting.officer,
                actor=people["sdm"].user,
                at=at,
                unit=units[goal],
                rank=posting.rank,
                functions=ServiceFunction.objects.filter(code=counter),
            )
    services.follow_moves(at=at + timedelta(minutes=1))
