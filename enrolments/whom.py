"""The rule of an order in Indonesian words: whom it asks, and whether again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from foundation.formats import number


@dataclass(frozen=True)
class Whom:
    """What is named stands here as anything whose ``str`` is its name; of people only how many."""

    unit: Any
    functions: Iterable[Any] = ()
    ranks: Iterable[Any] = ()
    posts: Iterable[Any] = ()
    excluded_units: Iterable[Any] = ()
    people: int = 0
    excluded_people: int = 0

    @classmethod
    def of(cls, order: Any, *, people: int, excluded_people: int = 0) -> "Whom":
        """The rule of an ``Assignment`` that names so many."""
        return cls(
            unit=order.unit,
            functions=order.functions.all(),
            ranks=order.ranks.all(),
            posts=order.posts,
            excluded_units=order.excluded_units.all(),
            people=people,
            excluded_people=excluded_people,
        )

    @property
    def words(self) -> str:
        """``Personel SPKT dan SKCK di Polres Contoh dan jajarannya, pangkat Bripka, kecuali 2 personel``"""
        chosen = f"{number(self.people)} personel tertentu di antara personel" if self.people else "Personel"
        return self._said(chosen, number(self.excluded_people) if self.excluded_people else "")

    @property
    def own_words(self) -> str:
        """The same for an officer whom it asks: nothing about others who are named."""
        return self._said("Anda ditunjuk dengan nama, di antara personel" if self.people else "Personel", "")

    def _said(self, chosen: str, excluded_people: str) -> str:
        serving = f"{functions} di " if (functions := _listed(self.functions)) else ""
        said = [f"{chosen} {serving}{self.unit} dan jajarannya"]
        excluded = [*map(str, self.excluded_units), *([f"{excluded_people} personel"] if excluded_people else [])]
        for word, named in (("pangkat", self.ranks), ("jabatan", self.posts), ("kecuali", excluded)):
            if listed := _listed(named):
                said.append(f"{word} {listed}")
        return ", ".join(said)


def renewal_words(renews: bool) -> str:
    """What an order says of completions that are about to end."""
    return "Diwajibkan lagi sebelum masa berlakunya habis" if renews else "Tidak diwajibkan lagi"


def _listed(names: Iterable[Any]) -> str:
    """``SPKT``, ``SPKT dan SKCK``, ``SPKT, SKCK, dan SIM``"""
    words = [str(name) for name in names]
    if len(words) < 3:
        return " dan ".join(words)
    return f"{', '.join(words[:-1])}, dan {words[-1]}"
