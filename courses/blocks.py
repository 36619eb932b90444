"""The blocks a lesson is written in."""

from wagtail import blocks

LESSON_BLOCKS = [("heading", blocks.CharBlock(label="Judul bagian"))]
