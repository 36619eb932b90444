"""How long a lesson takes to read and how many bytes it costs on a slow link."""

import gzip
import math
import re
from dataclasses import dataclass

from django.utils.html import strip_tags
from django.utils.safestring import SafeString

WORDS_PER_MINUTE = 180
PICTURE_WIDTH = 720
HEAVY_BYTES = 300 * 1024


@dataclass(frozen=True)
class Measure:
    """``html`` is the rendered body; ``size`` counts it compressed, with its pictures, in bytes."""

    html: SafeString
    words: int
    minutes: int
    size: int
    limit = HEAVY_BYTES

    @property
    def is_heavy(self) -> bool:
        return self.size > self.limit


def reading_minutes(words: int) -> int:
    """Whole minutes, at least one, at the pace of careful reading on a phone."""
    return max(1, math.ceil(words / WORDS_PER_MINUTE))


def measure(page) -> Measure:
    """Render the body of a lesson page once and measure it."""
    html: SafeString = page.body.render_as_block(context={"page": page})
    words = len(re.findall(r"\w+", strip_tags(html)))
    size = len(gzip.compress(html.encode(), mtime=0))
    for block in page.body:
        if block.block_type == "image" and block.value.get("image"):
            size += block.value["image"].get_rendition(f"width-{PICTURE_WIDTH}|format-webp").file.size
        if block.block_type == "video" and block.value.get("poster"):
            size += block.value["poster"].get_rendition(f"width-{PICTURE_WIDTH}|format-webp").file.size
    return Measure(html=html, words=words, minutes=reading_minutes(words), size=size)
