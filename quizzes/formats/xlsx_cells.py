"""How several values stand in one cell of the template: one a line, its parts between ``|``, words between ``;``.

A backslash takes the meaning from the sign behind it; ``\\n`` is a line end inside a value.
"""

import re


def escape(text: str) -> str:
    return re.sub(r"([\\|;])", r"\\\1", text).replace("\n", "\\n")


def unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda escape: "\n" if escape[1] == "n" else escape[1], text.strip())


def _split(text: str, sign: str) -> list[str]:
    """The pieces of a text between signs that no backslash precedes."""
    pieces: list[str] = []
    piece: list[str] = []
    escaped = False
    for letter in text:
        if escaped:
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter == sign:
            pieces.append("".join(piece))
            piece = []
            continue
        piece.append(letter)
    return [*pieces, "".join(piece)]


def rows_in(cell: str) -> list[list[str]]:
    """The lines of a cell, each as its parts, still escaped; empty lines left out."""
    return [[part.strip() for part in _split(line, "|")] for line in cell.split("\n") if line.strip()]


def words_in(part: str) -> list[str]:
    """The words of a part between semicolons."""
    return [unescape(word) for word in _split(part, ";") if word.strip()]


def row_of(*parts: str) -> str:
    """A line from its parts, already escaped; empty ones at the end are left out."""
    kept = list(parts)
    while len(kept) > 1 and not kept[-1]:
        kept.pop()
    return " | ".join(kept).rstrip()


def words_of(words: list[str]) -> str:
    return "; ".join(map(escape, words))
