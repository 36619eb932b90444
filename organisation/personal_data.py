"""Everything held about one officer, for the officer: each app contributes its part.

An app registers a function in its ``AppConfig.ready``::

    @contributes("Percobaan kuis")
    def attempts(officer, *, at) -> list[dict]: ...

The answer is plain data (dict, list, str, number, date) with Indonesian keys; it goes into one JSON file.
"""

from collections.abc import Callable
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from foundation.audit_words import verb_in_words

from .access_log import events_about
from .models import Officer, User

Contributor = Callable[..., object]
_contributors: dict[str, Contributor] = {}


def contributes(title: str) -> Callable[[Contributor], Contributor]:
    """Register what ``contributor(officer, *, at)`` holds under ``title``."""

    def register(contributor: Contributor) -> Contributor:
        _contributors[title] = contributor
        return contributor

    return register


def everything_about(officer: Officer, *, at: datetime) -> dict[str, object]:
    """All parts, in the order of their registration."""
    return {title: contributor(officer, at=at) for title, contributor in _contributors.items()}


@contributes("Personel")
def identity(officer: Officer, *, at: datetime) -> dict:
    return {
        "nomor": officer.number,
        "jenis nomor": officer.get_number_kind_display(),
        "gelar depan": officer.name_prefix,
        "nama": officer.name,
        "gelar belakang": officer.name_suffix,
        "e-mail": officer.user.email,
        "dicatat": officer.created_at,
    }


@contributes("Penempatan")
def postings(officer: Officer, *, at: datetime) -> list[dict]:
    rows = officer.postings.select_related("unit", "rank").prefetch_related("functions")
    return [
        {
            "satuan": posting.unit.name,
            "pangkat": posting.rank.full,
            "jabatan": posting.post,
            "fungsi layanan": [function.name for function in posting.functions.all()],
            "sejak": posting.valid_from,
            "sampai": posting.valid_to,
        }
        for posting in rows
    ]


@contributes("Akun")
def account(officer: Officer, *, at: datetime) -> dict:
    user: User = officer.user
    return {
        "nama masuk": user.login,
        "aktif": user.is_active,
        "dibuat": user.date_joined,
        "terakhir masuk": user.last_login,
        "faktor kedua": [
            {"jenis": factor.type, "dipasang": factor.created_at, "terakhir dipakai": factor.last_used_at}
            for factor in Authenticator.objects.filter(user=user)
        ],
        "sesi": [
            {"alamat IP": row.ip, "peramban": row.user_agent, "mulai": row.created_at, "terlihat": row.last_seen_at}
            for row in UserSession.objects.filter(user=user)
        ],
        "peran": [
            {
                "peran": grant.get_role_display(),
                "satuan": grant.unit.name,
                "sejak": grant.valid_from,
                "sampai": grant.valid_to,
            }
            for grant in user.role_grants.select_related("unit")
        ],
        "slip aktivasi": [
            {"diterbitkan": slip.issued_at, "berlaku sampai": slip.expires_at, "dipakai": slip.used_at}
            for slip in user.slips.all()
        ],
    }


@contributes("Siapa melihat atau mengubah data")
def access(officer: Officer, *, at: datetime) -> list[dict]:
    return [
        {"waktu": event.at, "oleh": event.actor_name, "perbuatan": verb_in_words(event.verb)}
        for event in events_about(officer)
    ]
