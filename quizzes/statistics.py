"""What many attempts say about the questions: classical item analysis. No database, no request.

Attempts draw different questions, so nothing here compares plain sums of marks. A *share* is marks
earned over marks available (-1..1); it means the same for whoever was asked other questions.

``analyse`` reads the sittings twice (the second time against what the first one found) and keeps per
question only counts and sums: its memory grows with the questions and never with the attempts.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from math import ceil, sqrt

# Below this many people a figure would say something about single persons: nothing is shown.
FEWEST_SHOWN = 5
# Below this many answers chance alone makes a question look bad: figures are shown, no verdict.
FEWEST_FOR_A_VERDICT = 20
# Whoever left a question open longer than this was away: the time says nothing about the question.
LONGEST_SECONDS = 3600
BANDS = 10
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Item:
    """One answer as graded. ``chosen`` names what was picked (empty: unanswered, or a kind without choices).

    ``counts`` is False for a question that no longer decides anything (dropped, or full marks for everybody):
    it gets its own figures and stays out of everybody's total.
    """

    question: str
    fraction: float
    marks: int = 1
    answered: bool = True
    chosen: Sequence[str] = ()
    seconds: float | None = None
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Sitting:
    """One graded attempt; ``passed`` None where nobody can fail."""

    items: Sequence[Item]
    passed: bool | None = None


class Flag(Enum):
    """What a question should be looked at for; the value is a sentence piece for the screen."""

    KEY_BEATEN = "Pilihan salah mengalahkan kunci"
    NEGATIVE = "Daya beda negatif"
    ALL_WRONG = "Semua salah"
    ALL_RIGHT = "Semua benar"
    TOO_FEW = "Terlalu sedikit data"


@dataclass(frozen=True)
class Group:
    """How often each choice was picked by ``n`` people, and by how many none."""

    n: int = 0
    chosen: Counter = field(default_factory=Counter)
    unanswered: int = 0

    def share(self, choice: str) -> float | None:
        return self.chosen[choice] / self.n if self.n else None


@dataclass(frozen=True)
class QuestionFigures:
    """``facility`` is the mean fraction (-1..1), ``discrimination`` a correlation (-1..1), None where undefined.

    ``high`` and ``low`` are the thirds of the attempts with the largest and smallest share of the whole quiz.
    """

    n: int
    facility: float
    discrimination: float | None
    full: int
    partial: int
    everyone: Group
    high: Group
    low: Group
    seconds: int | None

    @property
    def none(self) -> int:
        """Answers that earned nothing or less, unanswered ones among them."""
        return self.n - self.full - self.partial

    @property
    def is_private(self) -> bool:
        return self.n < FEWEST_SHOWN

    def flags(self, right: Iterable[str] = (), wrong: Iterable[str] = ()) -> list[Flag]:
        """What is odd about the question. ``right`` and ``wrong`` are its choices, for kinds answered by choosing."""
        if self.n < FEWEST_FOR_A_VERDICT:
            return [Flag.TOO_FEW]
        found = []
        if _beaten(self.everyone, right, wrong) or _beaten(self.high, right, wrong):
            found.append(Flag.KEY_BEATEN)
        # One standard error of r around 0 is about 1/√n: less than that below it is chance.
        if self.discrimination is not None and self.discrimination < -1 / sqrt(self.n):
            found.append(Flag.NEGATIVE)
        if self.full == self.n:
            found.append(Flag.ALL_RIGHT)
        if not self.full and not self.partial:
            found.append(Flag.ALL_WRONG)
        return found


def _beaten(group: Group, right: Iterable[str], wrong: Iterable[str]) -> bool:
    """Whether somebody's wrong choice is more popular than the key; with several right ones, than any of them."""
    keys = [group.chosen[choice] for choice in right]
    return bool(keys) and max((group.chosen[choice] for choice in wrong), default=0) > min(keys)


@dataclass(frozen=True)
class QuizFigures:
    """Of ``n`` attempts: ``mean``, ``deviation`` and ``error`` (of measurement) in percent of the marks available.

    ``alpha`` at most 1, None where undefined; ``bands`` counts attempts below 10, 20 … 100 percent.
    """

    n: int
    mean: float | None
    deviation: float | None
    pass_share: float | None
    alpha: float | None
    error: float | None
    bands: list[int]
    questions: Mapping[str, QuestionFigures]

    @property
    def is_private(self) -> bool:
        return self.n < FEWEST_SHOWN


def analyse(read: Callable[[], Iterable[Sitting]], brief: Callable[[], Iterable[Sitting]] | None = None) -> QuizFigures:
    """Return the figures of all sittings that ``read()`` yields, however often it is called.

    ``brief`` may yield the same sittings without choices and times: the first of two readings needs none.
    """
    first = _FirstLook()
    for sitting in (brief or read)():
        first.add(sitting)
    second = _SecondLook(*first.thirds(), first.means())
    for sitting in read():
        second.add(sitting)
    alpha = second.alpha()
    deviation = first.deviation()
    error = None if alpha is None or deviation is None else deviation * sqrt(1 - alpha)
    return QuizFigures(
        n=first.n,
        mean=first.total * 100 / first.n if first.n else None,
        deviation=deviation,
        pass_share=first.passed / first.judged if first.judged else None,
        alpha=alpha,
        error=error,
        bands=first.bands,
        questions={question: sums.figures() for question, sums in second.questions.items()},
    )


def median_of(counts: Mapping[int, int]) -> int | None:
    """The median of whole numbers given as {number: how often}; the lower one of two in the middle."""
    wanted, seen = (sum(counts.values()) + 1) // 2, 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= wanted:
            return value
    return None


def share_of(items: Iterable[Item]) -> float | None:
    """Marks earned over marks available of the items that count; None when there are none."""
    earned, available = 0.0, 0
    for item in items:
        if item.counts:
            earned += item.fraction * item.marks
            available += item.marks
    return earned / available if available else None


class _FirstLook:
    """Totals, and what the second look needs: where the thirds begin and each question's mean."""

    def __init__(self) -> None:
        self.n = self.judged = self.passed = 0
        self.total = self.squares = 0.0
        self.shares: Counter[float] = Counter()
        self.bands = [0] * BANDS
        self.sums: dict[str, list[float]] = {}

    def add(self, sitting: Sitting) -> None:
        share = share_of(sitting.items)
        if share is None:
            return
        self.n += 1
        self.total += share
        self.squares += share * share
        self.shares[_key(share)] += 1
        self.bands[min(max(int(share * BANDS + _NOTHING), 0), BANDS - 1)] += 1
        if sitting.passed is not None:
            self.judged += 1
            self.passed += sitting.passed
        for item in _comparable(sitting):
            sums = self.sums.setdefault(item.question, [0, 0.0])
            sums[0] += 1
            sums[1] += item.fraction * item.marks

    def deviation(self) -> float | None:
        """The sample standard deviation, in percent."""
        if self.n < 2:
            return None
        return sqrt(max(self.squares - self.total**2 / self.n, 0) / (self.n - 1)) * 100

    def means(self) -> dict[str, float]:
        return {question: marks / n for question, (n, marks) in self.sums.items()}

    def thirds(self) -> tuple[float, float]:
        """The largest share of the low third and the smallest of the high one; whoever ties with them belongs too."""
        wanted = ceil(self.n / 3)
        rising = sorted(self.shares.items())
        return _reached(rising, wanted), _reached(reversed(rising), wanted)


def _reached(counts: Iterable[tuple[float, int]], wanted: int) -> float:
    seen = 0
    for value, count in counts:
        seen += count
        if seen >= wanted:
            return value
    return 0.0


def _key(share: float) -> float:
    """A share as it is compared: so few different ones exist that counting them takes no memory."""
    return round(share, 4)


def _comparable(sitting: Sitting) -> list[Item]:
    """The items that go into alpha: of sittings with at least two, because one alone varies with nothing."""
    items = [item for item in sitting.items if item.counts]
    return items if len(items) > 1 else []


class _SecondLook:
    """Each question against its rest, and how the questions vary together."""

    def __init__(self, low: float, high: float, means: Mapping[str, float]) -> None:
        self.low, self.high, self.means = low, high, means
        self.questions: dict[str, _Sums] = {}
        self.sittings = self.singles = self.pairs = 0
        self.variance = self.covariance = 0.0

    def add(self, sitting: Sitting) -> None:
        share = share_of(sitting.items)
        if share is None:
            return
        self._add_together(sitting)
        key = _key(share)
        # Where everybody did alike there is no high and no low.
        is_low, is_high = (key <= self.low, key >= self.high) if self.low < self.high else (False, False)
        earned = sum(item.fraction * item.marks for item in sitting.items if item.counts)
        available = sum(item.marks for item in sitting.items if item.counts)
        for item in sitting.items:
            own = item.marks if item.counts else 0
            rest = (earned - item.fraction * own) / (available - own) if available > own else None
            sums = self.questions.get(item.question) or self.questions.setdefault(item.question, _Sums())
            sums.add(item, rest, is_low=is_low, is_high=is_high)

    def _add_together(self, sitting: Sitting) -> None:
        deviations = [item.fraction * item.marks - self.means[item.question] for item in _comparable(sitting)]
        if not deviations:
            return
        squares = sum(deviation * deviation for deviation in deviations)
        self.sittings += 1
        self.singles += len(deviations)
        self.pairs += len(deviations) * (len(deviations) - 1)
        self.variance += squares
        # (Σd)² holds each square once and each product of two items twice: all pairs without looking at each.
        self.covariance += sum(deviations) ** 2 - squares

    def alpha(self) -> float | None:
        """Cronbach's alpha for drawn questions: k·c / (v + (k−1)·c).

        ``k`` is the mean number of questions per attempt, ``v`` the mean variance of a question's marks and
        ``c`` the mean covariance of two questions that were asked together, both around each question's own
        mean and weighted by how often they occurred. When everybody answers the same questions this is the
        textbook's k/(k−1)·(1 − Σ variances / variance of the total).
        """
        if self.sittings < 2:
            return None
        k = self.singles / self.sittings
        mean_variance, mean_covariance = self.variance / self.singles, self.covariance / self.pairs
        whole = mean_variance + (k - 1) * mean_covariance
        return min(k * mean_covariance / whole, 1.0) if whole > _NOTHING else None


class _Sums:
    """What one question's figures are made of."""

    def __init__(self) -> None:
        self.n = self.full = self.partial = self.with_rest = 0
        self.total = self.x = self.y = self.xx = self.yy = self.xy = 0.0
        self.seconds: Counter[int] = Counter()
        self.counts = {name: [0, 0] for name in ("all", "high", "low")}
        self.groups: dict[str, Counter[str]] = {name: Counter() for name in self.counts}

    def add(self, item: Item, rest: float | None, *, is_low: bool, is_high: bool) -> None:
        self.n += 1
        self.total += item.fraction
        self.full += item.fraction >= 1
        self.partial += 0 < item.fraction < 1
        if rest is not None:
            self.with_rest += 1
            self.x += item.fraction
            self.y += rest
            self.xx += item.fraction * item.fraction
            self.yy += rest * rest
            self.xy += item.fraction * rest
        if item.seconds is not None and 0 < item.seconds <= LONGEST_SECONDS:
            self.seconds[ceil(item.seconds)] += 1
        for name, belongs in (("all", True), ("high", is_high), ("low", is_low)):
            if belongs:
                self.counts[name][0] += 1
                self.counts[name][1] += not item.answered
                self.groups[name].update(item.chosen)

    def correlation(self) -> float | None:
        """Pearson's r of the item's fraction with the share of the rest; for 0/1 items the point-biserial one."""
        n = self.with_rest
        if n < 2:
            return None
        x, y = self.xx - self.x**2 / n, self.yy - self.y**2 / n
        if x < _NOTHING or y < _NOTHING:
            return None
        return min(max((self.xy - self.x * self.y / n) / sqrt(x * y), -1.0), 1.0)

    def figures(self) -> QuestionFigures:
        groups = {
            name: Group(self.counts[name][0], chosen, self.counts[name][1]) for name, chosen in self.groups.items()
        }
        return QuestionFigures(
            n=self.n,
            facility=min(max(self.total / self.n, -1.0), 1.0),
            discrimination=self.correlation(),
            full=self.full,
            partial=self.partial,
            everyone=groups["all"],
            high=groups["high"],
            low=groups["low"],
            seconds=median_of(self.seconds),
        )
