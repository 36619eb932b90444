"""Questions answered in words or figures of one's own."""

from decimal import Decimal

from wagtail import blocks

from quizzes.choices import QuestionKind
from quizzes.kinds.written import GAP, folded

from .base import QuestionBlock, feedback_block, fraction_block, has_repeated
from .folding import NamedBlock

FULL_OR_PARTIAL = "1 untuk jawaban yang tepat; di bawah 1 untuk jawaban yang tepat sebagian."


class AcceptedBlock(NamedBlock):
    text = blocks.CharBlock(
        label="Jawaban yang diterima",
        max_length=200,
        help_text="Huruf besar dan spasi tidak dibedakan. Tanda * menggantikan teks apa saja.",
    )
    fraction = fraction_block("Bobot", FULL_OR_PARTIAL, default=Decimal(1))
    feedback = feedback_block()

    class Meta:
        label = "Jawaban"
        label_format = "{fraction}: {text}"


class ShortBlock(QuestionBlock):
    def __init__(self, **kwargs):
        accepted = blocks.ListBlock(AcceptedBlock(), label="Jawaban yang diterima", min_num=1, max_num=20)
        case = blocks.BooleanBlock(label="Bedakan huruf besar dan kecil", required=False)
        super().__init__([("accepted", accepted), ("match_case", case)], **kwargs)

    def key_problem(self, value) -> str:
        if not any(answer["fraction"] == 1 for answer in value["accepted"]):
            return "Beri bobot 1 kepada paling sedikit satu jawaban."
        if not value["match_case"] and has_repeated(answer["text"] for answer in value["accepted"]):
            return "Ada dua jawaban yang sama bunyinya."
        return ""

    class Meta:
        label = QuestionKind.SHORT.label
        icon = "edit"
        label_format = "{text}"


class NumberBlock(NamedBlock):
    number = blocks.DecimalBlock(label="Angka", max_digits=20, decimal_places=6)
    tolerance = blocks.DecimalBlock(
        label="Toleransi",
        max_digits=20,
        decimal_places=6,
        min_value=Decimal(0),
        default=Decimal(0),
        help_text="Jawaban diterima dari angka dikurangi sampai angka ditambah toleransi.",
    )
    fraction = fraction_block("Bobot", FULL_OR_PARTIAL, default=Decimal(1))
    feedback = feedback_block()

    class Meta:
        label = "Angka"
        label_format = "{fraction}: {number} ± {tolerance}"


class MeasureBlock(NamedBlock):
    name = blocks.CharBlock(label="Satuan ukuran", max_length=20, help_text="Misalnya menit, hari kerja, rupiah.")
    factor = blocks.DecimalBlock(
        label="Nilainya dalam satuan pertama",
        max_digits=20,
        decimal_places=9,
        min_value=Decimal("0.000000001"),
        default=Decimal(1),
        help_text="Satuan pertama bernilai 1; 1 jam bernilai 60 bila satuan pertama menit.",
    )

    class Meta:
        label = "Satuan ukuran"
        label_format = "{name}"


class NumericalBlock(QuestionBlock):
    def __init__(self, **kwargs):
        numbers = blocks.ListBlock(NumberBlock(), label="Angka yang diterima", min_num=1, max_num=10)
        units = blocks.ListBlock(MeasureBlock(), label="Satuan ukuran", max_num=6, default=[])
        super().__init__([("numbers", numbers), ("units", units)], **kwargs)

    def key_problem(self, value) -> str:
        if not any(answer["fraction"] == 1 for answer in value["numbers"]):
            return "Beri bobot 1 kepada paling sedikit satu angka."
        units = value["units"]
        if units and units[0]["factor"] != 1:
            return "Satuan ukuran yang pertama harus bernilai 1."
        return "Ada dua satuan ukuran yang sama." if has_repeated(unit["name"] for unit in units) else ""

    class Meta:
        label = QuestionKind.NUMERICAL.label
        icon = "decimal"
        label_format = "{text}"


class GapBlock(NamedBlock):
    answers = blocks.TextBlock(
        label="Jawaban yang diterima",
        rows=2,
        max_length=500,
        help_text="Satu per baris. Huruf besar dan spasi tidak dibedakan.",
    )
    wrong = blocks.TextBlock(
        label="Pilihan salah",
        rows=2,
        required=False,
        max_length=500,
        help_text="Satu per baris. Bila diisi, peserta memilih dari daftar; bila kosong, peserta mengetik.",
    )

    class Meta:
        label = "Rumpang"
        label_format = "{answers}"


class GapsBlock(QuestionBlock):
    """Its text carries [[1]], [[2]] … where the gaps are."""

    def __init__(self, **kwargs):
        gaps = blocks.ListBlock(
            GapBlock(), label="Rumpang, menurut nomornya dalam soal: [[1]], [[2]] …", min_num=1, max_num=12
        )
        super().__init__([("gaps", gaps)], **kwargs)

    def key_problem(self, value) -> str:
        marked = [int(number) for number in GAP.findall(value["text"].source)]
        expected = list(range(1, len(value["gaps"]) + 1))
        if sorted(marked) != expected:
            return f"Tulis {', '.join(f'[[{number}]]' for number in expected)} masing-masing satu kali dalam soal."
        for number, gap in enumerate(value["gaps"], start=1):
            right, wrong = lines_of(gap["answers"]), lines_of(gap["wrong"])
            if not right:
                return f"Rumpang {number} belum punya jawaban."
            if {folded(text) for text in right} & {folded(text) for text in wrong}:
                return f"Rumpang {number}: satu pilihan tertulis sebagai benar dan sebagai salah."
        return ""

    class Meta:
        label = QuestionKind.GAPS.label
        icon = "form"
        label_format = "{text}"


def lines_of(text: str) -> list[str]:
    """The lines of a text field without the empty ones."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


class CriterionBlock(NamedBlock):
    text = blocks.CharBlock(label="Kriteria", max_length=200)
    points = blocks.IntegerBlock(label="Poin paling banyak", min_value=1, max_value=100, default=4)
    guide = blocks.TextBlock(
        label="Pedoman untuk penilai", rows=2, required=False, help_text="Kapan poin penuh, kapan sebagian."
    )

    class Meta:
        label = "Kriteria"
        label_format = "{points}: {text}"


class EssayBlock(QuestionBlock):
    def __init__(self, **kwargs):
        answers = [
            ("rubric", blocks.ListBlock(CriterionBlock(), label="Rubrik", min_num=1, max_num=8)),
            (
                "max_words",
                blocks.IntegerBlock(
                    label="Paling banyak kata", min_value=0, max_value=3000, default=300, help_text="0 = tanpa batas."
                ),
            ),
            ("two_markers", blocks.BooleanBlock(label="Dinilai dua penilai", required=False)),
        ]
        super().__init__(answers, **kwargs)

    def key_problem(self, value) -> str:
        return "Ada dua kriteria yang sama." if has_repeated(row["text"] for row in value["rubric"]) else ""

    class Meta:
        label = QuestionKind.ESSAY.label
        icon = "doc-full"
        label_format = "{text}"
