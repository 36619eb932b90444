"""The lists of the rooms below that leave as files: who may take them, what their filter knows, what the trail says."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from certificates import listings as certificates
from certificates.forms_filters import BookFilter, EndedFilter, ExpiringFilter, RegisterFilter, UncertifiedFilter
from organisation import listings as people
from organisation.forms.audit import AuditFilter
from organisation.forms.people import PeopleFilter
from organisation.listings import Listing
from organisation.models import Role, Unit
from organisation.permissions import AUDITS, READS_LEARNING, READS_PEOPLE


@dataclass(frozen=True)
class ListFile:
    """``listed`` gives what an actor asked for, ``fields`` are the answers that it reads.

    ``verb`` is what the trail says of whoever takes the list away: an officer looks for it in who saw the own record.
    """

    listed: Callable[..., Listing]
    fields: tuple[str, ...]
    verb: str
    roles: tuple[Role, ...] = READS_LEARNING


# By the key of the file; reports/files.py has those of the reports.
LISTS = {
    "people": ListFile(people.people_listed, tuple(PeopleFilter.base_fields), "officers.exported", READS_PEOPLE),
    "audit": ListFile(people.trail_listed, tuple(AuditFilter.base_fields), "audit.exported", AUDITS),
    "certificates": ListFile(certificates.register_listed, tuple(RegisterFilter.base_fields), "certificate.exported"),
    "certificates-ending": ListFile(
        certificates.expiring_listed, tuple(ExpiringFilter.base_fields), "certificate.expiring_exported"
    ),
    "certificates-ended": ListFile(
        certificates.ended_listed, tuple(EndedFilter.base_fields), "certificate.ended_exported"
    ),
    "certificates-missing": ListFile(
        certificates.missing_listed, tuple(UncertifiedFilter.base_fields), "certificate.missing_exported"
    ),
    "numbers": ListFile(certificates.book_listed, ("seri", *BookFilter.base_fields), "number.book_exported"),
}
# Whoever may take any file at all.
TAKES_FILES = READS_PEOPLE


def roles_of(report: str) -> tuple[Role, ...]:
    """Who may have the file with this key."""
    return LISTS[report].roles if report in LISTS else READS_LEARNING


def verb_of(report: str, otherwise: str) -> str:
    """What the trail says when the file with this key leaves."""
    return LISTS[report].verb if report in LISTS else otherwise


def path_of(report: str, unit: Unit | None, roots: Sequence[Unit]) -> str:
    """Over which unit the trail notes this file: ``unit``, the one looked at.

    Of several ``roots`` together it is none, so that whoever serves below any of them finds the file in the own
    record. The trail itself is noted over the first, as its page is: else only who audits the whole tree saw it.
    """
    if unit is None and report == "audit":
        unit = next(iter(roots), None)
    return unit.path if unit else ""
