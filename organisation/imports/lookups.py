"""Finding the unit, rank and functions that a cell means."""

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable

from ..models import Rank, ServiceFunction, Unit
from .columns import plain


class UnitLookup:
    """Units in scope by code, or by a name that only one of them carries."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.by_code: dict[str, Unit] = {}
        self.by_name: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            self.by_code[unit.code.casefold()] = unit
            for name in {plain(unit.name), plain(unit.short_name)}:
                self.by_name[name].append(unit)

    def find(self, text: str) -> Unit:
        """Raises LookupError with the sentence for the person."""
        if not text:
            raise LookupError("Satuan kosong. Isi kode atau nama satuan.")
        if unit := self.by_code.get(text.casefold()):
            return unit
        named = self.by_name.get(plain(text), [])
        if len(named) == 1:
            return named[0]
        if named:
            codes = " atau ".join(sorted(unit.code for unit in named))
            raise LookupError(f"Nama “{text}” dipakai {len(named)} satuan. Tulis kode satuannya: {codes}.")
        raise LookupError(
            f"Satuan “{text}” tidak ada dalam wewenang Anda.{_suggestion(text, self.by_name)} "
            "Pakai kode dari halaman Satuan."
        )


class RankLookup:
    def __init__(self) -> None:
        self.by_name: dict[str, Rank] = {}
        self.by_pk: dict[int, Rank] = Rank.objects.in_bulk()
        for rank in sorted(self.by_pk.values(), key=lambda rank: rank.order):
            for name in (rank.code, rank.short, rank.full, *rank.aliases):
                self.by_name.setdefault(plain(name), rank)

    def find(self, text: str) -> Rank:
        """Raises LookupError with the sentence for the person."""
        if not text:
            raise LookupError("Pangkat kosong. Isi pangkat atau golongan, misalnya Bripka atau III/a.")
        name = plain(text)
        rank = self.by_name.get(name) or self.by_name.get(re.sub(r"^(pns|asn|gol|golongan) ", "", name))
        if rank is None:
            raise LookupError(
                f"Pangkat “{text}” tidak dikenal.{_suggestion(text, self.by_name)} "
                "Tulis singkatannya, misalnya AKP, Bripka, atau Penda I."
            )
        return rank


class FunctionLookup:
    """Service functions; ``-`` means none."""

    def __init__(self) -> None:
        functions = list(ServiceFunction.objects.all())
        self.by_name = {plain(name): function for function in functions for name in (function.code, function.name)}
        self.names = ", ".join(function.name for function in functions)

    def find(self, text: str) -> frozenset[ServiceFunction]:
        """Raises LookupError with the sentence for the person."""
        found = set()
        for part in re.split(r"[,;/+&]|\bdan\b", text):
            name = plain(part)
            if not name:
                continue
            if name not in self.by_name:
                raise LookupError(f"Fungsi layanan “{part.strip()}” tidak dikenal. Pilih dari: {self.names}.")
            found.add(self.by_name[name])
        return frozenset(found)


def _suggestion(text: str, names: Iterable[str]) -> str:
    close = difflib.get_close_matches(plain(text), names, n=1, cutoff=0.8)
    return f" Maksudnya “{close[0]}”?" if close else ""
