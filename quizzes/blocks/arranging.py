"""Questions answered by putting things in order or together."""

from wagtail import blocks

from quizzes.choices import QuestionKind

from .base import QuestionBlock, has_repeated
from .folding import NamedBlock


class OrderingBlock(QuestionBlock):
    def __init__(self, **kwargs):
        steps = blocks.ListBlock(
            blocks.CharBlock(label="Langkah", max_length=300),
            label="Langkah dalam urutan yang benar",
            min_num=3,
            max_num=10,
            help_text="Peserta menerimanya teracak. Setiap langkah yang menyusul langkah yang tepat mendapat nilai.",
        )
        super().__init__([("steps", steps)], **kwargs)

    def key_problem(self, value) -> str:
        return "Ada dua langkah yang sama bunyinya." if has_repeated(value["steps"]) else ""

    class Meta:
        label = QuestionKind.ORDERING.label
        icon = "list-ol"
        label_format = "{text}"


class PairBlock(NamedBlock):
    stem = blocks.CharBlock(label="Pernyataan", max_length=300)
    match = blocks.CharBlock(label="Pasangannya", max_length=200)

    class Meta:
        label = "Pasangan"
        label_format = "{stem} – {match}"


class MatchingBlock(QuestionBlock):
    def __init__(self, **kwargs):
        pairs = blocks.ListBlock(PairBlock(), label="Pasangan", min_num=2, max_num=10, collapsed=True)
        others = blocks.ListBlock(
            blocks.CharBlock(label="Pengecoh", max_length=200),
            label="Pengecoh tanpa pasangan",
            max_num=10,
            default=[],
            help_text="Pilihan tambahan yang tidak cocok dengan pernyataan mana pun; boleh kosong.",
        )
        super().__init__([("pairs", pairs), ("distractors", others)], **kwargs)

    def key_problem(self, value) -> str:
        if has_repeated(pair["stem"] for pair in value["pairs"]):
            return "Ada dua pernyataan yang sama bunyinya."
        if has_repeated([*{pair["match"] for pair in value["pairs"]}, *value["distractors"]]):
            return "Ada pengecoh yang sama bunyinya dengan sebuah pasangan."
        return ""

    class Meta:
        label = QuestionKind.MATCHING.label
        icon = "link"
        label_format = "{text}"
