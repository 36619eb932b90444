"""Questions answered by choosing among options."""

from decimal import Decimal

from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup

from quizzes.choices import QuestionKind

from .base import QuestionBlock, feedback_block, fraction_block, has_repeated, picture, picture_group, require_alt
from .folding import NamedBlock

# Three times 0.33333 still counts as a whole.
THIRDS = Decimal("0.001")


class PicturedBlock(NamedBlock):
    """An option that may carry a picture; ``answer_names`` are its other fields in the editor's order."""

    answer_names: list[str] = []

    def __init__(self, **kwargs):
        super().__init__(picture(), **kwargs)

    def get_form_layout(self) -> BlockGroup:
        return BlockGroup([*self.answer_names, picture_group()])

    def clean(self, value):
        cleaned = super().clean(value)
        if not self.is_deferred_validation:
            require_alt(cleaned)
        return cleaned


class OptionBlock(PicturedBlock):
    text = blocks.TextBlock(label="Pilihan jawaban", rows=2, max_length=500)
    right = blocks.BooleanBlock(label="Benar", required=False)
    feedback = feedback_block()

    answer_names = ["text", "right", "feedback"]

    class Meta:
        label = "Pilihan"
        label_format = "{right} {text}"


class RatedOptionBlock(PicturedBlock):
    text = blocks.TextBlock(label="Tindakan", rows=2, max_length=500)
    fraction = fraction_block(
        "Bobot", "1 untuk tindakan terbaik, 0 untuk yang tidak membantu, di bawah 0 untuk yang merugikan."
    )
    feedback = feedback_block("Akibatnya")

    answer_names = ["text", "fraction", "feedback"]

    class Meta:
        label = "Tindakan"
        label_format = "{fraction}: {text}"


class WeighedOptionBlock(OptionBlock):
    fraction = fraction_block("Bobot", "Biarkan kosong semua agar pilihan yang benar bernilai sama.", required=False)

    answer_names = ["text", "right", "fraction", "feedback"]

    class Meta:
        label = "Pilihan"
        label_format = "{right} {text}"


def options(child: blocks.Block) -> blocks.ListBlock:
    return blocks.ListBlock(child, label="Pilihan jawaban", min_num=2, max_num=8, collapsed=True)


def repeated_text(value) -> bool:
    return has_repeated(option["text"] for option in value["options"])


class SingleBlock(QuestionBlock):
    def __init__(self, **kwargs):
        super().__init__([("options", options(OptionBlock()))], **kwargs)

    def key_problem(self, value) -> str:
        if sum(option["right"] for option in value["options"]) != 1:
            return "Tandai tepat satu pilihan sebagai benar."
        return "Ada dua pilihan yang sama bunyinya." if repeated_text(value) else ""

    class Meta:
        label = QuestionKind.SINGLE.label
        icon = "radio-full"
        label_format = "{text}"


class MultipleBlock(QuestionBlock):
    def __init__(self, **kwargs):
        credit = blocks.BooleanBlock(
            label="Hanya bernilai bila semuanya tepat",
            required=False,
            help_text="Tanpa tanda ini, jawaban sebagian mendapat nilai sebagian.",
        )
        super().__init__([("options", options(WeighedOptionBlock())), ("all_or_nothing", credit)], **kwargs)

    def key_problem(self, value) -> str:
        chosen = [option for option in value["options"] if option["right"]]
        if len(chosen) < 2:
            return "Tandai paling sedikit dua pilihan sebagai benar."
        weights = [option["fraction"] for option in value["options"]]
        if any(weight is not None for weight in weights):
            if None in weights:
                return "Isi bobot semua pilihan, atau kosongkan semuanya."
            if any((option["fraction"] > 0) != option["right"] for option in value["options"]):
                return "Bobot pilihan yang benar harus di atas 0, bobot yang salah 0 atau di bawahnya."
            if abs(sum(option["fraction"] for option in chosen) - 1) > THIRDS:
                return "Jumlah bobot pilihan yang benar harus 1."
        return "Ada dua pilihan yang sama bunyinya." if repeated_text(value) else ""

    class Meta:
        label = QuestionKind.MULTIPLE.label
        icon = "tick-inverse"
        label_format = "{text}"


class TrueFalseBlock(QuestionBlock):
    def __init__(self, **kwargs):
        answers = [
            (
                "answer",
                blocks.ChoiceBlock(label="Jawaban yang benar", choices=[("benar", "Benar"), ("salah", "Salah")]),
            ),
            ("feedback_true", feedback_block("Umpan balik bagi yang memilih Benar")),
            ("feedback_false", feedback_block("Umpan balik bagi yang memilih Salah")),
        ]
        super().__init__(answers, **kwargs)

    def key_problem(self, value) -> str:
        return ""

    class Meta:
        label = QuestionKind.TRUE_FALSE.label
        icon = "circle-check"
        label_format = "{text}"


class SituationalBlock(QuestionBlock):
    def __init__(self, **kwargs):
        super().__init__([("options", options(RatedOptionBlock()))], **kwargs)

    def key_problem(self, value) -> str:
        if sum(option["fraction"] == 1 for option in value["options"]) != 1:
            return "Beri bobot 1 kepada tepat satu tindakan, yang terbaik."
        return "Ada dua tindakan yang sama bunyinya." if repeated_text(value) else ""

    class Meta:
        label = QuestionKind.SITUATIONAL.label
        icon = "group"
        label_format = "{text}"
