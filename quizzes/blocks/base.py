"""What the blocks of all question kinds share. Each checks its own key; drafts may be incomplete."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from quizzes.choices import Difficulty
from quizzes.kinds.written import folded

from .bank import TopicBlock
from .folding import FoldedBlock

TEXT_FEATURES = ["bold", "italic", "ol", "ul"]
# One block for all kinds: the editor of fifty questions reads the tree once.
TOPIC = TopicBlock(label="Topik", required=False)


def picture_group() -> BlockGroup:
    return BlockGroup(
        ["image", "image_alt"], heading="Gambar", icon="image", classname="collapsed", label_format="{image_alt}"
    )


def picture() -> list[tuple[str, blocks.Block]]:
    """A picture and what it shows in words; ``require_alt`` checks that one does not come without the other."""
    return [
        ("image", ImageChooserBlock(label="Gambar", required=False)),
        (
            "image_alt",
            blocks.CharBlock(
                label="Isi gambar dalam kata-kata", required=False, max_length=250, help_text="Wajib bila ada gambar."
            ),
        ),
    ]


def require_alt(value) -> None:
    if value["image"] and not value["image_alt"]:
        raise blocks.StructBlockValidationError(
            block_errors={"image_alt": ValidationError("Tuliskan isi gambar dalam kata-kata.")}
        )


def details() -> list[tuple[str, blocks.Block]]:
    """The fields that stand below the answers of every kind."""
    return [
        (
            "feedback",
            blocks.TextBlock(
                label="Umpan balik umum",
                rows=2,
                required=False,
                help_text="Ditunjukkan sesudah kuis kepada semua, apa pun jawabannya.",
            ),
        ),
        (
            "explanation",
            blocks.TextBlock(
                label="Pembahasan",
                rows=3,
                required=False,
                help_text="Mengapa jawaban itu yang tepat; sebutkan aturan atau langkahnya.",
            ),
        ),
        ("topic", TOPIC),
        (
            "difficulty",
            blocks.ChoiceBlock(label="Tingkat kesulitan", choices=Difficulty.choices, default=Difficulty.MEDIUM),
        ),
        (
            "marks",
            blocks.IntegerBlock(
                label="Poin", default=1, min_value=1, max_value=20, help_text="Bobot soal ini dalam nilai akhir."
            ),
        ),
        ("legal_source", SnippetChooserBlock("courses.LegalSource", label="Dasar hukum", required=False)),
        (
            "needs_verification",
            blocks.BooleanBlock(
                label="Perlu verifikasi", required=False, help_text="Isinya belum dicocokkan dengan naskah resmi."
            ),
        ),
    ]


def details_group() -> BlockGroup:
    return BlockGroup(
        ["topic", "difficulty", "marks", "legal_source", "needs_verification"],
        heading="Topik, tingkat, poin, dasar hukum",
        icon="tag",
        classname="collapsed",
        label_format="{topic}",
    )


def fraction_block(label: str, help_text: str, *, least: int = -1, **kwargs) -> blocks.DecimalBlock:
    return blocks.DecimalBlock(
        label=label,
        min_value=Decimal(least),
        max_value=Decimal(1),
        max_digits=6,
        decimal_places=5,
        help_text=help_text,
        **kwargs,
    )


def feedback_block(label: str = "Umpan balik") -> blocks.TextBlock:
    return blocks.TextBlock(
        label=label, rows=2, required=False, help_text="Ditunjukkan sesudah kuis kepada yang menjawab begini."
    )


class QuestionBlock(FoldedBlock):
    """What all kinds share. Subclasses bring their answers and say in ``key_problem`` what is wrong with the key.

    In the editor the answers stand right below the text; picture and details are folded away.
    """

    text = blocks.RichTextBlock(label="Soal", features=TEXT_FEATURES)

    def __init__(self, answers: list[tuple[str, blocks.Block]], **kwargs):
        self.answer_names = [name for name, _block in answers]
        super().__init__([*answers, *picture(), *details()], **kwargs)

    def get_form_layout(self) -> BlockGroup:
        return BlockGroup(["text", *self.answer_names, "feedback", "explanation", picture_group(), details_group()])

    def key_problem(self, value) -> str:
        """Return a sentence about the first fault of the key, or an empty string."""
        raise NotImplementedError

    def clean(self, value):
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        require_alt(cleaned)
        if problem := self.key_problem(cleaned):
            raise blocks.StructBlockValidationError(non_block_errors=[problem])
        return cleaned


def has_repeated(texts) -> bool:
    compared = [folded(text) for text in texts]
    return len(compared) != len(set(compared))
