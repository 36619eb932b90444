"""Moodle's XML, read: the question types that have a kind of ours; every other one is refused with its line."""

import re
from collections.abc import Callable
from decimal import Context, Decimal

from quizzes.choices import QuestionKind
from quizzes.kinds.written import GAP

from . import extras as ours
from .building import built, choice, chosen_kind, decimal_from, fraction_from, parted_feedback
from .categories import path_from
from .cloze import read_cloze
from .model import ImportedQuestion, Reading, Unreadable
from .text import bytes_of, decoded, plain, rich, take_pictures
from .xml_tree import Element, parse

FORMS = {"html": "html", "moodle_auto_format": "moodle", "plain_text": "plain", "markdown": "markdown"}
NAMES = {
    "description": "keterangan tanpa pertanyaan",
    "calculated": "hitungan",
    "calculatedsimple": "hitungan sederhana",
    "calculatedmulti": "hitungan pilihan ganda",
    "randomsamatch": "pasangan acak",
    "random": "soal acak",
    "ddimageortext": "seret ke gambar",
    "ddmarker": "penanda gambar",
}
MOST_CHOICES = 40
MANY_DIGITS, NINE_PLACES = Context(prec=80), Decimal("0.000000001")
# Ours of another system's settings that change nothing here are not worth a word; these are.
IGNORED = {
    "penalty": "Pengurangan nilai tiap percobaan (penalty) tidak dipakai di sini.",
    "hint": "Petunjuk antarpercobaan (hint) tidak dibawa.",
    "correctfeedback": "Umpan balik gabungan (tepat, sebagian, salah) tidak dibawa.",
    "partiallycorrectfeedback": "Umpan balik gabungan (tepat, sebagian, salah) tidak dibawa.",
    "incorrectfeedback": "Umpan balik gabungan (tepat, sebagian, salah) tidak dibawa.",
}


def read(content: bytes, reading: Reading) -> None:
    """Read a Moodle XML file into ``reading``. Raises Unreadable where reading on makes no sense."""
    text = decoded(content, reading)
    if "<" not in text:
        raise Unreadable("Ini bukan XML. Pilih format yang sesuai, atau ekspor lagi dari Moodle sebagai Moodle XML.")
    root = parse(text.lstrip("\ufeff \n\t"))
    if root.name != "quiz":
        raise Unreadable(f"XML ini bukan ekspor soal Moodle: unsur pertamanya <{root.name[:30]}>, bukan <quiz>.")
    topic: tuple[str, ...] = ()
    for element in root.all("question"):
        if element.fields.get("type") == "category":
            topic = path_from(element.word("category"))
            continue
        try:
            question = Question(element, topic).read()
        except Unreadable as problem:
            reading.refuse(problem.line or element.line, str(problem))
        else:
            reading.add(question)


class Question:
    """One ``<question>`` on its way to a block value."""

    def __init__(self, element: Element, topic: tuple[str, ...]) -> None:
        self.element = element
        self.topic = topic
        self.notes: list[str] = []
        tags = element.first("tags")
        self.tags, self.extras = ours.parted([tag.word("text") for tag in tags.all("tag")] if tags else [])

    def read(self) -> ImportedQuestion:
        kind = self.element.fields.get("type", "")
        answers = READERS.get(kind)
        if answers is None:
            name = NAMES.get(kind, f"“{kind[:30]}”")
            raise Unreadable(f"Soal Moodle jenis {name} tidak dapat diimpor. Hapus soal ini dari berkas.")
        stem = self.element.first("questiontext")
        if stem is None:
            raise Unreadable("Soal ini tidak punya teks (questiontext).")
        self.form = self.form_of(stem, "html")
        html, image, alt = take_pictures(stem.word("text"), self.form, self.files(stem), self.notes)
        self.stem = html
        general = self.element.first("generalfeedback")
        value = {
            "marks": self.marks(),
            "image": image,
            "image_alt": alt,
            **parted_feedback(self.words(general) if general else ""),
            **ours.common(self.extras),
        }
        code, fields = answers(self)
        value |= fields
        value["text"] = rich(self.stem, self.form, self.notes)
        if hints := value.pop("hints", None):
            value["explanation"] = "\n".join(filter(None, [value["explanation"], *hints]))
        self.mention_ignored()
        return built(
            code,
            value,
            line=self.element.line,
            topic=self.topic,
            title=self.element.word("name"),
            tags=self.tags,
            notes=self.notes,
        )

    # What the parts say

    def form_of(self, element: Element, default: str = "") -> str:
        return FORMS.get(element.fields.get("format", ""), default or getattr(self, "form", "html"))

    def files(self, element: Element) -> dict[str, bytes]:
        found = {}
        for file in element.all("file"):
            if file.fields.get("encoding") != "base64":
                raise Unreadable("Berkas tersisip harus berpengodean base64.", file.line)
            found[file.fields.get("name", "")] = bytes_of(file.text)
        return found

    def words(self, element: Element) -> str:
        """The plain text of an answer or a feedback."""
        text, form = element.word("text"), self.form_of(element)
        if take_pictures(text, form, self.files(element), [])[1]:
            raise Unreadable("Gambar hanya dapat dibawa pada teks soal dan pilihan. Hapus gambar ini.", element.line)
        return plain(text, form, self.notes)

    def feedback(self, element: Element) -> str:
        inner = element.first("feedback")
        return self.words(inner) if inner else ""

    def fraction(self, element: Element) -> Decimal:
        try:
            return fraction_from(element.fields.get("fraction", "0"))
        except Unreadable as problem:
            raise Unreadable(str(problem), element.line) from None

    def answers(self) -> list[Element]:
        found = self.element.all("answer")
        if len(found) > MOST_CHOICES:
            raise Unreadable(f"Lebih dari {MOST_CHOICES} jawaban dalam satu soal. Kurangi jawabannya.")
        return found

    def marks(self) -> int:
        text = self.element.word("defaultgrade", "1")
        if decimal_from(text) == 0:
            raise Unreadable("Soal ini bernilai 0. Beri poin 1 sampai 20.")
        return ours.whole(text, "poin")

    def mention_ignored(self) -> None:
        for name, sentence in IGNORED.items():
            element = self.element.first(name)
            if element is None or sentence in self.notes:
                continue
            says = element.word("text") or element.text.strip()
            if says and not re.fullmatch(r"[0.]*", says):
                self.notes.append(sentence)

    # The types

    def choices(self) -> tuple[str, dict]:
        options = []
        for answer in self.answers():
            form = self.form_of(answer)
            text, image, alt = take_pictures(answer.word("text"), form, self.files(answer), self.notes)
            options.append(
                choice(plain(text, form, self.notes), self.fraction(answer), self.feedback(answer), image, alt)
            )
        one = self.element.word("single", "true") in ("true", "1")
        return chosen_kind(options, one=one, extras=self.extras, notes=self.notes)

    def true_false(self) -> tuple[str, dict]:
        by_word = {answer.word("text").lower(): answer for answer in self.answers()}
        if by_word.keys() != {"true", "false"}:
            raise Unreadable("Jawaban soal benar/salah harus true dan false.")
        is_true = self.fraction(by_word["true"]) == 1
        if is_true == (self.fraction(by_word["false"]) == 1):
            raise Unreadable("Tepat satu dari true dan false harus bernilai 100.")
        return QuestionKind.TRUE_FALSE, {
            "answer": "benar" if is_true else "salah",
            "feedback_true": self.feedback(by_word["true"]),
            "feedback_false": self.feedback(by_word["false"]),
        }

    def short(self) -> tuple[str, dict]:
        accepted = [
            {"text": self.words(answer), "fraction": self.fraction(answer), "feedback": self.feedback(answer)}
            for answer in self.answers()
        ]
        return QuestionKind.SHORT, {
            "accepted": accepted,
            "match_case": self.element.word("usecase") == "1",
        }

    def numerical(self) -> tuple[str, dict]:
        numbers = []
        for answer in self.answers():
            number, fraction, feedback = answer.word("text"), self.fraction(answer), self.feedback(answer)
            if number == "*":
                if feedback or fraction:
                    raise Unreadable(
                        "Jawaban * (selain itu) tidak dapat dibawa. Pindahkan umpan baliknya ke umpan balik umum.",
                        answer.line,
                    )
                continue
            tolerance = decimal_from(answer.word("tolerance", "0"))
            numbers.append(
                {
                    "number": decimal_from(number),
                    "tolerance": tolerance,
                    "fraction": fraction,
                    "feedback": feedback,
                }
            )
        return QuestionKind.NUMERICAL, {"numbers": numbers, "units": self.units()}

    def units(self) -> list[dict]:
        units = self.element.first("units")
        found = []
        for unit in units.all("unit") if units else []:
            multiplier = decimal_from(unit.word("multiplier", "1"))
            if multiplier <= 0:
                raise Unreadable("Pengali satuan harus di atas 0.", unit.line)
            # Moodle says how many of this unit make one of the first; we say how many of the first make this one.
            factor = MANY_DIGITS.quantize(MANY_DIGITS.divide(Decimal(1), multiplier), NINE_PLACES)
            found.append({"name": unit.word("unit_name"), "factor": factor.normalize(MANY_DIGITS)})
        return sorted(found, key=lambda unit: unit["factor"] != 1)

    def matching(self) -> tuple[str, dict]:
        pairs, others = [], []
        for row in self.element.all("subquestion"):
            answer = row.first("answer")
            match = plain(answer.word("text"), self.form_of(answer, "plain"), self.notes) if answer else ""
            stem = self.words(row)
            if stem:
                pairs.append({"stem": stem, "match": match})
            elif match:
                others.append(match)
        return QuestionKind.MATCHING, {"pairs": pairs, "distractors": others}

    def essay(self) -> tuple[str, dict]:
        fields = ours.essay_fields(self.extras)
        guide = self.element.first("graderinfo")
        if guide and guide.word("text") and "rubric" not in self.extras:
            fields["rubric"] = [{"text": "Isi jawaban", "points": 4, "guide": self.words(guide)}]
        if limit := self.element.word("maxwordlimit"):
            fields["max_words"] = ours.whole(limit, "batas kata")
        if self.element.word("attachments", "0") not in ("", "0"):
            self.notes.append("Lampiran pada jawaban uraian tidak dipakai di sini.")
        return QuestionKind.ESSAY, fields

    def cloze(self) -> tuple[str, dict]:
        self.stem, gaps, marks, hints = read_cloze(self.stem, self.notes)
        fields: dict = {"gaps": gaps, "hints": hints}
        if "marks" not in self.extras:
            fields["marks"] = marks
        return QuestionKind.GAPS, fields

    def ordering(self) -> tuple[str, dict]:
        return QuestionKind.ORDERING, {"steps": [self.words(answer) for answer in self.answers()]}

    def word_boxes(self) -> tuple[str, dict]:
        """``gapselect`` and ``ddwordtos``: [[n]] names the n-th of the words; wrong ones are those of its group."""
        boxes = [*self.element.all("selectoption"), *self.element.all("dragbox")]
        if len(boxes) > MOST_CHOICES or self.stem.count("[[") > MOST_CHOICES:
            raise Unreadable(f"Lebih dari {MOST_CHOICES} rumpang atau pilihan dalam satu soal. Bagi soalnya.")
        words = [(plain(box.word("text"), "html", self.notes), box.word("group", "1")) for box in boxes]
        gaps = []
        pieces = GAP.split(self.stem)
        for place, number in enumerate(pieces[1::2]):
            if not 1 <= int(number) <= len(words):
                raise Unreadable(f"Rumpang [[{number}]] tidak punya pilihan.")
            right, group = words[int(number) - 1]
            wrong = [word for word, other in words if other == group and word != right]
            gaps.append({"answers": right, "wrong": "\n".join(wrong)})
            pieces[2 * place + 1] = f"[[{place + 1}]]"
        self.stem = "".join(pieces)
        return QuestionKind.GAPS, {"gaps": gaps}


READERS: dict[str, Callable[[Question], tuple[str, dict]]] = {
    "multichoice": Question.choices,
    "truefalse": Question.true_false,
    "shortanswer": Question.short,
    "numerical": Question.numerical,
    "matching": Question.matching,
    "match": Question.matching,
    "essay": Question.essay,
    "cloze": Question.cloze,
    "multianswer": Question.cloze,
    "ordering": Question.ordering,
    "gapselect": Question.word_boxes,
    "ddwordtos": Question.word_boxes,
}
