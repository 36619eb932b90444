"""The blocks a lesson is written in. Their names are the keys of the content files."""

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

__all__ = [
    "LESSON_BLOCKS",
    "CalloutBlock",
    "CaseBlock",
    "FileBlock",
    "HeadingBlock",
    "ImageBlock",
    "QuickCheckBlock",
    "SafeRichTextBlock",
    "StepsBlock",
    "TableBlock",
    "TariffBlock",
    "VideoBlock",
]
