"""The public id of a certificate: 80 random bits and a check character that people can type from paper.

Sixteen Crockford base32 characters (no I, L, O, U) and a seventeenth from the same alphabet. The
check is a weighted sum in the field of 32 elements whose weights all differ, so one wrong character
and any two swapped ones are always noticed.
"""

import secrets

from .exceptions import MistypedIdentifier

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
VALUES = {character: value for value, character in enumerate(ALPHABET)}
RANDOM_CHARACTERS = 16
LENGTH = RANDOM_CHARACTERS + 1
# What hands write and eyes read for one another.
READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
IGNORED = str.maketrans("", "", " -\u2010\u2011\u2012\u2013\u2014\u2212\u00a0\t.")
MODULUS = 0b100101  # x⁵ + x² + 1, irreducible: multiplying modulo it makes 5 bits a field.


def _times_two(value: int) -> int:
    doubled = value << 1
    return doubled ^ MODULUS if doubled & 0b100000 else doubled


def check_character(characters: str) -> str:
    """Return the check character of the sixteen before it."""
    total = 0
    for character in characters:
        # Horner's scheme: the first character ends with the highest power of two, each with its own.
        total = _times_two(total ^ VALUES[character])
    return ALPHABET[total]


def new_identifier() -> str:
    """Return a new id of 17 characters without hyphens."""
    characters = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    return characters + check_character(characters)


def normalise(typed: str) -> str:
    """Return the id that was meant: case, blanks, hyphens and I, L, O do not matter. Raises MistypedIdentifier."""
    characters = typed.strip().upper().translate(IGNORED).translate(READ_AS)
    if strange := sorted({character for character in characters if character not in VALUES}):
        shown = ", ".join(strange[:5])
        raise MistypedIdentifier(f"Tanda {shown} tidak dipakai dalam kode sertifikat. Periksa lagi pada kertas Anda.")
    if len(characters) != LENGTH:
        raise MistypedIdentifier(
            f"Kode sertifikat terdiri dari {LENGTH} huruf dan angka; yang Anda ketik {len(characters)}."
        )
    if check_character(characters[:-1]) != characters[-1]:
        raise MistypedIdentifier(
            "Kode ini salah ketik: ada huruf yang keliru atau tertukar. Periksa lagi pada kertas Anda."
        )
    return characters


def grouped(identifier: str) -> str:
    """Return ``7K3M-Q9TX-4D2R-8VWA-K``, as it is printed and stands in addresses."""
    return "-".join(identifier[i : i + 4] for i in range(0, len(identifier), 4))
