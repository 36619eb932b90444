"""“Plh. Pimpinan satuan Polres Contoh”: in which capacity somebody acted, read from the dated grants.

Grants are never deleted and never dated back, so what was true on a day is still read rightly years later.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime

from .models import RoleGrant

# (user id, moment, path of the unit concerned or "") → words
Named = Callable[[int | None, datetime, str], str]


def capacities(users: Iterable[int | None]) -> Named:
    """Read once in which deputy's capacity ``users`` ever acted; the answer is asked per act.

    An act that concerns no unit is named by any deputy's role held then.
    """
    held: dict[int, list[RoleGrant]] = defaultdict(list)
    rows = RoleGrant.objects.of_deputies().filter(user__in={user for user in users if user}).select_related("unit")
    for grant in rows.order_by("valid_from"):
        held[grant.user_id].append(grant)

    def words(user: int | None, at: datetime, unit_path: str = "") -> str:
        return next(
            (
                f"{grant.title} {grant.unit.short_name}"
                for grant in held.get(user or 0, ())
                if grant.valid_from <= at
                and (grant.valid_to is None or grant.valid_to > at)
                and unit_path.startswith(grant.unit.path if unit_path else "")
            ),
            "",
        )

    return words


def signed(name: str, capacity: str) -> str:
    """``Budi Santoso (Plh. Pimpinan satuan Polres Contoh)``."""
    return f"{name} ({capacity})" if capacity else name


def signature_of(user, *, at: datetime, unit_path: str = "") -> str:
    """The name of ``user`` as it stands under a report or an act over the unit at ``unit_path``."""
    return signed(user.name, capacities([user.pk])(user.pk, at, unit_path))
