"""Rows that never change, in the memory of a process: read once, then at hand.

Only for compiled content, which triggers keep from changing (foundation/triggers.py), and only where everybody asks
all the time (decision 0018).
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import ClassVar, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """``read`` fetches what is missing, by key; of more than ``most`` values it starts anew.

    Threads share the values: nobody changes them.
    """

    everything: ClassVar[list["Kept"]] = []

    def __init__(self, read: Callable[[set[Key]], Mapping[Key, Value]], *, most: int) -> None:
        self._read, self._most = read, most
        self._values: dict[Key, Value] = {}
        self.everything.append(self)

    def many(self, keys: Iterable[Key]) -> dict[Key, Value]:
        """The values of ``keys``; what does not exist is missing."""
        wanted = set(keys)
        found = {key: self._values[key] for key in wanted & self._values.keys()}
        if missing := wanted - found.keys():
            read = self._read(missing)
            found |= read
            if len(self._values) + len(read) > self._most:
                self._values = {}
            self._values.update(read)
        return found

    def one(self, key: Key) -> Value:
        """Raises KeyError for what does not exist."""
        return self.many([key])[key]

    @classmethod
    def forget_all(cls) -> None:
        """For tests, which give out the same ids again."""
        for kept in cls.everything:
            kept._values = {}
