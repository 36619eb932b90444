"""Questions of our pages as plain values, on their way out."""

from collections.abc import Iterable

from quizzes.content import Standing

from .building import BLOCKS, shaped
from .model import ImportedQuestion
from .text import title_of


def portable(standing: Iterable[Standing]) -> list[ImportedQuestion]:
    """The questions that stand on a page, by their place. Drafts may have holes; nothing is checked."""
    return [portable_question(one.child.block_type, one.child.value, one.number) for one in standing if one.child]


def portable_question(kind: str, value, number: int) -> ImportedQuestion:
    plain = shaped(BLOCKS[kind], value)
    topic = plain["topic"]
    return ImportedQuestion(
        kind=kind,
        value=plain,
        topic=(topic,) if topic else (),
        title=title_of(plain["text"]) or f"Soal {number}",
        line=number,
    )
