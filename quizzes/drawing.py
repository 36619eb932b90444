"""Which questions an attempt gets, and in which order. Chance comes in, so that a test can choose it."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Generic, Protocol, TypeVar


class Poolable(Hashable, Protocol):
    @property
    def difficulty(self) -> str: ...


class Drawable(Poolable, Protocol):
    @property
    def kind(self) -> str: ...

    @property
    def order(self) -> int: ...


Question = TypeVar("Question", bound=Drawable)
Member = TypeVar("Member", bound=Poolable)


@dataclass(frozen=True)
class Pool(Generic[Member]):
    """``count`` of ``members``, among them at least ``least[difficulty]`` of each difficulty named there."""

    members: Sequence[Member]
    count: int
    least: Mapping[str, int]


@dataclass(frozen=True)
class Shortage:
    """Pools, by their place, that together want more questions than there are for them."""

    pools: list[int]
    wanted: int
    available: int


def draw(
    questions: Sequence[Question],
    *,
    count: int,
    min_scenarios: int,
    shuffle: bool,
    chance: Random,
    pools: Sequence[Pool[Question]] = (),
) -> list[Question]:
    """Return ``count`` of ``questions`` with at least ``min_scenarios`` situational ones, and what ``pools`` give.

    No question comes twice. Without ``shuffle`` they stand in the author's order. Raises ValueError when
    there are too few.
    """
    scenarios = [question for question in questions if question.kind == "situational"]
    drawn = chance.sample(scenarios, min_scenarios)
    rest = [question for question in questions if question not in drawn]
    drawn += chance.sample(rest, count - min_scenarios)
    drawn += fill(pools, chance)
    if shuffle:
        chance.shuffle(drawn)
    else:
        drawn.sort(key=lambda question: question.order)
    return drawn


def fill(pools: Sequence[Pool[Member]], chance: Random) -> list[Member]:
    """Draw from every pool; none gives what another one gave. Raises ValueError when that cannot be done."""
    places = _Places(pools, chance)
    if shortage := places.fill():
        raise ValueError(f"the pools want {shortage.wanted} questions and there are {shortage.available}")
    return list(places.taken)


def shortage_of(pools: Sequence[Pool[Member]]) -> Shortage | None:
    """Pools that cannot be filled together; None when every attempt gets its questions."""
    # Whether there is a draw does not hang on chance.
    return _Places(pools, Random(0)).fill()  # noqa: S311


class _Places(Generic[Member]):
    """One place per question to be drawn, each with its candidates: a matching, found by augmenting paths.

    Drawing one pool after the other would not do: a pool with a free choice may take the only question that
    another one could have had, and would fail where a draw exists.
    """

    def __init__(self, pools: Sequence[Pool[Member]], chance: Random):
        self.chance = chance
        self.candidates: list[list[Member]] = []
        self.pool_of: list[int] = []
        self.taken: dict[Member, int] = {}
        self.given: dict[int, Member] = {}
        wanted = []
        for number, pool in enumerate(pools):
            for difficulty, least in pool.least.items():
                fitting = [member for member in pool.members if member.difficulty == difficulty]
                wanted += [(number, fitting)] * least
            wanted += [(number, list(pool.members))] * (pool.count - sum(pool.least.values()))
        # The choosiest first: the others seldom have to give way to them.
        for number, fitting in sorted(wanted, key=lambda place: len(place[1])):
            self.pool_of.append(number)
            self.candidates.append(fitting)

    def fill(self) -> Shortage | None:
        for place in range(len(self.candidates)):
            if shortage := self._give(place):
                return shortage
        return None

    def _give(self, place: int) -> Shortage | None:
        """Give ``place`` a question, moving others where only that helps."""
        free = [member for member in self.candidates[place] if member not in self.taken]
        if free:
            self._take(place, self.chance.choice(free))
            return None
        wanted_by: dict[Member, int] = {}
        asking = [place]
        for asker in asking:
            for member in self.candidates[asker]:
                if member in wanted_by:
                    continue
                wanted_by[member] = asker
                if member not in self.taken:
                    self._pass_on(member, wanted_by, place)
                    return None
                asking.append(self.taken[member])
        return self._shortage(set(wanted_by))

    def _shortage(self, members: set[Member]) -> Shortage:
        """Every place, filled or not, that has no candidates but these."""
        short = [place for place, fitting in enumerate(self.candidates) if members.issuperset(fitting)]
        return Shortage(sorted({self.pool_of[place] for place in short}), len(short), len(members))

    def _pass_on(self, member: Member, wanted_by: Mapping[Member, int], place: int) -> None:
        """Follow the path back: each place takes what it wanted and leaves what it held to who asked for that."""
        while True:
            asker = wanted_by[member]
            left = self.given.get(asker)
            self._take(asker, member)
            if asker == place or left is None:
                return
            member = left

    def _take(self, place: int, member: Member) -> None:
        self.taken[member] = place
        self.given[place] = member
