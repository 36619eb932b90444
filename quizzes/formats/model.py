"""What all formats share: a question as plain values, a refusal with its line, and what a reader or writer returns."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MAXIMUM_BYTES = 10 * 1024 * 1024
MOST_QUESTIONS = 2_000
# A file of another kind would be refused line by line without end.
MOST_REFUSALS = 500


class Unreadable(Exception):
    """A file or a question of it is not read; the message says what to do. ``line`` where it is known better."""

    def __init__(self, sentence: str, line: int = 0) -> None:
        super().__init__(sentence)
        self.line = line


@dataclass(frozen=True)
class Picture:
    """A picture that travels with a question; it becomes a Wagtail image only when the import is carried out."""

    name: str = field(compare=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class ImportedQuestion:
    """A question on its way in or out.

    ``value`` has the shape of its block in plain lists and dicts, with a ``Picture`` for an image and a code for
    the legal source. ``topic`` is the path of its category, from the top; ``line`` where it begins in the file
    (row of a sheet, number of a record). ``notes`` say what was read differently than it was written.
    """

    kind: str
    value: dict[str, Any]
    topic: tuple[str, ...] = ()
    title: str = ""
    tags: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Refusal:
    """Why a part of a file cannot be read and what to do; ``line`` 0 concerns the whole file."""

    line: int
    sentence: str


@dataclass(frozen=True)
class OldSitting:
    """A sitting at another quiz application, as history: who, at what, when, how well."""

    key: str
    quiz: str
    category: str
    login: str
    name: str
    score: int
    questions: int
    percent: int
    passed: bool | None
    started_at: datetime
    ended_at: datetime | None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class OldQuiz:
    """A quiz of another application with its settings; ``questions`` are places in ``Reading.questions``."""

    title: str
    intro: str
    pass_mark: int
    random_order: bool
    draw_count: int
    after_each: bool
    one_attempt: bool
    pass_message: str
    fail_message: str
    questions: tuple[int, ...]


@dataclass
class Reading:
    """What a file holds. With any refusal nothing of it is imported."""

    questions: list[ImportedQuestion] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sittings: list[OldSitting] = field(default_factory=list)
    quizzes: list[OldQuiz] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {
            "soal": len(self.questions),
            "ditolak": len(self.refusals),
            "riwayat": len(self.sittings),
            "kuis": len(self.quizzes),
        }

    def refuse(self, line: int, sentence: str) -> None:
        """Note a refusal. Raises Unreadable when there are so many that nobody would read on."""
        self.refusals.append(Refusal(line, sentence))
        if len(self.refusals) >= MOST_REFUSALS:
            raise Unreadable(
                f"Sudah {MOST_REFUSALS} hal ditolak; sisanya tidak dibaca. Periksa apakah format yang dipilih benar."
            )

    def add(self, question: ImportedQuestion) -> None:
        if len(self.questions) >= MOST_QUESTIONS:
            raise Unreadable(f"Lebih dari {MOST_QUESTIONS} soal dalam satu berkas. Bagi menjadi beberapa berkas.")
        self.questions.append(question)


@dataclass(frozen=True)
class Unheld:
    """What a format cannot hold of a question: the whole of it (``omitted``), or a part that is left behind."""

    number: int
    title: str
    sentence: str
    omitted: bool = False


@dataclass(frozen=True)
class Written:
    """A file of questions and the list of what did not go into it."""

    content: bytes
    unheld: list[Unheld] = field(default_factory=list)
