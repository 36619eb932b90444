"""Who may do what: every address × every role against the answer.

Each app lists its addresses in ``tests/<app>/who_may.py``::

    from tests.who_may import Row, everyone

    ROWS = [
        Row(
            "personel: daftar",
            url=lambda world: "/sdm/personel/",
            answers=everyone(403, visitor=302, sdm=200, upper_sdm=200, foreign_sdm=200, administrator=200),
        ),
        Row(
            "personel: catat mutasi",
            url=lambda world: f"/sdm/personel/{world.officer.uuid}/mutasi/",
            method="post",
            data=lambda world: {"unit": world.other_polsek.pk},
            answers=everyone(404, visitor=302, sdm=302, upper_sdm=302, administrator=302),
        ),
    ]

``url`` and ``data`` get the ``World`` (world.py) and may make what else they need with the factories;
``url`` once per row, ``data`` once per question, and what they made is gone afterwards.
``tests/test_who_may.py`` asks each row once per role, signed in a moment ago and with the second factor not
asked for, and fails for an address without a row.
"""

from collections.abc import Callable
from dataclasses import dataclass

ROLES = (
    "visitor",
    "officer",  # owns world.enrolment and so on; posted at world.polsek
    "colleague",  # same unit as the officer
    "foreign_officer",  # of world.foreign_polsek, under another Polres
    "head",  # over world.polres
    "trainer",  # over world.polda, as content is for everybody below
    "reviewer",  # over world.polda
    "sdm",  # over world.polres
    "upper_sdm",  # over world.polda
    "foreign_sdm",  # over world.foreign_polres
    "administrator",  # over world.polda; no officer
)


@dataclass(frozen=True)
class Row:
    """One address, asked with one method. ``answers`` maps each role to the HTTP status it must get."""

    name: str
    url: Callable
    answers: dict[str, int]
    method: str = "get"
    data: Callable | dict | None = None


def everyone(status: int, **but: int) -> dict[str, int]:
    """``status`` for every role except those named with their own."""
    unknown = but.keys() - set(ROLES)
    if unknown:
        raise ValueError(f"no such role: {', '.join(sorted(unknown))}")
    return dict.fromkeys(ROLES, status) | but
