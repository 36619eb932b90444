"""What of a review is open at which moment: a matrix of when × what. No database, no request.

A setting is a list of cells such as ``after:marks``; what it does not name stays closed.
Source: docs/decisions/0012-delivery-and-review.md.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from .choices import ReviewSetting, ReviewWhat, ReviewWhen

# "Right after submitting" lasts this long; whoever comes back after that is "later".
RIGHT_AFTER = timedelta(minutes=2)
EVERYTHING = frozenset(ReviewWhat.values)
CELLS = [f"{when}:{what}" for when in ReviewWhen.values for what in ReviewWhat.values]
AFTERWARDS = (ReviewWhen.AFTER, ReviewWhen.LATER, ReviewWhen.CLOSED)

PRESETS: dict[str, list[str]] = {
    ReviewSetting.DURING: list(CELLS),
    ReviewSetting.AFTER_SUBMIT: [f"{when}:{what}" for when in AFTERWARDS for what in ReviewWhat.values],
    ReviewSetting.NEVER: [f"{when}:{ReviewWhat.MARKS}" for when in AFTERWARDS],
}


def after_submit() -> list[str]:
    """The cells of a new quiz: everything once an attempt is submitted."""
    return list(PRESETS[ReviewSetting.AFTER_SUBMIT])


def in_order(cells: Iterable[str]) -> list[str]:
    """The known cells among ``cells``, each once and in one order, so that the same setting is the same list."""
    wanted = set(cells)
    return [cell for cell in CELLS if cell in wanted]


def opened(cells: Iterable[str], when: str) -> frozenset[str]:
    """What is open at a moment, as values of ReviewWhat."""
    return frozenset(what for moment, _colon, what in (cell.partition(":") for cell in cells) if moment == when)


def in_words(cells: Iterable[str], *, closes: bool) -> str:
    """What will be shown when, in sentences for the officer; ``closes`` says whether the quiz ever does."""
    cells = list(cells)
    sentences = []
    if shown := opened(cells, ReviewWhen.DURING):
        sentences.append(f"Untuk tiap soal, sesudah jawabannya Anda kunci: {_list(shown)}.")
    moments = [*AFTERWARDS] if closes else [ReviewWhen.AFTER, ReviewWhen.LATER]
    for when, shown in _changes(cells, moments):
        if shown:
            sentences.append(f"{_SINCE[when]}: {_list(shown)}.")
        elif when != ReviewWhen.AFTER:
            sentences.append(f"{_SINCE[when]} tidak ada lagi yang ditunjukkan.")
    return " ".join(sentences) or "Yang ditunjukkan hanya lulus atau belum lulus."


_SINCE = {
    ReviewWhen.AFTER: "Sesudah dikirim",
    ReviewWhen.LATER: "Mulai dua menit sesudahnya",
    ReviewWhen.CLOSED: "Sesudah kuis ditutup",
}
_WORDS = {
    ReviewWhat.MARKS: "nilai",
    ReviewWhat.CORRECTNESS: "tepat atau belum",
    ReviewWhat.ANSWER: "jawaban yang benar",
    ReviewWhat.FEEDBACK: "pembahasan",
}


def _changes(cells: list[str], moments: list[ReviewWhen]) -> Iterator[tuple[ReviewWhen, frozenset[str]]]:
    """The moments at which something else is shown than before."""
    before: frozenset[str] | None = None
    for when in moments:
        shown = opened(cells, when)
        if shown != before:
            yield when, shown
        before = shown


def _list(shown: frozenset[str]) -> str:
    words = [word for what, word in _WORDS.items() if what in shown]
    return f"{', '.join(words[:-1])} dan {words[-1]}" if len(words) > 1 else words[0]


def moment_of(*, submitted_at: datetime | None, closes_at: datetime | None, at: datetime) -> str:
    """Which moment of ReviewWhen ``at`` is; ``closes_at`` is when the quiz closes for this officer, if ever.

    The two minutes after submitting come first, also where the quiz closed meanwhile.
    """
    if submitted_at is None:
        return ReviewWhen.DURING
    if at < submitted_at + RIGHT_AFTER:
        return ReviewWhen.AFTER
    return ReviewWhen.CLOSED if closes_at is not None and closes_at <= at else ReviewWhen.LATER
