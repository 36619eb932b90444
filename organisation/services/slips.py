"""Activation slips: printed once, used once, and the only way to a first or a new password."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from foundation import audit

from ..exceptions import ActivationRefused
from ..models import ActivationSlip, User
from ..numbers import clean_login
from . import accounts

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
LIFETIME = timedelta(days=14)
REFUSAL = (
    "NRP/NIP atau kode tidak cocok, sudah dipakai, atau sudah kedaluwarsa. "
    "Periksa slip Anda, atau minta slip baru kepada staf SDM."
)


@dataclass(frozen=True)
class PrintedSlip:
    """A slip on its way to paper: the only moment in which the code is known."""

    user: User
    code: str
    expires_at: datetime

    @property
    def groups(self) -> list[str]:
        return [self.code[i : i + 4] for i in range(0, CODE_LENGTH, 4)]


@transaction.atomic
def issue_slips(*, users: Iterable[User], actor, at: datetime) -> list[PrintedSlip]:
    """Issue a new slip for each user; open older ones no longer work. The codes are never shown again."""
    printed = [PrintedSlip(user, _new_code(), at + LIFETIME) for user in users]
    ids = [slip.user.pk for slip in printed]
    # In pieces: SQLite counts the values of a statement.
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        ActivationSlip.objects.filter(user__in=some, used_at=None, withdrawn_at=None).update(withdrawn_at=at)
    rows = ActivationSlip.objects.bulk_create(
        [
            ActivationSlip(
                user=slip.user,
                code_hash=code_hash(slip.user.pk, slip.code),
                issued_at=at,
                issued_by=actor,
                expires_at=slip.expires_at,
            )
            for slip in printed
        ],
        batch_size=500,
    )
    audit.record_many(
        audit.event(
            verb="slip.issued",
            actor=actor,
            at=at,
            obj=row,
            subject_id=row.user.officer_pk,
        )
        for row in rows
    )
    return printed


@transaction.atomic
def activate(*, login: str, code: str, password: str, at: datetime) -> User:
    """Set the password of the person behind ``login`` with a slip's code.

    Raises ActivationRefused with one sentence for an unknown login, a disabled account and a wrong,
    used or old code alike; ValidationError for a password that is refused, which does not use up the slip.
    """
    slip = (
        ActivationSlip.objects.select_for_update(of=("self",))
        .filter(user__login=clean_login(login), user__is_active=True, used_at=None, withdrawn_at=None)
        .select_related("user")
        .first()
    )
    expected = slip.code_hash if slip else ""
    matches = constant_time_compare(code_hash(slip.user_id if slip else 0, normalise(code)), expected)
    if slip is None or not matches or slip.expires_at <= at:
        raise ActivationRefused(REFUSAL)
    user = slip.user
    validate_password(password, user)
    if user.has_usable_password() and user.check_password(password):
        raise ValidationError("Pilih kata sandi yang berbeda dari kata sandi lama.")
    user.set_password(password)
    user.save(update_fields=["password"])
    ActivationSlip.objects.filter(pk=slip.pk).update(used_at=at)
    accounts.end_sessions(user=user)
    audit.record(
        verb="account.activated",
        actor=user,
        at=at,
        obj=slip,
        subject_id=user.officer_pk,
    )
    return user


def normalise(code: str) -> str:
    """Read a typed code kindly: case, spaces and hyphens do not count; I and L are 1, O is 0 (Crockford)."""
    kept = "".join(letter for letter in code.upper() if letter.isalnum())
    return kept.translate(str.maketrans("ILO", "110"))


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def code_hash(user_id: int, code: str) -> str:
    """A keyed hash is enough: the code has 60 random bits and lives for two weeks."""
    return salted_hmac("organisation.slip", f"{user_id}:{code}", algorithm="sha256").hexdigest()
