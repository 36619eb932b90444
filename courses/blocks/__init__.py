"""The blocks a lesson is written in. Their names are the keys of the content files."""

from wagtail import blocks

from .media import FileBlock, ImageBlock, VideoBlock
from .practice import CaseBlock, QuickCheckBlock
from .text import CalloutBlock, HeadingBlock, SafeRichTextBlock, StepsBlock, TableBlock, TariffBlock

LESSON_BLOCKS = [
    ("heading", HeadingBlock()),
    ("text", SafeRichTextBlock()),
    ("image", ImageBlock()),
    ("callout", CalloutBlock()),
    ("steps", StepsBlock()),
    ("table", TableBlock()),
    ("case", CaseBlock()),
    ("quick_check", QuickCheckBlock()),
    ("tariff", TariffBlock()),
    ("video", VideoBlock()),
    ("file", FileBlock()),
]


class LessonBody(blocks.StreamBlock):
    """All of a lesson, without Wagtail's wrapper around each block: the page's own style gives the rhythm."""

    def __init__(self, **kwargs):
        super().__init__(LESSON_BLOCKS, **kwargs)

    class Meta:
        template = "courses/blocks/body.html"


__all__ = [
    "LESSON_BLOCKS",
    "CalloutBlock",
    "CaseBlock",
    "FileBlock",
    "HeadingBlock",
    "ImageBlock",
    "LessonBody",
    "QuickCheckBlock",
    "SafeRichTextBlock",
    "StepsBlock",
    "TableBlock",
    "TariffBlock",
    "VideoBlock",
]
