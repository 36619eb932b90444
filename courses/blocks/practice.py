"""Blocks that are tried: the case and the quick check. Both answer without a script and grade nothing."""

from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from .text import SafeRichTextBlock


class ChoiceQuality:
    BEST, FAIR, POOR = "best", "fair", "poor"
    choices = ((BEST, "Paling tepat"), (FAIR, "Cukup"), (POOR, "Kurang tepat"))


class CaseChoiceBlock(blocks.StructBlock):
    text = blocks.TextBlock(label="Pilihan", rows=2)
    consequence = blocks.TextBlock(label="Akibat", rows=3)
    quality = blocks.ChoiceBlock(label="Mutu", choices=ChoiceQuality.choices, default=ChoiceQuality.FAIR)

    class Meta:
        label = "Pilihan"
        label_format = "{quality}: {text}"


class CaseBlock(blocks.StructBlock):
    """Situasi → pilihan → akibat."""

    title = blocks.CharBlock(label="Judul", max_length=120)
    setting = blocks.CharBlock(label="Tempat dan waktu", max_length=160)
    situation = SafeRichTextBlock(label="Situasi")
    quote = blocks.TextBlock(label="Ucapan orang di depan Anda", required=False, rows=2)
    choices = blocks.ListBlock(CaseChoiceBlock(), label="Pilihan", min_num=2, max_num=6)

    def clean(self, value):
        value = super().clean(value)
        if not self.is_deferred_validation and not any(
            choice["quality"] == ChoiceQuality.BEST for choice in value["choices"]
        ):
            raise _choices_problem("choices", "Tandai sedikitnya satu pilihan sebagai “Paling tepat”.")
        return value

    class Meta:
        label = "Kasus: situasi → pilihan → akibat"
        icon = "group"
        template = "courses/blocks/case.html"
        label_format = "Kasus: {title}"


class QuickCheckOptionBlock(blocks.StructBlock):
    text = blocks.TextBlock(label="Pilihan", rows=2)
    correct = blocks.BooleanBlock(label="Tepat", required=False)
    feedback = blocks.TextBlock(label="Umpan balik", rows=2)

    class Meta:
        label = "Pilihan"
        label_format = "{text}"


class QuickCheckBlock(blocks.StructBlock):
    """One question with feedback, never graded."""

    question = blocks.TextBlock(label="Pertanyaan", rows=2)
    options = blocks.ListBlock(QuickCheckOptionBlock(), label="Pilihan", min_num=2, max_num=6)
    explanation = blocks.TextBlock(label="Penjelasan", required=False, rows=2)

    def clean(self, value):
        value = super().clean(value)
        right = sum(bool(option["correct"]) for option in value["options"])
        if not self.is_deferred_validation and right != 1:
            raise _choices_problem("options", "Tandai tepat satu pilihan sebagai jawaban yang tepat.")
        return value

    class Meta:
        label = "Cek cepat"
        icon = "help"
        template = "courses/blocks/quick_check.html"
        label_format = "Cek cepat: {question}"


def _choices_problem(field: str, sentence: str) -> StructBlockValidationError:
    problem = ListBlockValidationError(non_block_errors=ErrorList([ValidationError(sentence)]))
    return StructBlockValidationError(block_errors={field: problem})
