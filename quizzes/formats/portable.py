"""Questions of our pages as plain values, on their way out."""

from collections.abc import Iterable

from .building import BLOCKS, shaped
from .model import ImportedQuestion
from .text import title_of


def portable(children: Iterable) -> list[ImportedQuestion]:
    """The questions of a page's StreamField, numbered from 1. Drafts may have holes; nothing is checked."""
    return [portable_question(child.block_type, child.value, number) for number, child in enumerate(children, start=1)]


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
