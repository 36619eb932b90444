"""Moodle's GIFT, read. One pass over the lines, one over each question: a large file takes as long as it is large.

Questions are parted by empty lines; ``//`` begins a comment, and a comment directly above a question may carry
``[tag:…]``. What the writer puts into such tags (extras.py) comes back from there.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from quizzes.choices import QuestionKind

from . import extras as ours
from .building import built, choice, chosen_kind, decimal_from, fraction_from, parted_feedback
from .categories import path_from
from .model import ImportedQuestion, Reading, Unreadable
from .text import UNWRITABLE, decoded, plain, rich, take_pictures

# An escaped character stands for itself: it is hidden behind a code point that no text may contain.
ESCAPES = {mark: chr(0xFDD0 + place) for place, mark in enumerate("\\~=#{}:n")}
HIDDEN = {ord(code): "\n" if mark == "n" else mark for mark, code in ESCAPES.items()}
ESCAPED = re.compile(r"\\([\\~=#{}:n])")
TAG = re.compile(r"\[tag:((?:\\.|[^\[\]\\])*)\]")
FORM = re.compile(r"\s*\[(html|moodle|plain|markdown)\]")
WEIGHT = re.compile(r"\s*%([^%]{1,20})%")
TRUE_FALSE = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(?:#|$)", re.IGNORECASE)
BLANK = "_____"
MOST_ANSWERS = 40


def read(content: bytes, reading: Reading) -> None:
    """Read a GIFT file into ``reading``. Raises Unreadable where reading on makes no sense."""
    text = decoded(content, reading)
    topic: tuple[str, ...] = ()
    for block in _blocks(UNWRITABLE.sub("", text)):
        if block.category is not None:
            topic = path_from(block.category)
            continue
        try:
            question = _question(block, topic)
        except Unreadable as problem:
            reading.refuse(problem.line or block.line, str(problem))
        else:
            reading.add(question)


@dataclass(frozen=True)
class Block:
    """The lines between two empty ones, comments taken out; or a category."""

    line: int
    text: str
    tags: tuple[str, ...] = ()
    category: str | None = None


def _blocks(text: str) -> Iterable[Block]:
    lines: list[str] = []
    tags: list[str] = []
    begins = 0
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if stripped.startswith("//"):
            tags += [re.sub(r"\\(.)", r"\1", tag).strip() for tag in TAG.findall(stripped)]
            if lines:
                # Kept empty, so that the lines below still count.
                lines.append("")
        elif not stripped:
            if lines:
                yield Block(begins, "\n".join(lines), tuple(tags))
            lines, tags = [], []
        elif not lines and stripped.startswith("$CATEGORY:"):
            yield Block(number, "", (), stripped.removeprefix("$CATEGORY:").strip())
        else:
            begins = begins if lines else number
            lines.append(line)
    if lines:
        yield Block(begins, "\n".join(lines), tuple(tags))


def _question(block: Block, topic: tuple[str, ...]) -> ImportedQuestion:
    tags, extras = ours.parted(block.tags)
    notes: list[str] = []
    text = ESCAPED.sub(lambda escaped: ESCAPES[escaped[1]], block.text)
    title, text = _title(text)
    before, answers, after = _parts(text)
    opens = block.line + block.text.count("\n", 0, _place_of_answers(block.text))
    form, before = _form(before, "moodle")
    answers, _hashes, general = answers.partition("####")
    kind, fields = _answers(answers, form, extras, notes, line=opens)
    stem = before.rstrip()
    if kind == QuestionKind.GAPS or after.strip():
        space = " " if before[-1:].isspace() else ""
        stem += space + ("[[1]]" if kind == QuestionKind.GAPS else BLANK) + after.rstrip()
    html, image, alt = take_pictures(_shown(stem, form), form, {}, notes)
    value = {
        "text": rich(html, form, notes),
        "image": image,
        "image_alt": alt,
        **parted_feedback(_words(general, form, notes)),
        **ours.common(extras),
        **fields,
    }
    return built(kind, value, line=block.line, topic=topic, title=_shown(title, "plain"), tags=tags, notes=notes)


def _title(text: str) -> tuple[str, str]:
    stripped = text.lstrip()
    if not stripped.startswith("::"):
        return "", text
    title, marks, rest = stripped[2:].partition("::")
    if not marks:
        raise Unreadable("Judul soal dibuka dengan :: tetapi tidak ditutup dengan ::.")
    return title, rest


def _parts(text: str) -> tuple[str, str, str]:
    """Before the answers, the answers, after them."""
    before, opened, rest = text.partition("{")
    if not opened:
        if "}" in text:
            raise Unreadable("Ada } tanpa { pembuka. Tulis \\} bila itu bagian dari teks.")
        raise Unreadable(
            "Tidak ada jawaban dalam kurung { }. Teks tanpa pertanyaan tidak dapat diimpor; "
            "hapus bagian ini atau beri jawabannya."
        )
    answers, closed, after = rest.partition("}")
    if not closed:
        raise Unreadable("Kurung { belum ditutup dengan }. Di dalam satu soal tidak boleh ada baris kosong.")
    if "}" in before or "{" in answers or re.search(r"[{}]", after):
        raise Unreadable(
            "Ada lebih dari satu pasang kurung { }. Satu soal hanya punya satu; "
            "tulis \\{ dan \\} bila kurung itu bagian dari teks."
        )
    return before, answers, after


def _place_of_answers(raw: str) -> int:
    found = re.search(r"(?<!\\)\{", raw)
    return found.start() if found else 0


def _form(text: str, default: str) -> tuple[str, str]:
    """The text format that a marker names, and the text without it."""
    found = FORM.match(text)
    return (found[1], text[found.end() :]) if found else (default, text)


def _shown(text: str, form: str) -> str:
    """The text with its escaped characters; a line that was only wrapped in the file goes on with a space."""
    if form in ("moodle", "plain"):
        text = " ".join(line.strip() for line in text.split("\n"))
    return text.strip().translate(HIDDEN)


def _words(text: str, default: str, notes: list[str]) -> str:
    form, rest = _form(text, default)
    return plain(_shown(rest, form), form, notes)


def _answers(answers: str, form: str, extras: ours.Extras, notes: list[str], *, line: int) -> tuple[str, dict]:
    """The kind of a question and its answers, decided as Moodle does."""
    bare = answers.strip()
    if not bare:
        return QuestionKind.ESSAY, ours.essay_fields(extras)
    if bare.startswith(">"):
        raise Unreadable("Soal mengurutkan tidak termasuk GIFT. Impor lewat Moodle XML atau templat XLSX.", line)
    if bare.startswith("#"):
        return _numerical(answers.partition("#")[2], form, extras, notes, line=line)
    if found := TRUE_FALSE.match(answers):
        return _true_false(found[1], answers, form, notes)
    entries = _entries(answers, form, notes, line=line)
    if extras.get("kind") == QuestionKind.GAPS:
        return _gap(entries)
    if any(entry.mark == "~" for entry in entries):
        options = [entry.option(notes) for entry in entries]
        one = any(entry.mark == "=" for entry in entries)
        return chosen_kind(options, one=one, extras=extras, notes=notes)
    if extras.get("kind") != QuestionKind.SHORT and any("->" in entry.text for entry in entries):
        return _matching(entries)
    accepted = [
        {"text": entry.plain(notes), "fraction": entry.fraction, "feedback": entry.feedback} for entry in entries
    ]
    return QuestionKind.SHORT, {"accepted": accepted, "match_case": extras.get("match_case") == "yes"}


@dataclass(frozen=True)
class Entry:
    """One answer: ``=`` or ``~``, what it earns, its raw text and its feedback."""

    mark: str
    fraction: Decimal
    form: str
    text: str
    feedback: str
    line: int

    def plain(self, notes: list[str]) -> str:
        return plain(_shown(self.text, self.form), self.form, notes)

    def option(self, notes: list[str]) -> dict:
        html, image, alt = take_pictures(_shown(self.text, self.form), self.form, {}, notes)
        return choice(plain(html, self.form, notes), self.fraction, self.feedback, image, alt)


def _entries(answers: str, form: str, notes: list[str], *, line: int) -> list[Entry]:
    lead, *pieces = re.split(r"([=~])", answers)
    if lead.strip():
        raise Unreadable("Setiap jawaban dimulai dengan = (benar) atau ~ (salah).", line)
    if len(pieces) // 2 > MOST_ANSWERS:
        raise Unreadable(f"Lebih dari {MOST_ANSWERS} jawaban dalam satu soal. Kurangi jawabannya.", line)
    entries = []
    line += lead.count("\n")
    for mark, piece in zip(pieces[::2], pieces[1::2], strict=True):
        try:
            weight = WEIGHT.match(piece)
            fraction = fraction_from(weight[1]) if weight else Decimal(mark == "=")
            text, _hash, feedback = (piece[weight.end() :] if weight else piece).partition("#")
            own, text = _form(text, form)
            entries.append(Entry(mark, fraction, own, text, _words(feedback, form, notes), line))
        except Unreadable as problem:
            raise Unreadable(str(problem), problem.line or line) from None
        line += piece.count("\n")
    return entries


def _true_false(word: str, answers: str, form: str, notes: list[str]) -> tuple[str, dict]:
    is_true = word.upper().startswith("T")
    # The first feedback is for the wrong answer, the second for the right one.
    wrong, right = (_words(part, form, notes) for part in (*answers.split("#")[1:3], "", "")[:2])
    return QuestionKind.TRUE_FALSE, {
        "answer": "benar" if is_true else "salah",
        "feedback_true": right if is_true else wrong,
        "feedback_false": wrong if is_true else right,
    }


def _matching(entries: list[Entry]) -> tuple[str, dict]:
    pairs, others = [], []
    for entry in entries:
        stem, arrow, match = entry.text.partition("->")
        if not arrow:
            raise Unreadable("Setiap pasangan ditulis = pernyataan -> pasangannya.", entry.line)
        if entry.feedback:
            raise Unreadable("Pasangan tidak dapat membawa umpan balik. Pindahkan ke umpan balik umum.", entry.line)
        own = [plain(_shown(part, entry.form), entry.form, []) for part in (stem, match)]
        if own[0]:
            pairs.append({"stem": own[0], "match": own[1]})
        else:
            others.append(own[1])
    return QuestionKind.MATCHING, {"pairs": pairs, "distractors": others}


def _gap(entries: list[Entry]) -> tuple[str, dict]:
    words = {mark: "\n".join(entry.plain([]) for entry in entries if entry.mark == mark) for mark in ("=", "~")}
    return QuestionKind.GAPS, {"gaps": [{"answers": words["="], "wrong": words["~"]}]}


def _numerical(answers: str, form: str, extras: ours.Extras, notes: list[str], *, line: int) -> tuple[str, dict]:
    if not re.match(r"\s*[=~]", answers):
        answers = "=" + answers
    numbers = []
    for entry in _entries(answers, form, notes, line=line):
        if entry.mark == "~":
            if entry.feedback:
                raise Unreadable(
                    "Umpan balik untuk jawaban selain itu tidak dapat dibawa. Pindahkan ke umpan balik umum.",
                    entry.line,
                )
            continue
        try:
            number, tolerance = _range(_shown(entry.text, "plain"))
        except Unreadable as problem:
            raise Unreadable(str(problem), entry.line) from None
        numbers.append(
            {"number": number, "tolerance": tolerance, "fraction": entry.fraction, "feedback": entry.feedback}
        )
    return QuestionKind.NUMERICAL, {"numbers": numbers, "units": ours.units_from(extras)}


def _range(text: str) -> tuple[Decimal, Decimal]:
    """``3``, ``3:2`` (3 ± 2) or ``1..5`` as (number, tolerance)."""
    if ".." in text:
        low, high = (decimal_from(part) for part in text.split("..", 1))
        if low > high:
            raise Unreadable(f"Rentang {text[:40]} terbalik: tulis angka yang kecil dahulu.")
        return (low + high) / 2, (high - low) / 2
    number, _colon, tolerance = text.partition(":")
    return decimal_from(number), decimal_from(tolerance) if tolerance.strip() else Decimal(0)
