"""Draws from the bank: what they could take now, what keeps them from it, and how a version draws."""

from dataclasses import dataclass
from random import Random
from typing import Any

from courses.models import Topic
from foundation.kept import Kept

from .blocks import DRAW, FROM_BANK, least_of
from .choices import Difficulty
from .drawing import Pool, draw, shortage_of
from .models.bank import BankQuestion
from .models.versions import QuizVersion, VersionPool, VersionQuestion

Drawables = tuple[list[VersionPool], list[VersionQuestion]]
DIFFICULTY_WORDS = {value: label.lower() for value, label in Difficulty.choices}


@dataclass(frozen=True)
class Member:
    """An approved question of the bank, as far as drawing asks for it."""

    pk: int
    difficulty: str


@dataclass(frozen=True)
class PagePool:
    """A draw of a quiz page with the questions it would be compiled with now. ``number`` is its place on the page."""

    number: int
    topic: str
    name: str
    topics: list[str]
    pool: Pool[Member]

    @property
    def members(self) -> list[Member]:
        return list(self.pool.members)

    @property
    def row(self) -> dict[str, Any]:
        """The fields of its VersionPool."""
        return {
            "order": self.number,
            "topic": self.topic,
            "topics": self.topics,
            "count": self.pool.count,
            **self.pool.least,
        }

    @property
    def available(self) -> int:
        return len(self.pool.members)

    @property
    def mix(self) -> list[tuple[str, int, int]]:
        """(difficulty in words, at least, there are) for each difficulty."""
        return [
            (
                DIFFICULTY_WORDS[difficulty],
                least,
                sum(member.difficulty == difficulty for member in self.pool.members),
            )
            for difficulty, least in self.pool.least.items()
        ]

    @property
    def problems(self) -> list[str]:
        """Sentences about this draw alone."""
        problems = []
        if self.available < self.pool.count:
            problems.append(
                f"Soal {self.number}: mengambil {self.pool.count} soal dari “{self.name}”, tetapi baru ada "
                f"{self.available} yang disetujui. Tambah soal bank atau kurangi jumlahnya."
            )
        problems += [
            f"Soal {self.number}: memerlukan sedikitnya {least} soal {words} dari “{self.name}”, tetapi baru ada "
            f"{there} yang disetujui. Tambah soal bank atau kurangi jumlahnya."
            for words, least, there in self.mix
            if there < least
        ]
        return problems


def pools_of(page) -> list[PagePool]:
    """The draws of a page, drafts too, with what they could take now: two queries, none without a draw.

    What stands on the page itself is never drawn as well.
    """
    draws = [(number, child.value) for number, child in enumerate(page.questions, 1) if child.block_type == DRAW]
    if not draws:
        return []
    tree = Topic.objects.tree()
    below = {value["topic"]: sorted(tree.below(value["topic"] or "")) for _number, value in draws}
    questions = list(
        BankQuestion.objects.approved()
        .filter(topic__slug__in=set().union(*below.values()))
        .exclude(uuid__in=_on_page(page))
        .order_by("pk")
        .values_list("pk", "difficulty", "topic__slug")
    )
    return [
        PagePool(
            number,
            value["topic"] or "",
            tree.name_of(value["topic"] or ""),
            below[value["topic"]],
            Pool(
                [Member(pk, difficulty) for pk, difficulty, slug in questions if slug in below[value["topic"]]],
                value["count"] or 0,
                least_of(value),
            ),
        )
        for number, value in draws
    ]


def _on_page(page) -> list[str]:
    return [
        str(child.value.uuid if child.block_type == FROM_BANK else child.id)
        for child in page.questions
        if child.block_type != DRAW and child.value is not None
    ]


def problems_of_pools(pools: list[PagePool]) -> list[str]:
    """Why the draws of a page could not be filled: each by itself, and all of them together."""
    problems = [problem for pool in pools for problem in pool.problems]
    if problems or not (shortage := shortage_of([pool.pool for pool in pools])):
        return problems
    places = " dan ".join(str(pools[index].number) for index in shortage.pools)
    return [
        f"Soal {places} mengambil dari soal bank yang sama: bersama-sama perlu {shortage.wanted} soal, tetapi hanya "
        f"ada {shortage.available}. Tambah soal bank, atau kurangi jumlah atau kesulitan yang diminta."
    ]


def _read_drawables(versions: set[int]) -> dict[int, Drawables]:
    # Hundreds of questions may be compiled in; only what is drawn is read whole.
    light = ("kind", "order", "topic", "difficulty", "pool", "version")
    return {
        pk: (
            list(VersionPool.objects.filter(version=pk)),
            list(VersionQuestion.objects.filter(version=pk).only(*light)),
        )
        for pk in versions
    }


DRAWABLES = Kept(_read_drawables, most=20)


def draw_from(version: QuizVersion, chance: Random) -> list[VersionQuestion]:
    """The questions of one attempt in their order, read as far as drawing needs."""
    pools, rows = DRAWABLES.one(version.pk)
    return draw(
        [row for row in rows if row.pool_id is None],
        count=version.draw_count - sum(pool.count for pool in pools),
        min_scenarios=version.min_scenarios,
        shuffle=version.shuffle_questions,
        chance=chance,
        pools=[
            Pool([row for row in rows if row.pool_id and row.topic in pool.topics], pool.count, pool.least)
            for pool in pools
        ],
    )
