"""Blocks that carry a file: image, video, download. What a screen reader or a deaf officer needs is required."""

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from .text import SafeRichTextBlock


class ImageBlock(blocks.StructBlock):
    """A picture that teaches. Decorative pictures have no place in a lesson, so words for it are required."""

    image = ImageChooserBlock(label="Gambar")
    alt = blocks.CharBlock(
        label="Teks pengganti",
        max_length=250,
        help_text="Katakan apa yang terlihat dan mengapa penting, bagi yang tidak dapat melihat gambar.",
    )
    caption = blocks.CharBlock(label="Keterangan", max_length=250, required=False)

    class Meta:
        label = "Gambar"
        icon = "image"
        template = "courses/blocks/image.html"
        label_format = "Gambar: {alt}"


class VideoBlock(blocks.StructBlock):
    title = blocks.CharBlock(label="Judul", max_length=120)
    video = DocumentChooserBlock(label="Video (MP4)")
    poster = ImageChooserBlock(label="Gambar pembuka")
    captions = DocumentChooserBlock(label="Takarir (VTT)", help_text="Wajib: banyak personel menonton tanpa suara.")
    transcript = SafeRichTextBlock(label="Transkrip")

    def clean(self, value):
        value = super().clean(value)
        problems = {
            field: ValidationError(f"Pilih berkas {extension.upper()}.")
            for field, extension in (("video", "mp4"), ("captions", "vtt"))
            if value[field] and value[field].file_extension.lower() != extension
        }
        if problems:
            raise StructBlockValidationError(block_errors=problems)
        return value

    class Meta:
        label = "Video"
        icon = "media"
        template = "courses/blocks/video.html"
        label_format = "Video: {title}"


class FileBlock(blocks.StructBlock):
    document = DocumentChooserBlock(label="Berkas")
    note = blocks.CharBlock(label="Keterangan", max_length=160, required=False)

    class Meta:
        label = "Berkas unduhan"
        icon = "doc-full"
        template = "courses/blocks/file.html"
