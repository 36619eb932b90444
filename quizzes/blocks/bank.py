"""What a quiz page takes from the question bank, and the topic that both file their questions under."""

from django import forms
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from courses.models import Topic
from quizzes.choices import Difficulty

FROM_BANK = "from_bank"
DRAW = "draw"


class TopicField(forms.ChoiceField):
    def valid_value(self, value) -> bool:
        """Asked once for all questions of a page, where it is compiled (``content.unknown_topics``)."""
        return True


class TopicBlock(blocks.FieldBlock):
    """A slug chosen from the tree. The names are read when the editor is drawn, not for each question."""

    def __init__(self, required: bool = True, help_text: str | None = None, **kwargs):
        self.field = TopicField(choices=self._choices, required=required, help_text=help_text)
        super().__init__(**kwargs)

    def _choices(self) -> list[tuple[str, str]]:
        return [("", "Pilih topik" if self.field.required else "Tanpa topik"), *Topic.objects.tree().choices()]

    def deconstruct(self):
        """For migrations it is the text that it stores."""
        _path, args, kwargs = super().deconstruct()
        return "wagtail.blocks.CharBlock", args, {**kwargs, "max_length": 60}


def _least(difficulty: Difficulty) -> blocks.IntegerBlock:
    return blocks.IntegerBlock(
        label=f"Sedikitnya {difficulty.label.lower()}", required=False, default=0, min_value=0, max_value=100
    )


class DrawBlock(blocks.StructBlock):
    """So many questions from a topic and what stands under it, chosen anew for each attempt."""

    topic = TopicBlock(label="Topik", help_text="Soal dari topik di bawahnya ikut diambil.")
    count = blocks.IntegerBlock(label="Jumlah soal", min_value=1, max_value=100, default=5)
    easy = _least(Difficulty.EASY)
    medium = _least(Difficulty.MEDIUM)
    hard = _least(Difficulty.HARD)

    def clean(self, value):
        cleaned = super().clean(value)
        if not self.is_deferred_validation and sum(least_of(cleaned).values()) > cleaned["count"]:
            raise blocks.StructBlockValidationError(
                non_block_errors=["Soal mudah, sedang, dan sulit bersama-sama melebihi jumlah soal yang diambil."]
            )
        return cleaned

    class Meta:
        label = "Ambil acak dari bank"
        icon = "rotate"
        label_format = "{count} soal: {topic}"


def least_of(value) -> dict[str, int]:
    """How many questions of each difficulty a draw asks for at least."""
    return {difficulty: value[difficulty] or 0 for difficulty in Difficulty.values}


BANK_BLOCKS = [
    (FROM_BANK, SnippetChooserBlock("quizzes.BankQuestion", label="Soal dari bank", icon="folder-open-1")),
    (DRAW, DrawBlock()),
]
