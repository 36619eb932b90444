"""The question blocks of a quiz page. Each checks its own key; drafts may be incomplete."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from .choices import Difficulty, QuestionKind

TEXT_FEATURES = ["bold", "italic", "ol", "ul"]


class OptionBlock(blocks.StructBlock):
    text = blocks.TextBlock(label="Pilihan jawaban", rows=2, max_length=500)
    right = blocks.BooleanBlock(label="Benar", required=False)
    feedback = blocks.TextBlock(
        label="Umpan balik",
        rows=2,
        required=False,
        help_text="Ditunjukkan sesudah kuis kepada yang memilih jawaban ini.",
    )

    class Meta:
        label = "Pilihan"
        label_format = "{right} {text}"


class RatedOptionBlock(blocks.StructBlock):
    text = blocks.TextBlock(label="Tindakan", rows=2, max_length=500)
    fraction = blocks.DecimalBlock(
        label="Bobot",
        min_value=Decimal(-1),
        max_value=Decimal(1),
        max_digits=6,
        decimal_places=5,
        help_text="1 untuk tindakan terbaik, 0 untuk yang tidak membantu, di bawah 0 untuk yang merugikan.",
    )
    feedback = blocks.TextBlock(label="Akibatnya", rows=2, required=False)

    class Meta:
        label = "Tindakan"
        label_format = "{fraction}: {text}"


class QuestionBlock(blocks.StructBlock):
    """What all kinds share. Subclasses add their options and say in ``key_problem`` what is wrong with the key."""

    text = blocks.RichTextBlock(label="Soal", features=TEXT_FEATURES)
    image = ImageChooserBlock(label="Gambar", required=False)
    image_alt = blocks.CharBlock(
        label="Isi gambar dalam kata-kata", required=False, max_length=250, help_text="Wajib diisi bila ada gambar."
    )

    def key_problem(self, value) -> str:
        """Return a sentence about the first fault of the key, or an empty string."""
        raise NotImplementedError

    def clean(self, value):
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        if cleaned["image"] and not cleaned["image_alt"]:
            raise blocks.StructBlockValidationError(
                block_errors={"image_alt": ValidationError("Tuliskan isi gambar dalam kata-kata.")}
            )
        if problem := self.key_problem(cleaned):
            raise blocks.StructBlockValidationError(non_block_errors=[problem])
        return cleaned


def details() -> list[tuple[str, blocks.Block]]:
    """The fields that stand below the options of every kind."""
    return [
        ("explanation", blocks.TextBlock(label="Pembahasan", rows=3, required=False)),
        ("topic", blocks.CharBlock(label="Topik", required=False, max_length=60)),
        (
            "difficulty",
            blocks.ChoiceBlock(label="Tingkat kesulitan", choices=Difficulty.choices, default=Difficulty.MEDIUM),
        ),
        ("marks", blocks.IntegerBlock(label="Poin", default=1, min_value=1, max_value=20)),
        ("legal_source", SnippetChooserBlock("courses.LegalSource", label="Dasar hukum", required=False)),
        (
            "needs_verification",
            blocks.BooleanBlock(
                label="Perlu verifikasi", required=False, help_text="Isinya belum dicocokkan dengan naskah resmi."
            ),
        ),
    ]


def options(child: blocks.Block) -> blocks.ListBlock:
    return blocks.ListBlock(child, label="Pilihan jawaban", min_num=2, max_num=8, collapsed=True)


def repeated_text(value) -> bool:
    texts = [option["text"].strip().casefold() for option in value["options"]]
    return len(texts) != len(set(texts))


class SingleBlock(QuestionBlock):
    def __init__(self, **kwargs):
        super().__init__([("options", options(OptionBlock())), *details()], **kwargs)

    def key_problem(self, value) -> str:
        if sum(option["right"] for option in value["options"]) != 1:
            return "Tandai tepat satu pilihan sebagai benar."
        return "Ada dua pilihan yang sama bunyinya." if repeated_text(value) else ""

    class Meta:
        label = QuestionKind.SINGLE.label
        icon = "radio-full"
        label_format = "{text}"


class MultipleBlock(SingleBlock):
    def key_problem(self, value) -> str:
        if sum(option["right"] for option in value["options"]) < 2:
            return "Tandai paling sedikit dua pilihan sebagai benar."
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
            ("feedback_true", blocks.TextBlock(label="Umpan balik bagi yang memilih Benar", rows=2, required=False)),
            ("feedback_false", blocks.TextBlock(label="Umpan balik bagi yang memilih Salah", rows=2, required=False)),
        ]
        super().__init__([*answers, *details()], **kwargs)

    def key_problem(self, value) -> str:
        return ""

    class Meta:
        label = QuestionKind.TRUE_FALSE.label
        icon = "check"
        label_format = "{text}"


class SituationalBlock(QuestionBlock):
    def __init__(self, **kwargs):
        super().__init__([("options", options(RatedOptionBlock())), *details()], **kwargs)

    def key_problem(self, value) -> str:
        if sum(option["fraction"] == 1 for option in value["options"]) != 1:
            return "Beri bobot 1 kepada tepat satu tindakan, yang terbaik."
        return "Ada dua tindakan yang sama bunyinya." if repeated_text(value) else ""

    class Meta:
        label = QuestionKind.SITUATIONAL.label
        icon = "group"
        label_format = "{text}"


QUESTION_BLOCKS = [
    (QuestionKind.SINGLE.value, SingleBlock()),
    (QuestionKind.MULTIPLE.value, MultipleBlock()),
    (QuestionKind.TRUE_FALSE.value, TrueFalseBlock()),
    (QuestionKind.SITUATIONAL.value, SituationalBlock()),
]
