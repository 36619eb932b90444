"""Password hashing at a price that two cores can pay for a hall that signs in at once."""

from django.contrib.auth.hashers import Argon2PasswordHasher as DjangoArgon2PasswordHasher


class Argon2PasswordHasher(DjangoArgon2PasswordHasher):
    """Argon2id at OWASP's minimum: 19 MiB, two passes, one lane (TRUST.md §2)."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
