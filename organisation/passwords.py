"""Which passwords are refused, and the sentence that says why."""

import re

from django.core.exceptions import ValidationError

ONLY_FACTOR_LENGTH = 15
MAXIMUM_LENGTH = 128
LOCAL_WORDS = ("polri", "polisi", "polda", "polres", "polsek", "presisi", "bhayangkara", "tribrata", "indonesia")


class PasswordLengthValidator:
    """At least 15 characters, because for most people the password is the only factor (NIST SP 800-63B-4)."""

    def validate(self, password: str, user=None) -> None:
        if len(password) < ONLY_FACTOR_LENGTH:
            raise ValidationError(
                f"Kata sandi paling sedikit {ONLY_FACTOR_LENGTH} karakter. "
                "Empat kata acak mudah diingat dan cukup panjang."
            )
        if len(password) > MAXIMUM_LENGTH:
            raise ValidationError(f"Kata sandi paling banyak {MAXIMUM_LENGTH} karakter.")

    def get_help_text(self) -> str:
        return f"Paling sedikit {ONLY_FACTOR_LENGTH} karakter; boleh memakai spasi."


class LocalWordsValidator:
    """Refuse a password that is mostly the person's own number or name or a word of the house."""

    def validate(self, password: str, user=None) -> None:
        rest = password.casefold()
        own = [user.login, *user.name.casefold().split()] if user else []
        for word in (*own, *LOCAL_WORDS):
            if len(word) > 2:
                rest = rest.replace(word.casefold(), "")
        if len(re.sub(r"[\W\d_]", "", rest)) < 6:
            raise ValidationError(
                "Kata sandi terlalu mudah ditebak. Jangan hanya memakai NRP, nama, angka, atau kata seperti “polri”."
            )

    def get_help_text(self) -> str:
        return "Jangan hanya memakai NRP, nama, atau kata seperti “polri”."
