"""Texts with named fields: ``{nama}`` is filled in, ``[ … ]`` is left out when a field inside it is empty."""

import re
from collections.abc import Collection, Mapping

from .exceptions import UnknownField

_FIELD = re.compile(r"\{([^{}]*)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


def check_fields(text: str, known: Collection[str]) -> None:
    """Raise UnknownField, naming each field of ``text`` that is not ``known`` and any brace left open."""
    unknown = sorted({name for name in _FIELD.findall(text) if name not in known})
    if unknown:
        shown = ", ".join(f"{{{name}}}" for name in unknown)
        offered = ", ".join(f"{{{name}}}" for name in known)
        raise UnknownField(f"Tidak dikenal: {shown}. Yang tersedia: {offered}.")
    rest = _FIELD.sub("", text)
    if "{" in rest or "}" in rest:
        raise UnknownField("Ada kurung kurawal yang tidak berpasangan. Tulis nama isian seperti {nama}.")
    if "[" in _OPTIONAL.sub("", rest) or "]" in _OPTIONAL.sub("", rest):
        raise UnknownField("Ada kurung siku yang tidak berpasangan. Bagian yang boleh hilang ditulis [seperti ini].")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return ``text`` with its fields filled in and blanks in a row made one."""

    def kept(match: re.Match[str]) -> str:
        inner = match.group(1)
        return inner if all(values[name] for name in _FIELD.findall(inner)) else ""

    chosen = _OPTIONAL.sub(kept, text)
    filled = _FIELD.sub(lambda match: values[match.group(1)], chosen)
    return re.sub(r"[ \t]+", " ", filled).strip()
