"""Blocks that are read: heading, rich text, callout, steps, table, tariffs."""

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock, TypedTableBlockValidationError
from wagtail.rich_text import RichText
from wagtail.snippets.blocks import SnippetChooserBlock

from courses.rich_text import FEATURES, sanitised


class HeadingBlock(blocks.CharBlock):
    """A heading of the lesson's second level; its words are its anchor."""

    def __init__(self, **kwargs):
        super().__init__(max_length=120, **kwargs)

    def get_context(self, value, parent_context=None):
        return {**super().get_context(value, parent_context), "anchor": slugify(value)}

    class Meta:
        label = "Judul bagian"
        icon = "title"
        template = "courses/blocks/heading.html"


class SafeRichTextBlock(blocks.RichTextBlock):
    """Rich text held to the allowlist of ``courses.rich_text`` whenever it is stored."""

    def __init__(self, **kwargs):
        kwargs.setdefault("features", FEATURES)
        super().__init__(**kwargs)

    def get_prep_value(self, value):
        return sanitised(super().get_prep_value(value) or "")

    def normalize(self, value):
        value = super().normalize(value)
        return RichText(sanitised(value.source)) if isinstance(value, RichText) else value

    class Meta:
        label = "Teks"
        icon = "pilcrow"
        template = "courses/blocks/text.html"


class CalloutBlock(blocks.StructBlock):
    """A boxed remark. One about the law may name its legal source, whose state then shows beside it."""

    kind = blocks.ChoiceBlock(
        label="Jenis",
        choices=[
            ("hukum", "Dasar hukum"),
            ("ingat", "Ingat"),
            ("hati", "Hati-hati"),
            ("verifikasi", "Perlu diverifikasi"),
        ],
        default="ingat",
    )
    title = blocks.CharBlock(label="Judul", max_length=100, required=False)
    text = SafeRichTextBlock(label="Teks")
    source = SnippetChooserBlock(
        "courses.LegalSource", label="Dasar hukum", required=False, help_text="Statusnya tampil di samping kotak ini."
    )

    class Meta:
        label = "Kotak catatan"
        icon = "info-circle"
        template = "courses/blocks/callout.html"
        label_format = "Catatan: {title}"


class StepsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="Judul", max_length=100)
    items = blocks.ListBlock(
        SafeRichTextBlock(label="Langkah", features=["bold", "italic"]), label="Langkah", min_num=2
    )

    class Meta:
        label = "Langkah-langkah"
        icon = "list-ol"
        template = "courses/blocks/steps.html"
        label_format = "Langkah: {title}"


class TableBlock(TypedTableBlock):
    """A typed table. Caption and column headings are required: a screen reader needs both."""

    text = blocks.CharBlock(label="Teks", required=False)
    number = blocks.DecimalBlock(label="Angka", required=False)

    def clean(self, table):
        table = super().clean(table)
        if self.is_deferred_validation:
            return table
        problems = []
        if not (table.caption or "").strip():
            problems.append("Isi keterangan tabel, supaya pembaca layar dapat menyebutkannya.")
        if not table.columns or not all((column["heading"] or "").strip() for column in table.columns):
            problems.append("Isi judul setiap kolom.")
        if problems:
            raise TypedTableBlockValidationError(
                cell_errors=None, non_block_errors=[ValidationError(problem) for problem in problems]
            )
        return table

    def get_context(self, value, parent_context=None):
        headings = [column["heading"] for column in value.columns]
        rows = [list(zip(headings, row, strict=True)) for row in value.rows]
        return {**super().get_context(value, parent_context), "headings": headings, "rows": rows}

    class Meta:
        label = "Tabel"
        icon = "table"
        template = "courses/blocks/table.html"


class TariffBlock(blocks.StructBlock):
    """Fees by reference: the figures stand in the tariff snippets and nowhere else."""

    tariffs = blocks.ListBlock(SnippetChooserBlock("courses.Tariff", label="Tarif"), label="Tarif", min_num=1)

    def get_context(self, value, parent_context=None):
        return {
            **super().get_context(value, parent_context),
            "tariffs": [tariff for tariff in value["tariffs"] if tariff],
        }

    class Meta:
        label = "Tabel tarif"
        icon = "tag"
        template = "courses/blocks/tariff.html"
