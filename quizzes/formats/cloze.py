"""Moodle's embedded answers (cloze): ``{1:SHORTANSWER:=a~=b}`` in the text, as gaps of ours.

The text of such a question is HTML, and so is each answer in it.
"""

import re
from typing import Any

from quizzes.kinds.written import GAP

from .model import Unreadable
from .text import escaped, one_line, text_of

TYPED = {"SHORTANSWER", "SA", "MW"}
CHOSEN = {"MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH", "MULTICHOICE_S", "MCS"}
CHOSEN |= {"MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"}
OPENING = re.compile(r"\{(\d{0,3}):([A-Z_]{1,20}):")
BODY = re.compile(r"((?:[^\\}]|\\.)*)\}", re.DOTALL)
# An escaped sign is hidden behind a code point that no text may contain.
HIDDEN = {mark: chr(0xFDD0 + place) for place, mark in enumerate('\\}#~/"*')}
SHOWN = {ord(code): mark for mark, code in HIDDEN.items()}
ESCAPED = re.compile(r"\\([}#~/\"\\*])")
MARKED = re.compile(r"\[\[\d+\]\]")
MOST_GAPS = 12


def read_cloze(html: str, notes: list[str]) -> tuple[str, list[dict[str, str]], int, list[str]]:
    """The text with [[1]] …, the gaps, the marks of the whole, and feedback as lines. Raises Unreadable."""
    gaps: list[dict[str, str]] = []
    pieces: list[str] = []
    weights: list[int] = []
    hints: list[str] = []
    place = 0
    while found := OPENING.search(html, place):
        body = BODY.match(html, found.end())
        if not body:
            raise Unreadable("Kurung { dari sebuah rumpang belum ditutup dengan }.")
        if len(gaps) >= MOST_GAPS:
            raise Unreadable(f"Lebih dari {MOST_GAPS} rumpang dalam satu soal. Bagi soalnya.")
        pieces.append(html[place : found.start()])
        gap, feedback = _gap(found[2], body[1], len(gaps) + 1)
        gaps.append(gap)
        hints += feedback
        weights.append(int(found[1] or 1))
        pieces.append(f"[[{len(gaps)}]]")
        place = body.end()
    if not gaps:
        raise Unreadable("Soal rumpang ini tidak memuat satu rumpang pun, misalnya {1:SHORTANSWER:=jawaban}.")
    if len(set(weights)) > 1:
        raise Unreadable("Rumpangnya berbobot tidak sama. Samakan bobotnya, atau bagi soalnya.")
    if MARKED.search("".join([*pieces[::2], html[place:]])):
        raise Unreadable("Teks soal memuat [[1]] atau yang serupa, yang di sini menandai rumpang. Ubah tulisannya.")
    if hints:
        notes.append("Umpan balik tiap rumpang dipindahkan ke pembahasan.")
    return "".join([*pieces, html[place:]]), gaps, min(max(sum(weights), 1), 20), hints


def _gap(kind: str, answers: str, number: int) -> tuple[dict[str, str], list[str]]:
    if kind not in TYPED | CHOSEN:
        raise Unreadable(
            f"Rumpang {number} berjenis {kind}, yang tidak dapat dibawa. Pakai SHORTANSWER atau MULTICHOICE."
        )
    right: list[str] = []
    wrong: list[str] = []
    hints: list[str] = []
    hidden = ESCAPED.sub(lambda escape: HIDDEN[escape[1]], answers)
    for entry in hidden.split("~"):
        words, *feedback = re.split(r"(?<!&)#", entry, maxsplit=1)
        full, words = _earns(words.strip(), number)
        if full and kind in TYPED and "*" in words:
            raise Unreadable(f"Rumpang {number} memuat tanda * sebagai pengganti teks, yang tidak dapat dibawa.")
        words = _plain(words)
        if hint := _plain("".join(feedback)):
            hints.append(f"Rumpang {number}, “{words}”: {hint}")
        if words:
            (right if full else wrong).append(words)
    if kind in TYPED:
        # What is typed and not right is wrong anyway.
        wrong = []
    elif len(right) > 1 and not wrong:
        raise Unreadable(f"Semua pilihan rumpang {number} benar. Tambah pilihan salah, atau pakai SHORTANSWER.")
    return {"answers": "\n".join(right), "wrong": "\n".join(wrong)}, hints


def _earns(words: str, number: int) -> tuple[bool, str]:
    if words.startswith("="):
        return True, words[1:]
    if found := re.match(r"%(-?\d{1,3}(?:\.\d{1,9})?)%", words):
        if float(found[1]) not in (0, 100):
            raise Unreadable(f"Rumpang {number} memuat bobot sebagian, yang tidak dapat dibawa. Pakai 100% atau 0%.")
        return float(found[1]) == 100, words[found.end() :]
    return False, words


def _plain(words: str) -> str:
    return one_line(text_of(words.translate(SHOWN)))


def write_cloze(html: str, gaps: list[dict[str, Any]]) -> str:
    """The text of a gap question with its answers embedded; a brace of the text itself is written as a reference."""
    pieces = GAP.split(html.replace("{", "&#123;"))
    bodies = {str(number): _body(gap) for number, gap in enumerate(gaps, start=1)}
    return "".join(bodies[piece] if place % 2 else piece for place, piece in enumerate(pieces))


def _body(gap: dict[str, str]) -> str:
    right = [f"={_escaped(line)}" for line in gap["answers"].split("\n")]
    # In front of a wrong answer, = and % would be read as what it earns.
    wrong = [("%0%" if line[0] in "=%" else "") + _escaped(line) for line in gap["wrong"].split("\n") if line]
    return f"{{1:{'MULTICHOICE' if wrong else 'SHORTANSWER'}:{'~'.join([*right, *wrong])}}}"


def _escaped(line: str) -> str:
    return re.sub(r"([}#~\\*])", r"\\\1", escaped(line))
