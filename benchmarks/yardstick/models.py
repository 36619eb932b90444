"""One page type with a body of six blocks."""

from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page


class ArticlePage(Page):
    """Heading, text, picture, quotation, list and a link to another page."""

    body = StreamField(
        [
            ("heading", blocks.CharBlock()),
            ("text", blocks.RichTextBlock()),
            ("picture", ImageChooserBlock()),
            ("quotation", blocks.BlockQuoteBlock()),
            ("steps", blocks.ListBlock(blocks.CharBlock())),
            ("more", blocks.PageChooserBlock()),
        ]
    )
