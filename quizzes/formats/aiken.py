"""Aiken: one choice in its plainest form. A line with the question, lettered lines, ``ANSWER: B``.

It holds the words and the right option of a question and nothing else; the writer names what it leaves behind.
"""

import re
from collections.abc import Sequence

from quizzes.choices import Difficulty, QuestionKind

from .building import built
from .model import ImportedQuestion, Reading, Unheld, Unreadable, Written
from .text import decoded, html_of, plain_of

OPTION = re.compile(r"([A-Z])[.)] +(\S.*)")
OPTION_LIKE = re.compile(r"([A-Za-z])\s*[.)](?:\s|$)")
LETTERED = re.compile(r"[A-Za-z]\s*[.)]")
ANSWER = re.compile(r"ANSWER: *([A-Z])\s*")
ANSWER_LIKE = re.compile(r"\s*(?:answer|jawaban|kunci)\s*[:=]", re.IGNORECASE)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LONGEST_LINE = 5_000


def read(content: bytes, reading: Reading) -> None:
    """Read an Aiken file into ``reading``. Raises Unreadable where reading on makes no sense."""
    block: list[tuple[int, str]] = []
    for number, line in enumerate(decoded(content, reading).split("\n"), start=1):
        stripped = line.strip()
        if stripped:
            block.append((number, stripped))
        # A question ends with its answer line, whether or not an empty line follows.
        if block and (not stripped or ANSWER.fullmatch(stripped)):
            _take(block, reading)
            block = []
    if block:
        _take(block, reading)


def _take(block: list[tuple[int, str]], reading: Reading) -> None:
    try:
        question = _question(block)
    except Unreadable as problem:
        reading.refuse(problem.line or block[0][0], str(problem))
    else:
        reading.add(question)


def _question(block: list[tuple[int, str]]) -> ImportedQuestion:
    (first, text), *rest = block
    if OPTION_LIKE.match(text) or ANSWER.fullmatch(text) or not rest:
        raise Unreadable("Soal Aiken dimulai dengan satu baris pertanyaan, lalu pilihan A. B. C., lalu ANSWER: huruf.")
    options: list[str] = []
    for line, words in rest[:-1]:
        options.append(_option(line, words, len(options)))
    line, words = rest[-1]
    answer = ANSWER.fullmatch(words)
    if not answer:
        if ANSWER_LIKE.match(words):
            raise Unreadable("Tulis baris kunci persis seperti ini: ANSWER: B (huruf besar).", line)
        raise Unreadable("Baris kunci belum ada. Akhiri soal dengan ANSWER: dan huruf pilihan yang benar.", line)
    if answer[1] not in LETTERS[: len(options)]:
        raise Unreadable(f"Kunci {answer[1]} tidak ada di antara pilihannya.", line)
    value = {
        "text": html_of(text),
        "options": [
            {"text": words, "right": letter == answer[1]} for letter, words in zip(LETTERS, options, strict=False)
        ],
    }
    return built(QuestionKind.SINGLE, value, line=first)


def _option(line: int, words: str, place: int) -> str:
    if len(words) > LONGEST_LINE:
        raise Unreadable("Pilihan ini terlalu panjang. Paling banyak 500 huruf.", line)
    option = OPTION.fullmatch(words)
    if not option:
        if place == 0 and not LETTERED.match(words):
            raise Unreadable("Pertanyaan harus satu baris; baris berikutnya adalah pilihan A.", line)
        if ANSWER_LIKE.match(words):
            raise Unreadable("Sesudah baris ANSWER harus ada baris kosong atau soal berikutnya.", line)
        raise Unreadable("Pilihan ditulis dengan huruf besar, titik atau kurung tutup, dan spasi: A. …", line)
    if option[1] != LETTERS[place]:
        raise Unreadable(f"Setelah {place} pilihan, yang berikutnya harus {LETTERS[place]}, bukan {option[1]}.", line)
    return option[2]


def write(questions: Sequence[ImportedQuestion]) -> Written:
    blocks, unheld = [], []
    for number, question in enumerate(questions, start=1):
        if reason := _reason_against(question):
            unheld.append(Unheld(number, question.title, reason, omitted=True))
            continue
        if left := _left_behind(question):
            unheld.append(Unheld(number, question.title, f"Tidak terbawa: {', '.join(left)}."))
        options = question.value["options"]
        right = next(letter for letter, option in zip(LETTERS, options, strict=False) if option["right"])
        lines = [plain_of(question.value["text"]) or ""]
        lines += [f"{letter}. {option['text']}" for letter, option in zip(LETTERS, options, strict=False)]
        blocks.append("\n".join([*lines, f"ANSWER: {right}", ""]))
    return Written("\n".join(blocks).encode(), unheld)


def _reason_against(question: ImportedQuestion) -> str:
    if question.kind != QuestionKind.SINGLE:
        return f"Aiken hanya memuat soal satu jawaban, bukan {QuestionKind(question.kind).label}."
    text = plain_of(question.value["text"])
    if text is None or "\n" in text or any("\n" in option["text"] for option in question.value["options"]):
        return "Aiken hanya memuat teks biasa satu baris."
    if question.value["image"] or any(option["image"] for option in question.value["options"]):
        return "Aiken tidak memuat gambar."
    if OPTION_LIKE.match(text) or ANSWER_LIKE.match(text):
        return "Pertanyaannya tertulis seperti baris pilihan atau baris kunci."
    return ""


def _left_behind(question: ImportedQuestion) -> list[str]:
    value = question.value
    parts = {
        "umpan balik": value["feedback"] or any(option["feedback"] for option in value["options"]),
        "pembahasan": value["explanation"],
        "topik": question.topic,
        "tanda": question.tags,
        "tingkat kesulitan": value["difficulty"] != Difficulty.MEDIUM,
        "poin": value["marks"] != 1,
        "dasar hukum": value["legal_source"],
        "tanda perlu verifikasi": value["needs_verification"],
    }
    return [name for name, present in parts.items() if present]
