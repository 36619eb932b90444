"""A paper as somebody's phone would take it."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw


def scan(*lines: str, name: str = "pindaian.png") -> SimpleUploadedFile:
    """A picture of a sheet with ``lines`` in its middle."""
    picture = Image.new("RGB", (840, 594), "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((24, 24, 815, 569), outline="navy", width=4)
    for line, words in enumerate(lines):
        pen.text((300, 200 + 60 * line), words, fill="black")
    file = BytesIO()
    picture.save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue())
