"""Reading content files so that every problem names file, line, place and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from courses.exceptions import ContentFileError


class _Mapping(dict):
    """A mapping that remembers the line it starts on."""

    line = 0


class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """libyaml is ten times as quick where it is there; both build plain values only."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> _Mapping:
    mapping = _Mapping()
    mapping.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in mapping:
            raise yaml.constructor.ConstructorError(
                None, None, f"kunci “{key}” tertulis dua kali; hapus salah satunya", key_node.start_mark
            )
        mapping[key] = loader.construct_object(value_node, deep=True)
    return mapping


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


@dataclass
class Entry:
    """One mapping of a content file. Each reader takes a key; ``finish`` refuses keys nobody read."""

    data: _Mapping
    file: str
    sha256: str = ""
    path: str = ""
    read: set[str] = field(default_factory=set)

    def problem(self, sentence: str, key: str = "") -> ContentFileError:
        place = ".".join(part for part in (self.path, key) if part)
        return ContentFileError(f"{self.file}, baris {self.data.line}{f', {place}' if place else ''}: {sentence}")

    def _value(self, key: str, default: Any) -> Any:
        self.read.add(key)
        value = self.data.get(key)
        if value is None:
            if default is ...:
                raise self.problem("wajib diisi.", key)
            return default
        return value

    def text(self, key: str, default: Any = ..., *, longest: int | None = None) -> str:
        value = self._value(key, default)
        if not isinstance(value, str):
            raise self.problem("harus teks; beri tanda kutip.", key)
        value = value.strip()
        if not value and default is ...:
            raise self.problem("tidak boleh kosong.", key)
        if longest and len(value) > longest:
            raise self.problem(f"terlalu panjang: {len(value)} karakter, paling banyak {longest}.", key)
        return value

    def number(self, key: str, default: Any = ..., *, least: int = 0) -> int:
        value = self._value(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise self.problem(f"harus bilangan bulat, paling kecil {least}.", key)
        return value

    def fraction(self, key: str, default: Any = ..., *, least: float = -1, most: float = 1) -> float:
        value = self._value(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise self.problem(f"harus bilangan antara {least:g} dan {most:g}.", key)
        return float(value)

    def decimal(
        self, key: str, default: Any = ..., *, least: Decimal | None = None, most: Decimal | None = None
    ) -> Decimal:
        value = self._value(key, default)
        try:
            exact = Decimal("x" if isinstance(value, bool) else str(value))
        except InvalidOperation:
            exact = Decimal("NaN")
        if not exact.is_finite() or (least is not None and exact < least) or (most is not None and exact > most):
            between = f" antara {least} dan {most}" if least is not None and most is not None else ""
            raise self.problem(f"harus bilangan{between}, misalnya 0.5.", key)
        return exact

    def yes(self, key: str, default: Any = ...) -> bool:
        value = self._value(key, default)
        if not isinstance(value, bool):
            raise self.problem("harus true atau false.", key)
        return value

    def day(self, key: str, default: Any = ...) -> date:
        value = self._value(key, default)
        if not isinstance(value, date):
            raise self.problem("harus tanggal, misalnya 2026-11-03.", key)
        return value

    def moment(self, key: str, default: Any = ...) -> datetime | None:
        """A day and hour; YAML reads one with an offset, and what has none would mean another hour elsewhere."""
        value = self._value(key, default)
        if value is None:
            return None
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise self.problem("harus hari dan jam dengan zona, misalnya 2026-12-01T08:00:00+07:00.", key)
        return value

    def one_of(self, key: str, allowed: list[str], default: Any = ...) -> str:
        value = self._value(key, default)
        if value not in allowed and value != default:
            raise self.problem(f"“{value}” tidak dikenal; pilih salah satu: {', '.join(allowed)}.", key)
        return value

    def texts(self, key: str, default: Any = ...) -> list[str]:
        value = self._value(key, default)
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise self.problem("harus daftar teks, satu baris satu butir.", key)
        return [item.strip() for item in value]

    def rows(self, key: str, *, width: int) -> list[list[str]]:
        value = self._value(key, ...)
        for number, row in enumerate(value if isinstance(value, list) else [None], start=1):
            if not isinstance(row, list) or len(row) != width or not all(isinstance(cell, str) for cell in row):
                raise self.problem(f"baris tabel {number} harus berisi {width} teks.", key)
        return value

    def entry(self, key: str) -> "Entry":
        return self._nested(self._value(key, ...), key)

    def entries(self, key: str, default: Any = ...) -> list["Entry"]:
        value = self._value(key, default)
        if value == default:
            return []
        if not isinstance(value, list) or not value:
            raise self.problem("harus daftar yang tidak kosong.", key)
        return [self._nested(item, f"{key}[{number}]") for number, item in enumerate(value, start=1)]

    def _nested(self, value: Any, key: str) -> "Entry":
        if not isinstance(value, _Mapping):
            raise self.problem("harus berisi pasangan kunci: nilai.", key)
        return Entry(value, self.file, path=f"{self.path}.{key}".lstrip("."))

    def finish(self) -> None:
        """Refuse what nobody asked for: a misspelt key would silently be lost."""
        if unknown := sorted(str(key) for key in self.data.keys() - self.read):
            raise self.problem(f"kunci tidak dikenal: {', '.join(unknown)}. Periksa ejaannya.")


def _parsed(path: Path, name: str) -> tuple[Any, str]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ContentFileError(f"{name}: tidak dapat dibaca ({error.strerror}).") from error
    try:
        # A SafeLoader underneath: only plain values come out of a file.
        return yaml.load(content, Loader=_Loader), sha256(content).hexdigest()  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentFileError(f"{name}, baris {line}: YAML tidak dapat dibaca ({error.problem}).") from error


def read_entry(path: Path, *, root: Path) -> Entry:
    """Read a file that is one mapping. Raises ContentFileError."""
    name = str(path.relative_to(root))
    data, digest = _parsed(path, name)
    if not isinstance(data, _Mapping):
        raise ContentFileError(f"{name}: harus berisi pasangan kunci: nilai.")
    return Entry(data, name, sha256=digest)


def read_entries(path: Path, *, root: Path) -> Iterator[Entry]:
    """Read a file that is a list of mappings. Raises ContentFileError."""
    name = str(path.relative_to(root))
    data, _digest = _parsed(path, name)
    if not isinstance(data, list) or not all(isinstance(item, _Mapping) for item in data):
        raise ContentFileError(f"{name}: harus berisi daftar.")
    for number, item in enumerate(data, start=1):
        yield Entry(item, name, path=f"[{number}]")
