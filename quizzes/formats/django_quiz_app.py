"""The data of django-quiz-app 0.5.1, as ``manage.py dumpdata`` writes it: questions, quizzes, sittings as history.

Its models: quiz.category, quiz.subcategory, quiz.quiz, quiz.question with a row of multichoice.mcquestion
(answers in multichoice.answer), true_false.tf_question or essay.essay_question under the same key, quiz.sitting.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from quizzes.choices import QuestionKind

from .building import built
from .model import ImportedQuestion, OldQuiz, OldSitting, Reading, Unreadable
from .text import decoded, html_of, one_line

KNOWN = {
    "quiz.category",
    "quiz.subcategory",
    "quiz.quiz",
    "quiz.question",
    "quiz.sitting",
    "quiz.progress",
    "multichoice.mcquestion",
    "multichoice.answer",
    "true_false.tf_question",
    "essay.essay_question",
    "auth.user",
}
QUESTION_MODELS = ("multichoice.mcquestion", "true_false.tf_question", "essay.essay_question")
NOT_JSON = (
    "Ini bukan data JSON dari dumpdata. Jalankan lagi: manage.py dumpdata quiz multichoice true_false essay auth.user"
)


@dataclass(frozen=True)
class Record:
    model: str
    key: Any
    fields: dict[str, Any]
    line: int

    def text(self, name: str) -> str:
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        value = self.fields.get(name)
        if value is None:
            return 0
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 1_000_000:
            raise Unreadable(f"Isi “{name}” harus bilangan 0 sampai 1.000.000.", self.line)
        return value


Table = dict[Any, Record]


def read(content: bytes, reading: Reading) -> None:
    """Read a fixture into ``reading``. Raises Unreadable where reading on makes no sense."""
    tables: dict[str, Table] = defaultdict(dict)
    ignored: dict[str, int] = defaultdict(int)
    for record in _records(decoded(content, reading)):
        if record.model in KNOWN:
            tables[record.model][_key(record.key)] = record
        else:
            ignored[record.model] += 1
    if not any(tables[model] for model in ("quiz.question", "quiz.quiz", "quiz.sitting", *QUESTION_MODELS)):
        raise Unreadable(f"Tidak ada data django-quiz-app di dalamnya. {NOT_JSON}")
    if ignored:
        names = ", ".join(sorted(model[:40] for model in ignored)[:10])
        reading.notes.append(f"Dilewati karena bukan bagian dari kuis: {names}.")
    if tables["quiz.progress"]:
        reading.notes.append("Angka kemajuan lama tidak dibawa; di sini dihitung dari percobaan sendiri.")
    places = _questions(tables, reading)
    _quizzes(tables, places, reading)
    _sittings(tables, reading)


def _records(text: str) -> Iterator[Record]:
    """The objects of the list with the line each begins on."""
    decoder = json.JSONDecoder()
    place, line = 0, 1

    def skip(signs: str) -> int:
        at = place
        while at < len(text) and text[at] in signs:
            at += 1
        return at

    place = skip(" \n\t\ufeff")
    if text[place : place + 1] != "[":
        raise Unreadable(NOT_JSON)
    counted, place = 0, place + 1
    while True:
        place = skip(" \n\t,")
        line += text.count("\n", counted, place)
        counted = place
        if text[place : place + 1] in ("]", ""):
            return
        try:
            found, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            raise Unreadable(f"JSON-nya rusak. {NOT_JSON}", line) from None
        fields = found.get("fields") if isinstance(found, dict) else None
        if not isinstance(fields, dict) or not isinstance(found.get("model"), str):
            raise Unreadable(f"Bukan catatan dumpdata: harus punya model dan fields. {NOT_JSON}", line)
        yield Record(found["model"].lower(), found.get("pk"), fields, line)


def _key(value: Any) -> Any:
    """A primary key, or a natural key as ``dumpdata --natural-foreign`` writes it."""
    return json.dumps(value) if isinstance(value, list | dict) else value


def _questions(tables: dict[str, Table], reading: Reading) -> dict[Any, int]:
    """Read every question; return at which place of the reading each key stands."""
    answers: dict[Any, list[Record]] = defaultdict(list)
    for answer in tables["multichoice.answer"].values():
        answers[_key(answer.fields.get("question"))].append(answer)
    places: dict[Any, int] = {}
    kinds = {key: record for model in QUESTION_MODELS for key, record in tables[model].items()}
    for key, base in tables["quiz.question"].items():
        try:
            question = _question(base, kinds.get(key), answers[key], tables)
        except Unreadable as problem:
            reading.refuse(problem.line or base.line, str(problem))
        else:
            places[key] = len(reading.questions)
            reading.add(question)
    for key, record in kinds.items():
        if key not in tables["quiz.question"]:
            reading.refuse(record.line, f"Soal {_shown(key)} tidak punya baris quiz.question. Ekspor lagi dengan quiz.")
    return places


def _question(base: Record, own: Record | None, answers: list[Record], tables: dict[str, Table]) -> ImportedQuestion:
    if own is None:
        raise Unreadable("Jenis soal ini tidak ikut. Ekspor lagi dengan multichoice, true_false, dan essay.")
    notes = []
    if figure := base.text("figure"):
        notes.append(f"Gambar {figure[:80]} tidak ikut dalam data. Pasang gambarnya sesudah impor.")
    kind, fields = _answers(own, answers)
    value = {"text": html_of(base.text("content")), "explanation": base.text("explanation"), **fields}
    return built(kind, value, line=base.line, topic=_topic(base, tables), notes=notes)


def _answers(own: Record, answers: list[Record]) -> tuple[str, dict[str, Any]]:
    if own.model == "true_false.tf_question":
        return QuestionKind.TRUE_FALSE, {"answer": "benar" if own.fields.get("correct") is True else "salah"}
    if own.model == "essay.essay_question":
        return QuestionKind.ESSAY, {"rubric": [{"text": "Isi jawaban", "points": 4, "guide": ""}], "max_words": 0}
    options: list[dict[str, Any]] = [
        {"text": answer.text("content"), "right": answer.fields.get("correct") is True, "feedback": ""}
        for answer in answers
    ]
    if sum(option["right"] for option in options) > 1:
        raise Unreadable(
            "Beberapa jawaban ditandai benar, dan salah satunya saja sudah cukup. Soal seperti itu tidak ada di sini; "
            "sisakan satu jawaban benar."
        )
    return QuestionKind.SINGLE, {"options": options}


def _topic(record: Record, tables: dict[str, Table]) -> list[str]:
    category = _named(tables["quiz.category"], record.fields.get("category"), "category")
    below = tables["quiz.subcategory"].get(_key(record.fields.get("sub_category")))
    if below is None:
        return [category]
    parent = _named(tables["quiz.category"], below.fields.get("category"), "category")
    return [category or parent, below.text("sub_category")]


def _named(table: Table, key: Any, name: str) -> str:
    record = table.get(_key(key))
    return one_line(record.text(name)) if record else ""


def _quizzes(tables: dict[str, Table], places: dict[Any, int], reading: Reading) -> None:
    members: dict[Any, list[int]] = defaultdict(list)
    for key, place in places.items():
        quizzes = tables["quiz.question"][key].fields.get("quiz")
        for quiz in quizzes if isinstance(quizzes, list) else []:
            members[_key(quiz)].append(place)
    for key, quiz in tables["quiz.quiz"].items():
        try:
            read_quiz = OldQuiz(
                title=one_line(quiz.text("title"))[:200] or f"Kuis {_shown(key)}",
                intro=quiz.text("description"),
                pass_mark=min(quiz.number("pass_mark"), 100),
                random_order=quiz.fields.get("random_order") is True,
                draw_count=quiz.number("max_questions"),
                after_each=quiz.fields.get("answers_at_end") is not True,
                one_attempt=quiz.fields.get("single_attempt") is True,
                pass_message=quiz.text("success_text"),
                fail_message=quiz.text("fail_text"),
                questions=tuple(sorted(members[key])),
            )
        except Unreadable as problem:
            reading.refuse(problem.line, str(problem))
        else:
            reading.quizzes.append(read_quiz)


def _sittings(tables: dict[str, Table], reading: Reading) -> None:
    open_ones = 0
    for key, sitting in tables["quiz.sitting"].items():
        if sitting.fields.get("complete") is not True:
            open_ones += 1
            continue
        try:
            reading.sittings.append(_sitting(key, sitting, tables))
        except Unreadable as problem:
            reading.refuse(problem.line or sitting.line, str(problem))
    if open_ones:
        reading.notes.append(f"{open_ones} pengerjaan yang belum selesai tidak dibawa sebagai riwayat.")


def _sitting(key: Any, sitting: Record, tables: dict[str, Table]) -> OldSitting:
    quiz = tables["quiz.quiz"].get(_key(sitting.fields.get("quiz")))
    if quiz is None:
        raise Unreadable("Kuis dari hasil ini tidak ikut dalam data. Ekspor lagi dengan quiz.")
    started_at = _moment(sitting, "start")
    if started_at is None:
        raise Unreadable("Hasil ini tidak punya waktu mulai (start).")
    login, name = _person(sitting.fields.get("user"), tables["auth.user"])
    asked = [number for number in sitting.text("question_order").split(",") if number.strip()]
    score, mark = sitting.number("current_score"), quiz.number("pass_mark")
    percent = min(round(score * 100 / len(asked)), 100) if asked else 0
    title = one_line(quiz.text("title"))[:200] or "Kuis tanpa judul"
    return OldSitting(
        key=hashlib.sha256(json.dumps([_shown(key), title, login, started_at.isoformat()]).encode()).hexdigest(),
        quiz=title,
        category=_named(tables["quiz.category"], quiz.fields.get("category"), "category")[:250],
        login=login,
        name=name,
        score=score,
        questions=len(asked),
        percent=percent,
        passed=percent >= mark if mark else None,
        started_at=started_at,
        ended_at=_moment(sitting, "end"),
        line=sitting.line,
    )


def _person(key: Any, users: Table) -> tuple[str, str]:
    """(login, name) of who sat; without the users in the data only the key is known."""
    record = users.get(_key(key))
    if record:
        name = one_line(f"{record.text('first_name')} {record.text('last_name')}")
        return one_line(record.text("username"))[:150], name[:250]
    if isinstance(key, list) and key and isinstance(key[0], str):
        return one_line(key[0])[:150], ""
    return "", f"Pengguna {_shown(key)}"


def _moment(record: Record, name: str) -> datetime | None:
    text = record.text(name)
    try:
        moment = parse_datetime(text) if text else None
        if text and moment is None:
            raise ValueError(text)
        return timezone.make_aware(moment) if moment and timezone.is_naive(moment) else moment
    except (ValueError, OverflowError):
        raise Unreadable(f"Waktu “{text[:40]}” tidak terbaca.", record.line) from None


def _shown(key: Any) -> str:
    return one_line(str(key))[:40]
