"""Which passwords are refused, and why."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from organisation.hashers import Argon2PasswordHasher
from organisation.models import User

PERSON = User(login="85010001", name="Budi Santoso")


@pytest.mark.parametrize("password", ["kuda hijau melompat sungai", "x" * 20 + "yz" * 10, "Correct Horse Battery"])
def test_long_passwords_without_further_rules_are_taken(password):
    validate_password(password, PERSON)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("empat belas hr", "paling sedikit 15"),
        ("x" * 129, "paling banyak 128"),
        ("85010001850100018501", "mudah ditebak"),
        ("budisantosobudisantoso", "mudah ditebak"),
        ("polripresisibhayangkara", "mudah ditebak"),
        ("polres-polsek-2026-1234", "mudah ditebak"),
    ],
)
def test_a_refused_password_says_why(password, why):
    with pytest.raises(ValidationError) as refusal:
        validate_password(password, PERSON)

    assert why in " ".join(refusal.value.messages)


def test_a_hash_costs_what_two_cores_can_pay():
    hasher = Argon2PasswordHasher()

    encoded = hasher.encode("kuda hijau", hasher.salt())

    assert "$argon2id$v=19$m=19456,t=2,p=1$" in encoded
