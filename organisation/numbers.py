"""NRP and NIP: text of 8 or 18 digits, however people type them."""

import re

from .models import NumberKind


def clean_number(text: str) -> str:
    """Strip what people put between the digits of a number: spaces, dots, hyphens, a leading apostrophe."""
    return re.sub(r"[\s.\-'’`]", "", text)


def clean_login(text: str) -> str:
    """What somebody typed as login: a number without its spaces, any other name as it stands."""
    number = clean_number(text)
    return number if number.isdigit() else text.strip()


def officer_number(text: str) -> tuple[str, NumberKind]:
    """Return the number and its kind. Raises ValueError with a sentence that says what to do."""
    # A spreadsheet that holds the number as a number may write it as 85010001.0.
    number = clean_number(re.sub(r"\.0+$", "", text.strip()))
    if re.fullmatch(r"[0-9]{8}", number):
        return number, NumberKind.NRP
    if re.fullmatch(r"[0-9]{18}", number):
        return number, NumberKind.NIP
    if not number:
        raise ValueError("NRP/NIP kosong. Isi NRP (8 digit) atau NIP (18 digit).")
    if re.fullmatch(r"[0-9]\.?[0-9]*[eE]\+?[0-9]+", text.strip().replace(",", ".")):
        raise ValueError(
            f"“{text}” ditulis Excel sebagai angka ilmiah. "
            "Ubah format kolom menjadi Teks, lalu ketik ulang 18 digit NIP."
        )
    if not number.isdigit():
        raise ValueError(f"NRP harus 8 digit angka dan NIP 18 digit angka; “{text}” memuat huruf atau tanda lain.")
    if len(number) < 8:
        raise ValueError(
            f"NRP harus 8 digit angka; “{text}” hanya {len(number)} digit. Nol di depan hilang? "
            f"Ubah format kolom menjadi Teks, lalu tulis {number.zfill(8)}."
        )
    raise ValueError(f"NRP harus 8 digit angka dan NIP 18 digit angka; “{text}” berisi {len(number)} digit.")
